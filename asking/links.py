"""Links in e-mails about a question: signed, each for one purpose.

The one that confirms dies with the next change. The others work as long as there is something to see
or to do: an old e-mail is as good as a new one then.
"""

from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from asking.models import WITHDRAWABLE, Question, State
from ground import signed_links
from ground.signed_links import Outcome, SignedLinks, confirm_until, seconds


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    SEE = "stand"
    WITHDRAW = "zurueckziehen"
    RATE = "geholfen"
    # For the Kommune that uses it and was asked.
    REPLY = "antworten"


_EXPLANATIONS = {
    (Purpose.CONFIRM, Outcome.USED): _(
        "Sie haben Ihre Frage schon bestätigt. In der E-Mail, die Sie danach bekommen haben, steht, "
        "wie es weitergeht."
    ),
    (Purpose.CONFIRM, Outcome.EXPIRED): _(
        "Dieser Link ist abgelaufen. Ihre Frage haben wir gelöscht oder löschen sie heute Nacht. "
        "Sie können sie jederzeit neu stellen."
    ),
    (Purpose.WITHDRAW, Outcome.USED): _("Sie haben Ihre Frage schon zurückgezogen."),
    (Purpose.RATE, Outcome.USED): _("Sie haben uns schon gesagt, ob es geholfen hat. Danke!"),
    (Purpose.REPLY, Outcome.USED): _("Diese Frage ist beantwortet. Vielen Dank!"),
    (Purpose.REPLY, Outcome.EXPIRED): _(
        "Diese Frage wartet nicht mehr auf Ihre Antwort: Sie ist zurückgezogen, oder wir haben sie "
        "anderen gegeben."
    ),
    # Something happened while the page was open. The link itself still works.
    (None, Outcome.SUPERSEDED): _(
        "An dieser Frage hat sich eben etwas geändert, deshalb ist nichts geschehen. Öffnen Sie den Link "
        "noch einmal: Dann sehen Sie den jetzigen Stand."
    ),
    (None, Outcome.EXPIRED): _("Diese Frage gibt es nicht mehr: zurückgezogen oder gelöscht."),
}


class Opened(signed_links.Opened):
    explanations = _EXPLANATIONS

    @property
    def way_on(self) -> tuple[str, str] | None:
        if self.row is None:
            return None
        is_own = self.purpose is not Purpose.REPLY
        if is_own and self.row.confirmed_at and self.row.state != State.WITHDRAWN:
            return _("Stand der Frage ansehen"), path(Purpose.SEE, token_for(self.row, Purpose.SEE))
        return _("Zurück zum Portal"), self.row.page_url

    @property
    def explanation(self) -> str:
        is_dead_rating = self.purpose is Purpose.RATE and self.outcome is Outcome.SUPERSEDED
        if is_dead_rating and self.row.state != State.ANSWERED:
            return str(_("Auf diese Frage gibt es noch keine Antwort."))
        return super().explanation


def _outcome(
    question: Question, purpose: Purpose, stamp: int, until: int, now: datetime
) -> Outcome:
    state = question.state
    match purpose:
        case Purpose.CONFIRM:
            waits = state == State.UNCONFIRMED
            return signed_links.of_confirming(question, until, now, waits=waits)
        case Purpose.REPLY:
            return _of_replying(question, stamp)
        case Purpose.WITHDRAW if state == State.WITHDRAWN:
            return Outcome.USED
        case Purpose.WITHDRAW:
            return Outcome.VALID if state in WITHDRAWABLE else Outcome.EXPIRED
        case _ if not question.confirmed_at or state == State.WITHDRAWN:
            return Outcome.EXPIRED
        case Purpose.SEE:
            return Outcome.VALID
        case Purpose.RATE if question.helped:
            return Outcome.USED
        case Purpose.RATE:
            return Outcome.VALID if state == State.ANSWERED else Outcome.SUPERSEDED


def _of_replying(question: Question, statement: int) -> Outcome:
    if question.reuse_statement_id != statement:
        return Outcome.EXPIRED
    if question.state == State.WITH_REUSER:
        return Outcome.VALID
    return Outcome.USED if question.state == State.ANSWERED else Outcome.EXPIRED


def _rows() -> QuerySet[Question]:
    return Question.objects.with_everything()


_links = SignedLinks("asking", "/fragen", Opened, _rows, _outcome)
open_token, path, address = _links.open, _links.path, _links.address


def token_for(question: Question, purpose: Purpose, *, now: datetime | None = None) -> str:
    """A token for one purpose; the one that confirms lasts from `now`. Never stored, never logged."""
    stamp, until = 0, 0
    if purpose is Purpose.CONFIRM and now:
        until = seconds(confirm_until(now))
    if purpose is Purpose.REPLY:
        stamp = question.reuse_statement_id or 0
    return _links.sign([question.pk, stamp, until], purpose)
