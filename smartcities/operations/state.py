"""How the portal is, for who runs it: facts in German, and for each one that is wrong what to do.

Nothing here is about a person: counts, ages and names of programs only.
"""

import platform
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import date as date_format
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finding import search
from finding.models import CatalogueVersion, SearchDocument, SearchState
from mailing import outbox
from mailing.models import Email
from smartcities.operations import readiness
from smartcities.operations.backup import BackupError
from smartcities.operations.backup.programs import client
from smartcities.operations.regular_tasks import (
    BACKUP,
    BACKUP_MAY_AGE,
    HEARTBEAT,
    RegularTask,
    scheduled,
)
from smartcities.operations.task_names import name_of, rhythm_of

# The search is brought in step each minute; one that stays behind longer is not.
SEARCH_MAY_LAG = timedelta(minutes=5)
# Less room than this, or than a tenth, and uploads, e-mails of the try-out or the database soon find none.
LEAST_ROOM, LEAST_SHARE = 2 * 1024**3, 0.1


@dataclass(frozen=True, slots=True)
class Fact:
    """One line. Where something is wrong it says what to do, and where."""

    label: str
    value: str
    remedy: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TaskLine:
    name: str
    rhythm: str
    last: datetime | None
    succeeded: datetime | None
    next: datetime
    remedy: str = ""


# Health -------------------------------------------------------------------------------------------

PARTS = {
    "database": gettext_lazy("Datenbank"),
    "migrations": gettext_lazy("Tabellen"),
    "outbox": gettext_lazy("E-Mails"),
    "beat": gettext_lazy("Zeitsteuerung"),
    "tasks": gettext_lazy("Regelmäßige Aufgaben"),
    "broker": gettext_lazy("Warteschlange (Valkey)"),
}
WORDS = {
    readiness.OK: gettext_lazy("in Ordnung"),
    readiness.DOWN: gettext_lazy("nicht erreichbar"),
    readiness.HANGS: gettext_lazy("antwortet nicht"),
    readiness.LATE: gettext_lazy("verspätet"),
    readiness.MISSING: gettext_lazy("nicht auf dem Stand des Programms"),
    readiness.UNKNOWN: gettext_lazy("nicht bekannt"),
}
REMEDIES = {
    "database": gettext_lazy(
        "Prüfen Sie, ob PostgreSQL läuft und ob DATABASE_URL stimmt. Solange geht nichts anderes."
    ),
    "migrations": gettext_lazy(
        "Rufen Sie „manage.py migrate“ auf. Was fehlt, steht unter „Stand“."
    ),
    "outbox": gettext_lazy(
        "Öffnen Sie „E-Mails“ mit dem Filter „hängt“: Dort stehen die Worte des Mailservers. Läuft kein "
        "Worker, dann starten Sie ihn."
    ),
    "beat": gettext_lazy(
        "Starten Sie Zeitsteuerung (beat) und Worker neu. Bis dahin gehen keine Erinnerungen hinaus."
    ),
    "tasks": gettext_lazy(
        "Welche Aufgabe ausgeblieben ist und was zu tun ist, steht unter „Aufgaben“."
    ),
    "broker": gettext_lazy(
        "Prüfen Sie, ob Valkey läuft und ob REDIS_URL stimmt. Verloren ist nichts, E-Mails warten."
    ),
}


def health() -> list[Fact]:
    """The same words as `/readyz`."""
    return [
        Fact(
            str(PARTS[part]),
            str(WORDS[word]),
            "" if word == readiness.OK else _remedy_of(part, word),
        )
        for part, word in readiness.readiness().items()
    ]


def _remedy_of(part: str, word: str) -> str:
    if word == readiness.UNKNOWN:
        return _("Das lässt sich erst sagen, wenn die Datenbank wieder antwortet.")
    return str(REMEDIES[part])


# What runs ------------------------------------------------------------------------------------------


def stand() -> list[Fact]:
    loader = MigrationLoader(None)
    # As it is recorded: a loader takes one for applied if all that it replaces is, and `/readyz` does not.
    applied = MigrationRecorder(connection).applied_migrations().keys()
    known = loader.disk_migrations.keys()
    missing = sorted(f"{app} {name}" for app, name in known - applied)
    replaced = {one for migration in loader.disk_migrations.values() for one in migration.replaces}
    ours = {app for app, _name in known}
    newer = sorted(
        f"{app} {name}"
        for app, name in applied
        if app in ours and (app, name) not in known and (app, name) not in replaced
    )
    last = MigrationRecorder(connection).migration_qs.order_by("-applied").first()
    facts = [
        Fact(_("Portal"), version()),
        Fact(_("Python und Django"), f"{platform.python_version()}, {django.get_version()}"),
        Fact(_("PostgreSQL"), str(connection.pg_version // 10_000)),
        Fact(
            _("Angewandte Migrationen"),
            _("%(number)d, zuletzt am %(day)s")
            % {
                "number": len(known & applied),
                "day": date_format(timezone.localtime(last.applied), "j. F Y") if last else "–",
            },
        ),
        Fact(
            _("Fehlende Migrationen"),
            ", ".join(missing) or _("keine"),
            _(
                "Rufen Sie „manage.py migrate“ auf. Danach starten Sie Web, Worker und Zeitsteuerung neu."
            )
            if missing
            else "",
        ),
    ]
    if newer:
        remedy = _(
            "Die Datenbank ist neuer als das Programm. Starten Sie überall die neue Fassung. Zurück "
            "geht es nur mit der Sicherung, die davor gemacht wurde."
        )
        facts.append(Fact(_("Nur in der Datenbank"), ", ".join(newer), remedy))
    return facts


@cache
def version() -> str:
    """Which code runs, with its commit where that is known."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    commit = settings.PORTAL_COMMIT or _commit_of_checkout()
    return project["project"]["version"] + (f" ({commit})" if commit else "")


def _commit_of_checkout() -> str:
    """Read by hand: where the portal runs there need be no git. "" where nothing is known."""
    git = settings.BASE_DIR / ".git"
    try:
        if git.is_file():  # a worktree
            git = settings.BASE_DIR / git.read_text().partition("gitdir:")[2].strip()
        head = (git / "HEAD").read_text().strip()
        branch = head.partition("ref: ")[2]
        return (_commit_of(git, branch) if branch else head)[:7]
    except OSError:
        return ""


def _commit_of(git: Path, branch: str) -> str:
    common = git / "commondir"
    folder = git / common.read_text().strip() if common.is_file() else git
    if (folder / branch).is_file():
        return (folder / branch).read_text().strip()
    lines = (folder / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in lines if line.endswith(f" {branch}")), "")


# Backup ---------------------------------------------------------------------------------------------


def backup(now: datetime) -> list[Fact]:
    row = RegularTask.objects.filter(pk=BACKUP).first()
    return [_last_backup(row, now), *_failed_backup(row), _programs()]


def urgent(now: datetime) -> list[Fact]:
    """What is wrong and has no list of its own that the start page counts; cheap, with one query."""
    row = RegularTask.objects.filter(pk=BACKUP).first()
    facts = (_last_backup(row, now), *_failed_backup(row), *_disks())
    return [fact for fact in facts if fact.remedy]


def _last_backup(row: RegularTask | None, now: datetime) -> Fact:
    how = _(
        "Sichern Sie jede Nacht mit „manage.py backup DATEI --recipient SCHLÜSSEL“. Die Anleitung steht "
        "in docs/operations.md unter „Backup and restore“."
    )
    if row is None or row.succeeded_at is None:
        return Fact(_("Letzte Sicherung"), _("noch keine"), how)
    is_old = row.succeeded_at < now - BACKUP_MAY_AGE
    value = _("%(when)s, vor %(age)s") % {
        "when": _moment(row.succeeded_at),
        "age": _age(row.succeeded_at, now),
    }
    late = _("Die nächtliche Sicherung ist ausgeblieben. Sehen Sie nach, warum.")
    return Fact(_("Letzte Sicherung"), value, f"{late} {how}" if is_old else "")


def _failed_backup(row: RegularTask | None) -> Iterator[Fact]:
    if (
        row is None
        or row.failed_at is None
        or (row.succeeded_at and row.succeeded_at > row.failed_at)
    ):
        return
    remedy = _("Rufen Sie den Befehl noch einmal von Hand auf: Er sagt, woran es liegt.")
    yield Fact(_("Gescheiterte Sicherung"), f"{_moment(row.failed_at)}, {row.failure}", remedy)


def _programs() -> Fact:
    """pg_dump may lie on another machine than this page, so a missing one is only said, never red alone."""
    server = connection.pg_version // 10_000
    try:
        client("pg_dump", server=server)
    except BackupError as error:
        return Fact(_("Programm zum Sichern (pg_dump)"), _("fehlt auf diesem Rechner"), str(error))
    return Fact(_("Programm zum Sichern (pg_dump)"), _("passt zu PostgreSQL %d") % server)


# Tasks ----------------------------------------------------------------------------------------------


def tasks(now: datetime) -> list[TaskLine]:
    """Every one that the clock starts, also those that have never run; one query."""
    rows = {row.name: row for row in RegularTask.objects.all()}
    lines = []
    for name, schedule in scheduled().items():
        row = rows.get(name) or RegularTask(name=name, known_since=now)
        lines.append(
            TaskLine(
                name=name_of(name),
                rhythm=rhythm_of(schedule),
                last=row.started_at,
                succeeded=row.succeeded_at,
                next=row.next_at(now, scheduled()),
                remedy=_remedy_of_task(row, now),
            )
        )
    return sorted(lines, key=lambda line: (not line.remedy, line.name))


def _remedy_of_task(row: RegularTask, now: datetime) -> str:
    failed = row.failed_at is not None and (
        row.succeeded_at is None or row.failed_at > row.succeeded_at
    )
    if failed:
        return (
            _(
                "Beim letzten Mal gescheitert (%s). Suchen Sie im Protokoll des Workers nach diesem Wort. Die "
                "Aufgabe versucht es zur nächsten Zeit von selbst wieder."
            )
            % row.failure
        )
    if not row.is_overdue(now, scheduled()):
        return ""
    if row.name == HEARTBEAT or row.started_at is None:
        return _("Nicht begonnen. Laufen Zeitsteuerung (beat) und Worker? Starten Sie beide neu.")
    if row.succeeded_at is None or row.started_at > row.succeeded_at:
        return _(
            "Begonnen und nicht fertig geworden. Starten Sie den Worker neu, dann beginnt sie von vorn."
        )
    return _("Ausgeblieben. Laufen Zeitsteuerung (beat) und Worker? Starten Sie beide neu.")


# E-mails --------------------------------------------------------------------------------------------


def mails(now: datetime) -> list[Fact]:
    state = outbox.health(now)
    refused = Email.objects.refused_since_yesterday(now).count()
    rows = reverse("admin:mailing_email_changelist")
    is_late = bool(state.oldest_due and state.oldest_due < now - readiness.OUTBOX_MAY_LAG)
    return [
        Fact(_("Warten auf ihre Zeit"), str(state.waiting), url=f"{rows}?stand=wartet"),
        Fact(
            _("Hängen"),
            str(state.stuck),
            _("Öffnen Sie die Liste: Bei jeder stehen die Worte des Mailservers.")
            if state.stuck
            else "",
            f"{rows}?stand=haengt",
        ),
        Fact(
            _("Älteste, die hätte gehen sollen"),
            _("seit %s") % _age(state.oldest_due, now) if state.oldest_due else _("keine"),
            _(
                "Prüfen Sie Worker, EMAIL_URL und den Mailserver. Sobald er wieder annimmt, gehen alle von selbst."
            )
            if is_late
            else "",
        ),
        Fact(
            _("Seit gestern abgelehnt"),
            str(refused),
            _(
                "Meist stimmt eine Adresse nicht. Sind es viele, dann lehnt ein Mailserver das Portal ab."
            )
            if refused
            else "",
            f"{rows}?stand=seit-gestern-abgelehnt",
        ),
    ]


# Room -----------------------------------------------------------------------------------------------


def room() -> list[Fact]:
    """Of the disks, and how large the database is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return [*_disks(), Fact(_("Größe der Datenbank"), filesizeformat(size))]


def _disks() -> list[Fact]:
    """Each disk that the portal writes to, once."""
    places: dict[int, tuple[list[str], Path]] = {}
    for label, folder in (
        (_("Arbeitsordner"), Path(settings.VAR_DIR)),
        (_("Hochgeladenes"), Path(settings.MEDIA_ROOT)),
        (_("Offene Daten"), Path(settings.OPEN_DATA_FOLDER)),
    ):
        there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        labels, _folder = places.setdefault(there.stat().st_dev, ([], there))
        labels.append(label)
    return [_free(", ".join(labels), folder) for labels, folder in places.values()]


def _free(label: str, folder: Path) -> Fact:
    usage = shutil.disk_usage(folder)
    is_short = usage.free < LEAST_ROOM or usage.free < LEAST_SHARE * usage.total
    value = _("%(free)s von %(total)s frei") % {
        "free": filesizeformat(usage.free),
        "total": filesizeformat(usage.total),
    }
    remedy = _(
        "Schaffen Sie Platz: alte Sicherungen und Protokolle woandershin, oder ein größeres Laufwerk."
    )
    return Fact(label, value, remedy if is_short else "")


# Search ---------------------------------------------------------------------------------------------


def search_index(now: datetime) -> list[Fact]:
    state, version_now = SearchState.objects.first(), CatalogueVersion.objects.first()
    label = _("Stand des Suchindex")
    if state is None:
        return [Fact(label, _("noch nicht gebaut, das geschieht mit der ersten Suche"))]
    documents = SearchDocument.objects.count()
    built = ngettext("%d Eintrag", "%d Einträge", documents) % documents
    behind = search.is_behind(state)
    is_late = behind and version_now is not None and version_now.changed_at < now - SEARCH_MAY_LAG
    remedy = _(
        "Neues ist nicht zu finden. Sehen Sie unter „Aufgaben“ nach „Suche: auf den Stand bringen“; ohne Worker "
        'hilft „manage.py shell -c "from finding import search; search.refresh()"“.'
    )
    return [
        Fact(
            label,
            _("%s, wird gerade erneuert") % built
            if behind
            else _("%s, auf dem Stand des Katalogs") % built,
            remedy if is_late else "",
        ),
        Fact(_("Dauer des letzten Baus"), _("%d Millisekunden") % state.milliseconds),
    ]


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j. F Y, H:i") + _(" Uhr")


def _age(since: datetime, now: datetime) -> str:
    """As it follows „vor“ and „seit“."""
    age = now - since
    if age < timedelta(minutes=1):
        return _("weniger als einer Minute")
    for unit, one, many in _UNITS:
        number = int(age / unit)
        if number:
            return ngettext(one, many, number) % number
    raise AssertionError


_UNITS = (
    (timedelta(days=1), "%d Tag", "%d Tagen"),
    (timedelta(hours=1), "%d Stunde", "%d Stunden"),
    (timedelta(minutes=1), "%d Minute", "%d Minuten"),
)

SECTIONS: tuple[tuple[str, str, Callable[[datetime], list[Fact]]], ...] = (
    ("gesundheit", gettext_lazy("Gesundheit"), lambda now: health()),
    ("stand", gettext_lazy("Stand"), lambda now: stand()),
    ("sicherung", gettext_lazy("Sicherung"), backup),
    ("e-mails", gettext_lazy("E-Mails"), mails),
    ("platz", gettext_lazy("Platz"), lambda now: room()),
    ("suche", gettext_lazy("Suche"), search_index),
)
