"""Every e-mail that the portal sends, who gets it, and what sets it off.

A test holds this against the templates, so that none can go out that the handbook does not name.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from smartcities.handbook.roles import Role

# By role and template: the occasion as its reader would say it.
OCCASIONS = {
    Role.MUNICIPALITY: {
        "consulting/email/draft_link": _(
            "Sie wollen Ihre Anfrage an Start Smart später weiterschreiben."
        ),
        "consulting/email/ask_to_confirm": _(
            "Sie haben bei Start Smart eine Zeit gewählt und sollen sie bestätigen."
        ),
        "consulting/email/acknowledged": _(
            "Sie haben bei Start Smart angefragt, ohne eine Zeit zu wählen."
        ),
        "consulting/email/confirmed": _("Ihr Beratungstermin ist vereinbart."),
        "consulting/email/rescheduled": _("Ihr Beratungstermin ist verschoben."),
        "consulting/email/reminder": _("Ihr Beratungstermin steht bevor."),
        "consulting/email/proposal": _("Die Geschäftsstelle schlägt Ihnen einen Termin vor."),
        "consulting/email/back_at_office": _(
            "Ein Vorschlag ist verfallen oder passt nicht, die Geschäftsstelle sucht weiter."
        ),
        "consulting/email/date_stays": _(
            "Ein Vorschlag ist verfallen oder passt nicht, Ihr bisheriger Termin bleibt."
        ),
        "consulting/email/date_over": _(
            "Ein Vorschlag ist verfallen oder passt nicht, und Ihr vereinbarter Termin hat schon begonnen."
        ),
        "consulting/email/event_moved": _(
            "Die Veranstaltung, bei der Sie beraten werden, ist verlegt."
        ),
        "consulting/email/event_cancelled": _("Die Beratung vor Ort entfällt."),
        "consulting/email/cancelled": _(
            "Der Beratungstermin ist abgesagt oder die Anfrage zurückgezogen."
        ),
        "consulting/email/called_off": _(
            "Start Smart muss einen Beratungstermin absagen, Sie können einen neuen wählen."
        ),
        "consulting/email/no_show": _(
            "Sie waren beim Beratungstermin nicht da und können einen neuen wählen."
        ),
        "consulting/email/reopened": _("Die Geschäftsstelle nimmt Ihre Anfrage wieder auf."),
        "consulting/email/message": _("Start Smart schreibt Ihnen zu Ihrer Anfrage."),
        "consulting/email/outcome": _(
            "Nach der Beratung: das Ergebnis und die empfohlenen Lösungen, wenn wir sie schicken."
        ),
        "consulting/email/declined": _("Die Geschäftsstelle kann die Anfrage nicht annehmen."),
        "consulting/email/question": _("Nach der Beratung: Hat sie geholfen?"),
        "asking/email/asker/confirm": _("Sie haben etwas gefragt und sollen es bestätigen."),
        "asking/email/asker/received": _("Ihre Frage ist bestätigt und unterwegs."),
        "asking/email/asker/answered": _("Ihre Frage oder Meldung ist beantwortet."),
        "asking/email/asker/to_advice": _("Aus Ihrer Frage wurde eine Anfrage an Start Smart."),
        "asking/email/asker/published": _("Ihre Frage und die Antwort stehen jetzt auf der Seite."),
        "asking/email/asker/withdrawn": _("Ihre Frage ist zurückgezogen."),
        "asking/email/reuser/asked": _("Eine andere Kommune fragt, wie Sie eine Lösung nutzen."),
        "asking/email/reuser/nudge": _("Die Frage einer anderen Kommune ist noch offen."),
        "asking/email/reuser/taken_back": _(
            "Die Frage einer anderen Kommune hat sich erledigt, Sie brauchen nicht mehr zu antworten."
        ),
        "events/email/invitation": _("Gastgeber laden Sie zu einer Veranstaltung ein."),
        "events/email/registration/ask_to_confirm": _(
            "Sie haben sich angemeldet und sollen die Adresse bestätigen."
        ),
        "events/email/registration/ask_colleague": _(
            "Jemand hat Sie mit angemeldet, Sie sollen zustimmen."
        ),
        "events/email/registration/confirmed": _(
            "Ihre Anmeldung ist bestätigt, Sie haben einen Platz."
        ),
        "events/email/registration/entered": _(
            "Gastgeber haben Sie angemeldet, zum Beispiel nach einem Anruf."
        ),
        "events/email/registration/walked_in": _("Gastgeber haben Sie vor Ort eingetragen."),
        "events/email/registration/corrected": _(
            "Gastgeber haben Ihren Namen oder Ihre Adresse berichtigt."
        ),
        "events/email/registration/waiting": _(
            "Ihre Anmeldung ist bestätigt, Sie stehen auf der Warteliste."
        ),
        "events/email/registration/offered": _(
            "Ein Platz ist frei geworden und wird Ihnen angeboten."
        ),
        "events/email/registration/offer_lapsed": _(
            "Sie haben einen angebotenen Platz nicht angenommen."
        ),
        "events/email/registration/moved_up": _("Sie sind von der Warteliste nachgerückt."),
        "events/email/registration/moved_up_unconfirmed": _(
            "Sie könnten nachrücken, haben aber noch nicht bestätigt."
        ),
        "events/email/registration/switched": _("Sie nehmen jetzt vor Ort oder online teil."),
        "events/email/registration/changed": _("Ihre Anmeldung ist geändert."),
        "events/email/registration/cancelled": _("Ihre Anmeldung ist abgesagt."),
        "events/email/registration/known": _("Ihre Adresse wurde noch einmal angemeldet."),
        "events/email/registration/known_offered": _(
            "Ihre Adresse wurde noch einmal angemeldet, während Ihnen ein Platz angeboten ist."
        ),
        "events/email/registration/known_unconfirmed": _(
            "Ihre Adresse wurde noch einmal angemeldet, ist aber noch nicht bestätigt."
        ),
        "events/email/registration/members_only": _(
            "Sie wollten sich zu einer Veranstaltung nur für Mitglieder anmelden."
        ),
        "events/email/reminder": _(
            "Eine Veranstaltung steht bevor, bei der Sie einen Platz haben."
        ),
        "events/email/reminder_waiting": _(
            "Eine Veranstaltung steht bevor, auf deren Warteliste Sie stehen."
        ),
        "events/email/moved": _("Termin, Ort oder Form einer Veranstaltung haben sich geändert."),
        "events/email/cancelled": _("Eine Veranstaltung ist abgesagt."),
        "events/email/message": _("Gastgeber schreiben an die Teilnehmenden."),
        "events/email/thanks": _("Nach der Veranstaltung: Dank und Unterlagen."),
        "communities/email/ask_to_confirm": _(
            "Sie möchten in eine Gruppe und sollen die Adresse bestätigen."
        ),
        "communities/email/requested": _("Ihre Anfrage an eine Gruppe ist bei der Koordination."),
        "communities/email/already_member": _("Sie haben angefragt und sind schon Mitglied."),
        "communities/email/invited": _("Eine Koordination lädt Sie in ihre Gruppe ein."),
        "communities/email/welcome": _("Sie sind Mitglied geworden."),
        "communities/email/declined": _("Ihre Anfrage an eine Gruppe ist abgelehnt."),
        "communities/email/withdrawn": _("Sie haben Ihre Anfrage zurückgezogen."),
        "communities/email/role_changed": _("Ihre Rolle in einer Gruppe hat sich geändert."),
        "communities/email/left": _("Sie haben eine Gruppe verlassen."),
        "communities/email/removed": _("Ihre Mitgliedschaft oder Einladung ist beendet."),
        "communities/email/merged": _("Ihre Gruppe ist in einer anderen aufgegangen."),
        "communities/email/brought": _(
            "Die Koordination hat Sie in eine andere Gruppe derselben Gemeinschaft übernommen."
        ),
        "communities/email/corrected": _(
            "Die Koordination hat Ihren Namen oder Ihre Adresse berichtigt."
        ),
        "communities/email/message": _("Die Koordination schreibt an die Gruppe."),
        "events/email/task_reminder": _(
            "Drei Arbeitstage vorher und einmal danach: Eine Aufgabe, die Sie laut Protokoll übernommen "
            "haben, ist fällig."
        ),
        "communities/email/digest": _(
            "Montags: Sie wollen Rundmails gesammelt, und Ihre Gruppen haben geschrieben."
        ),
        "projects/email/reuse_confirm": _(
            "Sie haben eine Nachnutzung angegeben und sollen sie bestätigen."
        ),
        "projects/email/reuse_known": _(
            "Ihre Angabe zu einer Nachnutzung wurde noch einmal gemacht."
        ),
        "projects/email/reuse_received": _("Sie haben eine Nachnutzung bestätigt."),
        "projects/email/reuse_question": _(
            "Das Projekt hat eine Rückfrage zu Ihrer Angabe über eine Nachnutzung."
        ),
        "projects/email/reuse_published": _("Ihre Angabe zu einer Nachnutzung ist öffentlich."),
        "projects/email/reuse_refused": _(
            "Die Redaktion veröffentlicht Ihre Angabe zu einer Nachnutzung nicht."
        ),
        "projects/email/reuse_change_refused": _(
            "Die Redaktion übernimmt Ihre Änderung an einer Angabe nicht."
        ),
        "projects/email/reuse_withdrawn": _("Sie haben Ihre Angabe zurückgezogen."),
        "projects/email/reuse_still_true": _(
            "Einmal im Jahr: Stimmt Ihre Angabe zu einer Nachnutzung noch?"
        ),
        "subscribing/email/confirm": _(
            "Sie haben eine Liste abonniert oder eine Nachricht zur Anmeldung bestellt und sollen es "
            "bestätigen."
        ),
        "subscribing/email/confirmed": _("Sie haben ein Abonnement bestätigt."),
        "subscribing/email/known": _("Was Sie abonnieren wollten, haben Sie schon abonniert."),
        "subscribing/email/weekly": _(
            "Montags: In Listen, die Sie abonniert haben, gibt es Neues oder Geändertes. Darin steht "
            "auch, was Ihre Gruppen geschrieben haben, wenn Sie das gesammelt wollen."
        ),
        "subscribing/email/opening": _(
            "Die Anmeldung zu einer Veranstaltung öffnet, auf die Sie warten."
        ),
        "own_data/email/link": _("Sie wollen sehen, was über Sie gespeichert ist."),
        "mfa/email/totp_activated": _("In Ihrem Konto ist ein zweiter Faktor eingerichtet."),
        "mfa/email/totp_deactivated": _("In Ihrem Konto ist ein zweiter Faktor entfernt."),
        "mfa/email/webauthn_added": _("In Ihrem Konto ist ein Schlüssel dazugekommen."),
        "mfa/email/webauthn_removed": _("In Ihrem Konto ist ein Schlüssel entfernt."),
        "mfa/email/recovery_codes_generated": _("In Ihrem Konto gibt es neue Ersatzcodes."),
        "account/email/email_confirmation_signup": _(
            "Sie haben ein Konto angelegt und sollen die Adresse bestätigen."
        ),
        "account/email/email_confirmation": _(
            "Sie haben Ihrem Konto eine Adresse hinzugefügt und sollen sie bestätigen."
        ),
        "account/email/email_confirm": _("Eine Adresse Ihres Kontos ist bestätigt."),
        "account/email/email_changed": _("Die Adresse Ihres Kontos ist geändert."),
        "account/email/email_deleted": _("Eine Adresse Ihres Kontos ist entfernt."),
        "account/email/account_already_exists": _(
            "Mit Ihrer Adresse sollte noch ein Konto entstehen."
        ),
        "account/email/unknown_account": _(
            "Für Ihre Adresse sollte ein Passwort neu gesetzt werden, es gibt aber kein Konto."
        ),
        "account/email/password_reset_key": _("Sie haben Ihr Passwort vergessen."),
        "account/email/password_reset": _("Ihr Passwort ist neu gesetzt."),
        "account/email/password_changed": _("Ihr Passwort ist geändert."),
        "account/email/password_set": _("Ihr Konto hat jetzt ein Passwort."),
        "account/email/wrong_passwords": _(
            "Für Ihr Konto wurde mehrmals ein falsches Passwort eingegeben."
        ),
    },
    Role.COORDINATION: {
        "communities/email/account": _(
            "Sie koordinieren jetzt eine Gruppe und haben noch kein Passwort."
        ),
        "communities/email/coordination_requested": _("Jemand möchte in Ihre Gruppe."),
        "communities/email/coordination_nudge": _(
            "Eine Anfrage wartet seit mehr als fünf Arbeitstagen."
        ),
        "communities/email/coordination_withdrawn": _("Eine Anfrage ist zurückgezogen."),
        "communities/email/coordination_accepted": _("Eine Einladung ist angenommen."),
        "communities/email/coordination_refused": _("Eine Einladung ist abgelehnt."),
        "communities/email/coordination_left": _("Ein Mitglied hat die Gruppe verlassen."),
        "communities/email/coordination_moved": _(
            "Eine Themengruppe gehört jetzt zu einer anderen Gemeinschaft."
        ),
        "communities/email/coordination_archived": _("Eine Gruppe ist archiviert."),
        "communities/email/message_test": _("Sie haben sich eine Rundmail zur Probe geschickt."),
        "communities/email/message_not_sent": _(
            "Ihre geplante Rundmail ist nicht hinausgegangen und wieder ein Entwurf."
        ),
        "asking/email/group/asked": _("Die Geschäftsstelle gibt Ihrer Gruppe eine Frage."),
        "asking/email/group/nudge": _("Eine Frage an Ihre Gruppe wartet noch auf Antwort."),
        "asking/email/group/taken_back": _("Eine Frage an Ihre Gruppe hat sich erledigt."),
        "events/email/minutes_missing": _("Zu einem Workshop Ihrer Gruppe fehlt das Protokoll."),
    },
    Role.HOST: {
        "events/email/reminder_hosts": _("Ihre Veranstaltung steht bevor."),
        "events/email/thanks_hosts": _("Ihre Veranstaltung ist vorbei: Was ist noch zu tun?"),
    },
    Role.ADVICE: {
        "consulting/email/office_received": _(
            "Eine Anfrage ohne Termin ist bei der Geschäftsstelle."
        ),
        "consulting/email/office_refused": _("Ein vorgeschlagener Termin passt der Kommune nicht."),
        "consulting/email/office_lapsed": _("Auf einen vorgeschlagenen Termin kam keine Antwort."),
        "consulting/email/office_event_gone": _(
            "Eine Beratung vor Ort ist entfallen, die Anfrage ist wieder offen."
        ),
        "consulting/email/advisor_confirmed": _("Bei Ihnen ist eine Beratung vereinbart."),
        "consulting/email/advisor_rescheduled": _("Eine Ihrer Beratungen ist verschoben."),
        "consulting/email/advisor_event_moved": _(
            "Eine Ihrer Beratungen vor Ort zieht mit der Veranstaltung um."
        ),
        "consulting/email/advisor_cancelled": _("Eine Ihrer Beratungen ist abgesagt."),
        "consulting/email/advisor_assigned": _("Jemand hat Ihnen eine Anfrage zugewiesen."),
        "consulting/email/advisor_answered": _("Eine Kommune hat auf Ihre Nachricht geantwortet."),
        "consulting/email/advisor_erased": _(
            "Eine Kommune hat ihre Angaben löschen lassen, die Beratung entfällt."
        ),
    },
    Role.PROJECT: {
        "projects/email/owners/entrusted": _(
            "Die Redaktion hat Sie für ein Modellprojekt eingetragen, Sie können es jetzt bearbeiten."
        ),
        "projects/email/owners/still_true": _("Jedes halbe Jahr: Stimmen Ihre Einträge noch?"),
        "projects/email/owners/reminder": _(
            "Nach zwei Wochen: Auf die Frage nach Ihren Einträgen kam keine Antwort."
        ),
        "projects/email/owners/restored": _(
            "Die Redaktion hat eine frühere Fassung einer Ihrer Lösungen wiederhergestellt."
        ),
        "asking/email/project/asked": _("Eine Kommune fragt Ihr Modellprojekt etwas."),
        "asking/email/project/nudge": _("Eine Frage an Ihr Modellprojekt wartet noch auf Antwort."),
        "asking/email/project/taken_back": _("Eine Frage an Ihr Modellprojekt hat sich erledigt."),
        "projects/email/reuse_to_project": _(
            "Eine Kommune nutzt eine Ihrer Lösungen oder möchte es, oder antwortet auf Ihre Rückfrage."
        ),
        "projects/email/reuse_project_withdrawn": _(
            "Eine Kommune hat ihre Angabe zu einer Ihrer Lösungen zurückgezogen."
        ),
        "projects/email/reuse_project_decided": _(
            "Die Redaktion hat über eine Angabe zu einer Ihrer Lösungen entschieden."
        ),
    },
    Role.EDITORS: {
        "projects/email/reuse_to_office": _("Über eine Angabe zur Nachnutzung ist zu entscheiden."),
        "asking/email/office/arrived": _(
            "Eine Frage oder ein gemeldeter Fehler wartet auf Sie, oder kam ohne Antwort zurück."
        ),
        "accessibility/email/reported": _("Jemand hat eine Barriere gemeldet."),
    },
    Role.OPERATION: {
        "accounts/email/welcome": _(
            "Für Sie wurde ein Konto angelegt, meist mit Zugang zur Verwaltung."
        ),
    },
}

_VALUE, _TAG = re.compile(r"{{.*?}}"), re.compile(r"{%.*?%}")
_INCLUDED = re.compile(r'{% include "([^"]+)" %}')
_OR_ELSE = re.compile(r"{% elif [^%]*%}")
_EITHER = re.compile(r"{% if [^%]*%}(.*?){% else %}(.*?){% endif %}")


# By the app of the template: what the mails of a long list are about.
_ABOUT = {
    "account": _("Konto"),
    "accounts": _("Konto"),
    "mfa": _("Konto"),
    "own_data": _("Meine Daten"),
    "accessibility": _("Barrieren"),
    "asking": _("Fragen und Hinweise"),
    "communities": _("Gemeinschaften und Gruppen"),
    "consulting": _("Start Smart"),
    "events": _("Veranstaltungen"),
    "projects": _("Lösungen und Nachnutzung"),
    "subscribing": _("Abonnements"),
}


class Mail(NamedTuple):
    template: str
    subject: str
    occasion: str


def mails_to(role: Role) -> Iterator[Mail]:
    for template, occasion in OCCASIONS[role].items():
        yield Mail(template, subject_of(template), str(occasion))


def mails_by_subject_matter(role: Role) -> dict[str, list[Mail]]:
    """In the order in which each is first spoken of."""
    found: dict[str, list[Mail]] = {}
    for mail in mails_to(role):
        found.setdefault(str(_ABOUT[mail.template.partition("/")[0]]), []).append(mail)
    return found


@cache
def subject_of(template: str) -> str:
    """The subject as the template has it: „…“ where a name or date will stand, „A / B“ for two ways."""
    source = _INCLUDED.sub(
        lambda found: _source(found[1]).rstrip("\n"), _source(f"{template}_subject.txt")
    )
    either = _EITHER.sub(r"\1 / \2", _OR_ELSE.sub(" / ", source))
    return " ".join(_TAG.sub("", _VALUE.sub("…", either)).split())


def _source(template: str) -> str:
    return get_template(template).template.source
