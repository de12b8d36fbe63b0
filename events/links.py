"""Links in e-mails about a registration: signed, for one purpose, dead with the next change.

A link carries the version of the registration at which it was written. Anyone who changes it raises the
version, and all older links die by themselves. How long one lasts is read from the registration and
its event when it is opened, so a moved event moves it too. Opening one changes nothing, so that a mail
scanner may follow it; what it is for happens by POST on the page that it shows.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import Registration, RegistrationState
from ground import signed_links
from ground.signed_links import Outcome, SignedLinks

# After the event: to look something up, and for the certificate.
SEE_LASTS = timedelta(days=30)


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    SEE = "ansehen"
    CHANGE = "aendern"
    CANCEL = "abmelden"
    ACCEPT = "annehmen"


# Whoever does something by these says that they are who is registered. To cancel says only that somebody
# reads the mails, which may be „Das war ich nicht“.
PROVING = frozenset(Purpose) - {Purpose.CANCEL}

_EXPLANATIONS = {
    (Purpose.CONFIRM, Outcome.USED): _(
        "Sie haben Ihre Anmeldung schon bestätigt. Alles Weitere steht in der E-Mail, die Sie danach "
        "bekommen haben."
    ),
    (Purpose.CANCEL, Outcome.USED): _("Sie haben sich schon abgemeldet."),
    (Purpose.ACCEPT, Outcome.USED): _("Sie haben diesen Platz schon angenommen."),
    (None, Outcome.SUPERSEDED): _(
        "Seit dieser E-Mail hat sich an Ihrer Anmeldung etwas geändert. Bitte benutzen Sie den Link "
        "aus der neuesten E-Mail, die Sie von uns bekommen haben."
    ),
    (Purpose.CONFIRM, Outcome.EXPIRED): _(
        "Die Zeit zum Bestätigen ist vorbei, Ihre Anmeldung ist verfallen. Sie können sich gern noch "
        "einmal anmelden."
    ),
    (Purpose.ACCEPT, Outcome.EXPIRED): _(
        "Die Frist für diesen Platz ist abgelaufen. Wer auf der Warteliste als Nächstes kommt, hat ihn "
        "angeboten bekommen."
    ),
    (Purpose.CHANGE, Outcome.EXPIRED): _(
        "Die Veranstaltung hat schon begonnen, oder Ihre Anmeldung besteht nicht mehr. Sie lässt sich "
        "nicht mehr ändern."
    ),
    (Purpose.CANCEL, Outcome.EXPIRED): _(
        "Die Veranstaltung hat schon begonnen, oder Ihre Anmeldung besteht nicht mehr. Sie müssen "
        "sich nicht abmelden."
    ),
}


class Opened(signed_links.Opened):
    explanations = _EXPLANATIONS

    @property
    def way_on(self) -> tuple[str, str]:
        if self.row:
            return _("Zur Veranstaltung"), self.row.event.get_absolute_url()
        return _("Zu den Veranstaltungen"), reverse("events:list")

    @property
    def explanation(self) -> str:
        # Whatever the link was for, and whether it was used: no newer e-mail says more.
        if self.row and self.row.event.is_cancelled:
            return str(_("Diese Veranstaltung ist abgesagt. Sie müssen nichts weiter tun."))
        is_superseded = self.outcome is Outcome.SUPERSEDED
        if is_superseded and self.row and self.row.state == RegistrationState.CANCELLED:
            # The e-mail that says so is the newest, and has no link.
            return str(
                _(
                    "Sie sind abgemeldet. Möchten Sie doch teilnehmen, melden Sie sich bitte neu an, solange die "
                    "Anmeldung offen ist."
                )
            )
        return super().explanation


def _outcome(registration: Registration, purpose: Purpose, version: int, now: datetime) -> Outcome:
    if version != registration.version:
        return _why_dead(registration, purpose)
    return Outcome.VALID if _lasts(registration, purpose, now) else Outcome.EXPIRED


def _lasts(registration: Registration, purpose: Purpose, now: datetime) -> bool:
    event = registration.event
    if event.is_cancelled and purpose is not Purpose.SEE:
        return False
    match purpose:
        case Purpose.SEE:
            return now < event.ends_at + SEE_LASTS
        case Purpose.CONFIRM:
            return registration.hold_until is not None and now < registration.hold_until
        case Purpose.ACCEPT:
            return registration.offered_until is not None and now < registration.offered_until
    return registration.is_live and now < event.starts_at


def _why_dead(registration: Registration, purpose: Purpose) -> Outcome:
    """Tell "you have done that" from "things have changed", by how things stand."""
    match purpose, registration.state:
        case Purpose.CONFIRM, _state if registration.confirmed_at is not None:
            return Outcome.USED
        case Purpose.CANCEL, RegistrationState.CANCELLED:
            return Outcome.USED
        case Purpose.ACCEPT, RegistrationState.SEAT:
            return Outcome.USED
        case _purpose, RegistrationState.EXPIRED:
            return Outcome.EXPIRED
    return Outcome.SUPERSEDED


def _rows() -> QuerySet[Registration]:
    rows = Registration.objects.select_related("event__community", "municipality", "registered_by")
    return rows.filter(anonymised_at=None)


_links = SignedLinks("events", "/veranstaltungen/anmeldung", Opened, _rows, _outcome)
open_token = _links.open


def token_for(registration: Registration, purpose: Purpose) -> str:
    """A token for one purpose and this version of the registration. Never stored, never logged."""
    return _links.sign([registration.pk, registration.version], purpose)


def address(registration: Registration, purpose: Purpose) -> str:
    """The whole address, for an e-mail."""
    return _links.address(purpose, token_for(registration, purpose))


def path(registration: Registration, purpose: Purpose) -> str:
    """The same within the portal."""
    return _links.path(purpose, token_for(registration, purpose))
