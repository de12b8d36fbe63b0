"""Links in e-mails: signed, for one purpose, until a moment, dead with the next change.

A link carries the version of the request at which it was written. Whoever changes the request
raises the version, and all older links die by themselves. Opening one changes nothing, so that a
mail scanner may follow it; what it is for happens by POST on the page that it shows.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consulting.models import Appointment, ConsultationRequest, Draft, HistoryEntry, HistoryKind
from ground import signed_links as safe_links
from ground.signed_links import BadToken, Outcome, sign, unsign

APP = "consulting"
DRAFT_LASTS = timedelta(days=7)
SEE_LASTS = timedelta(days=90)
RATE_LASTS = timedelta(days=30)


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    SEE = "ansehen"
    RESCHEDULE = "verschieben"
    CANCEL = "absagen"
    ANSWER = "vorschlag"
    RATE = "rueckmeldung"
    RESUME = "fortsetzen"


_EXPLANATIONS = {
    (Purpose.CONFIRM, Outcome.USED): _(
        "Sie haben diesen Termin schon bestätigt. Die Bestätigung mit dem Kalendereintrag haben wir "
        "Ihnen per E-Mail geschickt."
    ),
    (Purpose.CANCEL, Outcome.USED): _("Sie haben diese Anfrage schon abgesagt."),
    (Purpose.RESCHEDULE, Outcome.USED): _(
        "Sie haben den Termin mit diesem Link schon verschoben. Der neue Termin steht in der "
        "E-Mail, die Sie danach bekommen haben."
    ),
    (Purpose.ANSWER, Outcome.USED): _("Sie haben auf diesen Vorschlag schon geantwortet."),
    (Purpose.RATE, Outcome.USED): _("Ihre Rückmeldung ist schon bei uns angekommen. Vielen Dank!"),
    (None, Outcome.SUPERSEDED): _(
        "Seit dieser E-Mail hat sich an Ihrer Anfrage etwas geändert. Bitte benutzen Sie den Link "
        "aus der neuesten E-Mail, die Sie von uns bekommen haben."
    ),
    (Purpose.CONFIRM, Outcome.EXPIRED): _(
        "Dieser Link ist abgelaufen. Der Termin war nur für kurze Zeit für Sie vorgemerkt und ist "
        "nicht gebucht. Bitte wählen Sie einen neuen Termin."
    ),
    (Purpose.RESCHEDULE, Outcome.EXPIRED): _(
        "Der Termin hat schon begonnen oder liegt zurück. Er lässt sich nicht mehr verschieben."
    ),
    (Purpose.CANCEL, Outcome.EXPIRED): _(
        "Der Termin hat schon begonnen oder liegt zurück. Er lässt sich nicht mehr absagen."
    ),
    (Purpose.ANSWER, Outcome.EXPIRED): _(
        "Die Frist für diesen Vorschlag ist abgelaufen, die Zeit ist wieder frei. Die "
        "Geschäftsstelle meldet sich bei Ihnen."
    ),
    (Purpose.RESUME, Outcome.EXPIRED): _(
        "Dieser Link ist abgelaufen. Ihre Eingaben haben wir gelöscht, oder die Anfrage ist schon "
        "abgesendet. Sie können jederzeit neu beginnen."
    ),
}


class Opened(safe_links.Opened):
    explanations = _EXPLANATIONS

    @property
    def request(self) -> ConsultationRequest | None:
        return self.row


# What using a link does, by which an old one tells "you have done that" from "things have changed".
_DONE_BY = {
    Purpose.CONFIRM: {HistoryKind.CONFIRMED},
    Purpose.RESCHEDULE: {HistoryKind.MOVED},
    Purpose.CANCEL: {HistoryKind.CANCELLED},
    Purpose.ANSWER: {HistoryKind.ACCEPTED, HistoryKind.REFUSED},
}


def token_for(request: ConsultationRequest, purpose: Purpose, *, until: datetime) -> str:
    """A token for one purpose and this version of the request. Never stored, never logged."""
    return sign([request.pk, _counter(request, purpose), int(until.timestamp())], APP, purpose)


def open_token(token: str, purpose: Purpose, *, now: datetime) -> Opened:
    """Tell what a token is worth, without changing anything; three queries at most."""
    try:
        pk, counter, until = unsign(token, APP, purpose)
    except BadToken:
        return Opened(purpose, Outcome.WRONG)
    request = (
        ConsultationRequest.objects.select_related("municipality")
        .prefetch_related("appointments__advisor")
        .filter(pk=pk)
        .first()
    )
    if request is None:
        return Opened(purpose, Outcome.EXPIRED)
    return Opened(purpose, _outcome(request, purpose, counter, until, now), request)


def draft_token(draft: Draft) -> str:
    """A token to go on with a form; it lasts as long as the draft does."""
    return sign([str(draft.pk)], APP, Purpose.RESUME)


def open_draft(token: str, *, now: datetime) -> tuple[Outcome, Draft | None]:
    """The draft of a token; there is one exactly if the outcome is `VALID`."""
    try:
        (pk,) = unsign(token, APP, Purpose.RESUME)
    except BadToken:
        return Outcome.WRONG, None
    draft = Draft.objects.filter(pk=UUID(pk), changed_at__gt=now - DRAFT_LASTS).first()
    return (Outcome.VALID, draft) if draft else (Outcome.EXPIRED, None)


def address(purpose: Purpose, token: str) -> str:
    """The whole address, for an e-mail."""
    return settings.SITE_URL + path(purpose, token)


def path(purpose: Purpose, token: str) -> str:
    """The same within the portal. The paths are those of `consulting.urls`."""
    return f"/start-smart/{purpose}/{token}/"


def lasts_until(purpose: Purpose, appointment: Appointment | None, *, now: datetime) -> datetime:
    """How long a link of this purpose makes sense, seen from the moment of writing the e-mail."""
    if appointment is None:
        return now + SEE_LASTS
    match purpose:
        case Purpose.CONFIRM | Purpose.ANSWER if appointment.expires_at is not None:
            return appointment.expires_at
        case Purpose.RESCHEDULE | Purpose.CANCEL:
            return appointment.starts_at
        case Purpose.RATE:
            return appointment.ends_at + RATE_LASTS
    return max(now, appointment.ends_at) + SEE_LASTS


def _counter(request: ConsultationRequest, purpose: Purpose) -> int:
    # The question how it went outlives what the office writes down meanwhile, and is answered once.
    if purpose is Purpose.RATE:
        return int(bool(request.rating))
    return request.version


def _outcome(
    request: ConsultationRequest, purpose: Purpose, counter: int, until: int, now: datetime
) -> Outcome:
    if counter != _counter(request, purpose):
        return _why_dead(request, purpose, counter)
    if now >= datetime.fromtimestamp(until, UTC):
        return Outcome.EXPIRED
    return Outcome.VALID


def _why_dead(request: ConsultationRequest, purpose: Purpose, counter: int) -> Outcome:
    if purpose is Purpose.RATE:
        return Outcome.USED
    kind = (
        HistoryEntry.objects.filter(request=request, version=counter + 1)
        .values_list("kind", flat=True)
        .first()
    )
    if kind in _DONE_BY.get(purpose, ()):
        return Outcome.USED
    return Outcome.EXPIRED if kind == HistoryKind.EXPIRED else Outcome.SUPERSEDED
