"""Links in e-mails: signed, for one purpose, until a moment, dead with the next change.

A link carries the version of the consultation at which it was written. Anyone who changes it
raises the version, and all older links die by themselves. Opening one changes nothing, so that a
mail scanner may follow it; what it is for happens by POST on the page that it shows.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consulting.models import (
    Appointment,
    ConsultationRequest,
    Draft,
    HistoryEntry,
    HistoryKind,
    Message,
)
from ground import signed_links
from ground.signed_links import Outcome, SignedLinks, is_over, seconds

DRAFT_LASTS = timedelta(days=7)
SEE_LASTS = timedelta(days=90)
RATE_LASTS = timedelta(days=30)
WRITE_LASTS = timedelta(days=60)


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    SEE = "ansehen"
    RESCHEDULE = "verschieben"
    CANCEL = "absagen"
    ANSWER = "vorschlag"
    RATE = "rueckmeldung"
    RESUME = "fortsetzen"
    WRITE = "antworten"


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
    (Purpose.WRITE, Outcome.USED): _(
        "Ihre Antwort ist bei uns angekommen. Möchten Sie noch etwas schreiben, antworten Sie bitte auf "
        "unsere E-Mail."
    ),
    (Purpose.WRITE, Outcome.EXPIRED): _(
        "Dieser Link ist abgelaufen. Möchten Sie uns etwas schreiben, antworten Sie bitte auf unsere "
        "E-Mail."
    ),
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
    (Purpose.RESUME, Outcome.USED): _(
        "Mit diesem Link haben Sie schon weitergemacht. Ihre Eingaben sind in dem Browser, in dem Sie "
        "ihn benutzt haben; für ein anderes Gerät lassen Sie sich dort einen neuen Link schicken."
    ),
    (Purpose.RESUME, Outcome.EXPIRED): _(
        "Dieser Link ist abgelaufen. Ihre Eingaben haben wir gelöscht, oder die Anfrage ist schon "
        "abgesendet. Sie können jederzeit neu beginnen."
    ),
}


class Opened(signed_links.Opened):
    explanations = _EXPLANATIONS

    @property
    def way_on(self) -> tuple[str, str]:
        return _("Zu Start Smart"), reverse("consulting:offer")


# What using a link does, by which an old one tells "you have done that" from "things have changed".
_DONE_BY = {
    Purpose.CONFIRM: {HistoryKind.CONFIRMED},
    Purpose.RESCHEDULE: {HistoryKind.MOVED, HistoryKind.CHOSE_TIME},
    Purpose.CANCEL: {HistoryKind.CANCELLED},
    Purpose.ANSWER: {HistoryKind.ACCEPTED, HistoryKind.REFUSED},
}


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


def _counter(consultation: ConsultationRequest, purpose: Purpose) -> int:
    # The question how it went outlives what the office writes down meanwhile, and is answered once.
    if purpose is Purpose.RATE:
        return int(bool(consultation.rating))
    return consultation.version


def _outcome(
    consultation: ConsultationRequest, purpose: Purpose, counter: int, until: int, now: datetime
) -> Outcome:
    if counter != _counter(consultation, purpose):
        return _why_dead(consultation, purpose, counter)
    if is_over(until, now):
        return Outcome.EXPIRED
    return Outcome.VALID


def _why_dead(consultation: ConsultationRequest, purpose: Purpose, counter: int) -> Outcome:
    if purpose is Purpose.RATE:
        return Outcome.USED
    kind = (
        HistoryEntry.objects.filter(request=consultation, version=counter + 1)
        .values_list("kind", flat=True)
        .first()
    )
    if kind in _DONE_BY.get(purpose, ()):
        return Outcome.USED
    return Outcome.EXPIRED if kind == HistoryKind.EXPIRED else Outcome.SUPERSEDED


def _rows() -> QuerySet[ConsultationRequest]:
    rows = ConsultationRequest.objects.select_related("municipality")
    return rows.prefetch_related("appointments__advisor")


_links = SignedLinks("consulting", "/start-smart", Opened, _rows, _outcome)
open_token, path, address = _links.open, _links.path, _links.address


def token_for(consultation: ConsultationRequest, purpose: Purpose, *, until: datetime) -> str:
    """A token for one purpose and this version of the consultation. Never stored, never logged."""
    values = [consultation.pk, _counter(consultation, purpose), seconds(until)]
    return _links.sign(values, purpose)


def _answer_outcome(message: Message, purpose: Purpose, until: int, now: datetime) -> Outcome:
    if hasattr(message, "answer"):
        return Outcome.USED
    if is_over(until, now):
        return Outcome.EXPIRED
    return Outcome.VALID


def _messages() -> QuerySet[Message]:
    """Ours, each with its answer. They go when the case is anonymised, and their links die with them."""
    ours = Message.objects.filter(answer_to=None)
    return ours.select_related("request__municipality", "author", "answer")


_answers = SignedLinks("consulting", "/start-smart", Opened, _messages, _answer_outcome)
open_answer = _answers.open


def answer_token(message: Message, *, until: datetime) -> str:
    """A token to answer one message, once. It outlives what becomes of the case meanwhile."""
    return _answers.sign([message.pk, seconds(until)], Purpose.WRITE)


def draft_token(draft: Draft) -> str:
    """A token to go on with a form; it lasts as long as the draft does."""
    return _links.sign([str(draft.pk)], Purpose.RESUME)


def open_draft(token: str, *, now: datetime) -> Opened:
    """The draft of a token; of a used one, the draft that it was taken to."""
    try:
        (pk,) = signed_links.unsign(token, _links.app, Purpose.RESUME)
    except signed_links.BadToken:
        return Opened(Purpose.RESUME, Outcome.WRONG)
    kept = Draft.objects.filter(changed_at__gt=now - DRAFT_LASTS)
    found = kept.filter(Q(pk=UUID(pk)) | Q(continues=UUID(pk)))
    # The one that was taken elsewhere first: the old key opens nothing, whatever stands there again.
    draft = found.order_by(F("continues").desc(nulls_last=True)).first()
    if draft is None:
        return Opened(Purpose.RESUME, Outcome.EXPIRED)
    was_taken = draft.continues == UUID(pk)
    return Opened(Purpose.RESUME, Outcome.USED if was_taken else Outcome.VALID, draft)
