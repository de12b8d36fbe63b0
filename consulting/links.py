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
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consulting.models import (
    Appointment,
    ConsultationRequest,
    Draft,
    HistoryEntry,
    HistoryKind,
    Message,
    State,
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


# Whoever does something by these says that they are who asks. To cancel says only that somebody reads the
# mails, as an answer to a message does, which may be „Das war ich nicht“.
PROVING = frozenset(Purpose) - {Purpose.CANCEL, Purpose.WRITE}

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
    (Purpose.RATE, Outcome.SUPERSEDED): _(
        "Zu dieser Anfrage gibt es zurzeit keine Beratung zu bewerten."
    ),
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

# Said where both sides have agreed on a date; what else has run out was no date.
_WITH_A_DATE = {
    (Purpose.RESCHEDULE, Outcome.EXPIRED): _(
        "Der Termin hat schon begonnen oder liegt zurück. Er lässt sich nicht mehr verschieben."
    ),
    (Purpose.CANCEL, Outcome.EXPIRED): _(
        "Der Termin hat schon begonnen oder liegt zurück. Er lässt sich nicht mehr absagen."
    ),
    (Purpose.ANSWER, Outcome.EXPIRED): _(
        "Die Frist für diesen Vorschlag ist abgelaufen, die Zeit ist wieder frei. An Ihrem schon "
        "vereinbarten Termin ändert sich dadurch nichts."
    ),
}
# Said once a request has ended: there no newer e-mail need be, nor one with a link.
_ENDED = {
    State.NO_SHOW: _(
        "Zu Ihrem Termin haben wir Sie nicht erreicht. Möchten Sie die Beratung noch, wählen Sie "
        "einen neuen über den Link in der E-Mail, die Sie danach bekommen haben."
    ),
    State.CANCELLED: _("Diese Anfrage ist abgesagt. Sie müssen nichts weiter tun."),
    State.EXPIRED: _(
        "Die Vormerkung ist verfallen, der Termin ist nicht gebucht. Sie müssen nichts weiter tun."
    ),
}
_OVER = _("Diese Anfrage ist abgeschlossen. Sie müssen nichts weiter tun.")
_RATED = _("Die Beratung liegt zurück. Sie müssen nichts weiter tun.")
_NOTHING_TO_CANCEL = _("Die Vormerkung ist verfallen, es gibt nichts abzusagen.")


def _how_it_ended(row: ConsultationRequest, purpose: StrEnum | None) -> Promise:
    if row.anonymised_at is not None:
        return _OVER
    if row.state == State.EXPIRED and purpose is Purpose.CANCEL:
        return _NOTHING_TO_CANCEL
    return _ENDED.get(row.state, _OVER)


class Opened(signed_links.Opened):
    explanations = _EXPLANATIONS
    headings = {(Purpose.WRITE, Outcome.USED): _("Antwort angekommen")}

    @property
    def explanation(self) -> str:
        # A draft and a message have no state of their own.
        if isinstance(self.row, ConsultationRequest):
            return str(self._by_the_state(self.row) or super().explanation)
        return super().explanation

    def _by_the_state(self, row: ConsultationRequest) -> Promise | None:
        """What is true of this request only as it stands now."""
        if self.purpose is Purpose.RATE:
            return None
        if row.is_agreed and (self.purpose, self.outcome) in _WITH_A_DATE:
            return _WITH_A_DATE[self.purpose, self.outcome]
        lapsed = (self.purpose, self.outcome) == (Purpose.ANSWER, Outcome.EXPIRED)
        if not row.is_running and (self.outcome is Outcome.SUPERSEDED or lapsed):
            return _how_it_ended(row, self.purpose)
        # Saying how it went raises the version without an e-mail.
        if row.is_agreed and row.rating and self.outcome is Outcome.SUPERSEDED:
            return _RATED
        return None

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
        return _why_dead(consultation, purpose, counter, now)
    if is_over(until, now):
        return Outcome.EXPIRED
    # Asked before anybody types: a request may have gone another way since, and keeps this link.
    if purpose is Purpose.RATE and not consultation.can_be_rated(now):
        return Outcome.SUPERSEDED
    return Outcome.VALID


def _why_dead(
    consultation: ConsultationRequest, purpose: Purpose, counter: int, now: datetime
) -> Outcome:
    if purpose is Purpose.RATE:
        return Outcome.USED
    kind = (
        HistoryEntry.objects.filter(request=consultation, version=counter + 1)
        .values_list("kind", flat=True)
        .first()
    )
    if kind in _DONE_BY.get(purpose, ()):
        return Outcome.USED
    if purpose in (Purpose.RESCHEDULE, Purpose.CANCEL):
        # A hold or a proposal that lapses says nothing of a date agreed beside it.
        has_begun = consultation.is_agreed and consultation.current_appointment().has_begun(now)
        return Outcome.EXPIRED if has_begun else Outcome.SUPERSEDED
    is_theirs = kind == HistoryKind.EXPIRED and purpose in (Purpose.CONFIRM, Purpose.ANSWER)
    return Outcome.EXPIRED if is_theirs else Outcome.SUPERSEDED


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
