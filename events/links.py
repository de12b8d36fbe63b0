"""Links in e-mails about a registration: signed, for one purpose, dead with the next change.

A link carries the version of the registration at which it was written. Whoever changes it raises the
version, and all older links die by themselves. How long one lasts is read from the registration and
its event when it is opened, so a moved event moves it too. Opening one changes nothing, so that a mail
scanner may follow it; what it is for happens by POST on the page that it shows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from events.models import Registration, RegistrationState

# After the event: to look something up, and for the certificate.
SEE_LASTS = timedelta(days=30)


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    SEE = "ansehen"
    CHANGE = "aendern"
    CANCEL = "abmelden"
    ACCEPT = "annehmen"


class Outcome(Enum):
    VALID = "valid"
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a link. There is a registration as long as the signature is right."""

    purpose: Purpose
    outcome: Outcome
    registration: Registration | None = None

    @property
    def is_valid(self) -> bool:
        return self.outcome is Outcome.VALID

    @property
    def explanation(self) -> str:
        """What a page tells somebody whose link does not work any more; empty for a valid one."""
        return str(
            _EXPLANATIONS.get((self.purpose, self.outcome)) or _EXPLANATIONS[None, self.outcome]
        )


_EXPLANATIONS = {
    (None, Outcome.VALID): "",
    (None, Outcome.USED): _("Diesen Link haben Sie schon benutzt. Es ist alles erledigt."),
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
    (None, Outcome.EXPIRED): _("Dieser Link ist abgelaufen. Es hat sich dadurch nichts geändert."),
    (Purpose.CONFIRM, Outcome.EXPIRED): _(
        "Die Zeit zum Bestätigen ist vorbei, Ihre Anmeldung ist verfallen. Sie können sich gern noch "
        "einmal anmelden."
    ),
    (Purpose.ACCEPT, Outcome.EXPIRED): _(
        "Die Frist für diesen Platz ist abgelaufen. Er ist der nächsten Person auf der Warteliste "
        "angeboten worden."
    ),
    (Purpose.CHANGE, Outcome.EXPIRED): _(
        "Die Veranstaltung hat schon begonnen, oder Ihre Anmeldung besteht nicht mehr. Sie lässt sich "
        "nicht mehr ändern."
    ),
    (Purpose.CANCEL, Outcome.EXPIRED): _(
        "Die Veranstaltung hat schon begonnen, oder Ihre Anmeldung besteht nicht mehr. Sie müssen "
        "sich nicht abmelden."
    ),
    (None, Outcome.WRONG): _(
        "Dieser Link ist nicht vollständig oder gehört nicht hierher. Manche E-Mail-Programme "
        "brechen lange Adressen um: Bitte kopieren Sie die ganze Adresse aus der E-Mail."
    ),
}


def token_for(registration: Registration, purpose: Purpose) -> str:
    """A token for one purpose and this version of the registration. Never stored, never logged."""
    return signing.dumps([registration.pk, registration.version], salt=_salt(purpose))


def open_token(token: str, purpose: Purpose, *, now: datetime) -> Opened:
    """Tell what a token is worth, without changing anything; one query."""
    try:
        pk, version = signing.loads(token, salt=_salt(purpose))
    except signing.BadSignature:
        return Opened(purpose, Outcome.WRONG)
    registration = (
        Registration.objects.select_related("event__community", "municipality", "registered_by")
        .filter(pk=pk, anonymised_at=None)
        .first()
    )
    if registration is None:
        return Opened(purpose, Outcome.EXPIRED)
    return Opened(purpose, _outcome(registration, purpose, version, now), registration)


def address(registration: Registration, purpose: Purpose) -> str:
    """The whole address, for an e-mail."""
    return settings.SITE_URL + path(registration, purpose)


def path(registration: Registration, purpose: Purpose) -> str:
    """The same within the portal. The paths are those of `events.urls`."""
    return f"/veranstaltungen/anmeldung/{purpose}/{token_for(registration, purpose)}/"


def _outcome(registration: Registration, purpose: Purpose, version: int, now: datetime) -> Outcome:
    if version != registration.version:
        return _why_dead(registration, purpose)
    return Outcome.VALID if _lasts(registration, purpose, now) else Outcome.EXPIRED


def _lasts(registration: Registration, purpose: Purpose, now: datetime) -> bool:
    event = registration.event
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


def _salt(purpose: Purpose) -> str:
    # The purpose is part of the signature: a token for cancelling is nothing but wrong elsewhere.
    return f"events.links.{purpose}"
