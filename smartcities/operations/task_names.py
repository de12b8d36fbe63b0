"""What the tasks of the clock are called for who runs the portal, and when they run, in words."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab, maybe_schedule
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

# By the name of the task; a test fails for one that the clock starts and that has none.
NAMES = {
    "accounts.tasks.carry_out_retention": _("Konten: Fristen einhalten"),
    "asking.tasks.carry_out_retention": _("Fragen: Fristen einhalten"),
    "asking.tasks.pass_on": _("Fragen: ohne Antwort an die Geschäftsstelle geben"),
    "asking.tasks.remind": _("Fragen: an die Antwort erinnern"),
    "communities.tasks.carry_out_retention": _("Gemeinschaften: Fristen einhalten"),
    "communities.tasks.deliver_messages": _("Gemeinschaften: Rundmails auf den Weg bringen"),
    "communities.tasks.nudge": _("Gemeinschaften: an wartende Anfragen erinnern"),
    "communities.tasks.remove_unreferenced_files": _("Gemeinschaften: übrige Dateien löschen"),
    "consulting.tasks.carry_out_retention": _("Start Smart: Fristen einhalten"),
    "consulting.tasks.release_expired": _("Start Smart: verfallene Zeiten freigeben"),
    "consulting.tasks.remind": _("Start Smart: an Termine erinnern"),
    "events.tasks.carry_out_retention": _("Veranstaltungen: Fristen einhalten"),
    "events.tasks.nudge_for_minutes": _("Veranstaltungen: an fehlende Protokolle erinnern"),
    "events.tasks.remind_of_tasks": _("Veranstaltungen: an Aufgaben aus Protokollen erinnern"),
    "events.tasks.release_expired": _("Veranstaltungen: verfallene Plätze freigeben"),
    "events.tasks.remind": _("Veranstaltungen: an Termine erinnern"),
    "mailing.tasks.deliver": _("E-Mails senden"),
    "mailing.tasks.purge": _("E-Mails: Texte nach der Frist löschen"),
    "opendata.tasks.write_snapshot": _("Offene Daten: Datei der Nacht schreiben"),
    "projects.tasks.ask_owners": _("Katalog: fragen, ob Einträge noch stimmen"),
    "projects.tasks.ask_whether_still_true": _("Nachnutzung: einmal im Jahr nachfragen"),
    "projects.tasks.carry_out_retention": _("Nachnutzung: Fristen einhalten"),
    "projects.tasks.fold_changes": _("Gezählte Änderungen zusammenfassen"),
    "projects.tasks.forget_missed_words": _("Suche: alte Wörter ohne Treffer löschen"),
    "projects.tasks.forget_old_revisions": _("Katalog: alte Fassungen löschen"),
    "projects.tasks.forget_uploaded_tables": _("Katalog: liegen gebliebene Tabellen löschen"),
    "projects.tasks.pass_statements_on": _("Nachnutzung: an die Redaktion weitergeben"),
    "projects.tasks.refresh_search": _("Suche: auf den Stand bringen"),
    "smartcities.tasks.forget_barrier_reports": _("Barrieren: beantwortete Meldungen löschen"),
    "smartcities.tasks.heartbeat": _("Lebenszeichen der Zeitsteuerung"),
    "subscribing.tasks.carry_out_retention": _("Abonnements: Fristen einhalten"),
    "subscribing.tasks.tell_of_openings": _("Abonnements: sagen, dass eine Anmeldung öffnet"),
    "subscribing.tasks.tell_of_the_week": _("Abonnements und Gruppen: Wochenmail"),
}

_DAYS = (
    _("sonntags"),
    _("montags"),
    _("dienstags"),
    _("mittwochs"),
    _("donnerstags"),
    _("freitags"),
    _("samstags"),
)
_WORKING_DAYS = {1, 2, 3, 4, 5}


def name_of(task: str) -> str:
    return str(NAMES.get(task, task))


def rhythm_of(schedule: Any) -> str:
    """„alle 10 Sekunden“, „täglich um 3:40 Uhr“, „freitags um 6:30 Uhr“."""
    one = maybe_schedule(schedule)
    if not isinstance(one, crontab):
        return _every(one.run_every)
    minutes = sorted(one.minute)
    if len(one.hour) > 1 and len(minutes) > 1:
        every = _every(timedelta(minutes=minutes[1] - minutes[0]))
        if len(one.hour) == 24:
            return every
        return _t("%(day)s von %(first)d bis %(last)d Uhr, %(every)s") % {
            "day": _days(one.day_of_week),
            "first": min(one.hour),
            "last": max(one.hour) + 1,
            "every": every,
        }
    times = ", ".join(f"{hour}:{minute:02}" for hour in sorted(one.hour) for minute in minutes)
    return _t("%(day)s um %(times)s Uhr") % {"day": _days(one.day_of_week), "times": times}


def _every(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    if seconds % 60:
        return _t("jede Sekunde") if seconds == 1 else _t("alle %d Sekunden") % seconds
    minutes = seconds // 60
    return _t("jede Minute") if minutes == 1 else _t("alle %d Minuten") % minutes


def _days(days: set[int]) -> str:
    if len(days) == 7:
        return _t("täglich")
    if days == _WORKING_DAYS:
        return _t("montags bis freitags")
    return ", ".join(str(_DAYS[day]) for day in sorted(days))
