"""What the office can do with a request: one button, one page that asks, one action each.

Those about how a date went, and what is written to the Kommune, are for the advisor of the case, too.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consulting import actions
from consulting.actions.office import REOPENABLE
from consulting.actions.writing import can_be_written_to
from consulting.admin.forms import (
    CallOffForm,
    HandOverForm,
    OutcomeForm,
    ReasonForm,
    SendOutcomeForm,
    TimeForm,
    WriteForm,
)
from consulting.models import RUNNING, ConsultationRequest, HistoryKind, State
from consulting.scope import is_office
from ground.contention import again_after_deadlock
from ground.refusals import Overtaken
from office.steps import Step


def _in(*states: State) -> Callable[[ConsultationRequest, AbstractBaseUser, datetime], bool]:
    return lambda row, by, now: row.state in states


def _can_confirm(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    held = row.current_appointment()
    return row.state == State.HELD and held is not None and not held.has_lapsed(now)


def _has_begun(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    agreed = row.current_appointment()
    return row.state == State.CONFIRMED and agreed is not None and agreed.has_begun(now)


def _with_time(action: Callable) -> Callable:
    """A time of one's own is stored with the date, or not at all."""

    @again_after_deadlock
    def run(row: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime) -> None:
        with transaction.atomic():
            action(row, slot=form.chosen(), by=by, now=now)

    return run


def _with_reason(action: Callable) -> Callable:
    return lambda row, form, by, now: action(
        row, reason=form.cleaned_data["reason"], by=by, now=now
    )


def _plainly(action: Callable) -> Callable:
    return lambda row, form, by, now: action(row, by=by, now=now)


def _is_nobodys(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    return row.is_running and row.responsible_id is None


def _take_on(row: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    if not actions.assign(ConsultationRequest.objects.filter(pk=row.pk), to=by, by=by, now=now):
        raise Overtaken(row)


def _record_outcome(
    row: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime
) -> None:
    data = {name: form.cleaned_data[name] for name in ("outcome", "solutions", "projects")}
    actions.record_outcome(row, **data, by=by, now=now)


def _hand_over(row: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    data = {name: form.cleaned_data[name] for name in ("to", "note")}
    actions.hand_over(row, **data, by=by, now=now)


def _is_running(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    return row.is_running


def _write(row: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    actions.write(row, text=form.cleaned_data["text"], by=by, now=now)


def _has_unread(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    # In Python: the page of a case has read them anyway.
    return any(one.is_answer and one.read_at is None for one in row.messages.all())


def _mark_read(row: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    if not actions.mark_read(row, by=by, now=now):
        raise Overtaken(row)


def _has_date(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    return row.is_agreed


def _can_be_reopened(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    return row.state in REOPENABLE and row.anonymised_at is None


def _has_outcome_to_send(row: ConsultationRequest, by: AbstractBaseUser, now: datetime) -> bool:
    if row.state != State.DONE or row.anonymised_at is not None or not row.outcome:
        return False
    # What was sent is sent again only after it was written anew.
    entries = row.history.filter(kind__in=[HistoryKind.OUTCOME, HistoryKind.SENT_OUTCOME])
    return entries.values_list("kind", flat=True).last() != HistoryKind.SENT_OUTCOME


_office_step = partial(Step, allowed=is_office)

STEPS = (
    _office_step(
        "uebernehmen",
        _("Selbst übernehmen"),
        _("Sind Sie künftig für diese Anfrage zuständig?"),
        _("Sie sind jetzt für diese Anfrage zuständig."),
        _is_nobodys,
        _take_on,
    ),
    _office_step(
        "zuweisen",
        _("Jemandem zuweisen"),
        _(
            "Wer künftig zuständig ist, bekommt eine E-Mail und sieht diese Anfrage. Die Kommune "
            "erfährt davon nichts."
        ),
        _("Die Anfrage ist zugewiesen."),
        _is_running,
        _hand_over,
        HandOverForm,
    ),
    Step(
        "schreiben",
        _("Der Kommune schreiben"),
        _(
            "Ihre Nachricht geht per E-Mail hinaus, mit einem Link zum Antworten. Beides steht danach "
            "bei der Anfrage."
        ),
        _("Ihre Nachricht geht per E-Mail hinaus."),
        lambda row, by, now: can_be_written_to(row),
        _write,
        WriteForm,
    ),
    Step(
        "gelesen",
        _("Antwort ist erledigt"),
        _("Wartet die Antwort der Kommune auf nichts mehr?"),
        _("Als erledigt vermerkt."),
        _has_unread,
        _mark_read,
    ),
    _office_step(
        "bestaetigen",
        _("Termin bestätigen"),
        _("Der vorgemerkte Termin wird fest. Beide Seiten bekommen eine Einladung per E-Mail."),
        _("Der Termin ist bestätigt, die Einladungen gehen hinaus."),
        _can_confirm,
        _plainly(actions.confirm),
    ),
    _office_step(
        "vereinbaren",
        _("Termin fest vereinbaren"),
        _(
            "Wenn Sie sich schon abgesprochen haben, zum Beispiel am Telefon. Beide Seiten bekommen "
            "eine Einladung per E-Mail."
        ),
        _("Der Termin ist vereinbart, die Einladungen gehen hinaus."),
        _in(State.HELD, State.OPEN, State.PROPOSED),
        _with_time(actions.schedule),
        TimeForm,
    ),
    _office_step(
        "vorschlagen",
        _("Anderen Termin vorschlagen"),
        _(
            "Die Zeit wird freigehalten, bis die Kommune antwortet, längstens fünf Tage. Ein schon "
            "vereinbarter Termin bleibt so lange bestehen."
        ),
        _("Der Vorschlag geht per E-Mail hinaus."),
        _in(*RUNNING),
        _with_time(actions.propose),
        TimeForm,
    ),
    _office_step(
        "verschieben",
        _("Termin verschieben"),
        _(
            "Wenn Sie sich schon abgesprochen haben. Der bisherige Termin wird frei, beide Seiten "
            "bekommen die neue Zeit per E-Mail."
        ),
        _("Der Termin ist verschoben, die neuen Einladungen gehen hinaus."),
        _in(State.CONFIRMED),
        _with_time(actions.reschedule),
        TimeForm,
    ),
    _office_step(
        "faellt-aus",
        _("Termin fällt aus"),
        _(
            "Wenn von Ihrer Seite niemand kann. Der Termin wird frei, und die Kommune wählt über den "
            "Link in der E-Mail selbst einen neuen. Die Anfrage läuft weiter."
        ),
        _("Der Termin fällt aus. Die Kommune kann einen neuen wählen."),
        _has_date,
        lambda row, form, by, now: actions.call_off(
            row, reason=form.cleaned_data["reason"], by=by, now=now
        ),
        CallOffForm,
    ),
    Step(
        "stattgefunden",
        _("Hat stattgefunden"),
        _("Die Beratung hat stattgefunden? Danach können Sie das Ergebnis festhalten."),
        _("Als stattgefunden vermerkt. Bitte halten Sie nun das Ergebnis fest."),
        _has_begun,
        _plainly(actions.mark_held),
    ),
    Step(
        "nicht-erschienen",
        _("Nicht erschienen"),
        _("Zum Termin ist niemand gekommen? Die Kommune kann per E-Mail einen neuen wählen."),
        _("Als nicht erschienen vermerkt. Das Angebot eines neuen Termins geht hinaus."),
        _has_begun,
        _plainly(actions.mark_no_show),
    ),
    Step(
        "ergebnis",
        _("Ergebnis festhalten"),
        _(
            "Was kam heraus, was empfehlen Sie? Eine Anfrage ohne Termin, zum Beispiel ein Interesse "
            "an Peer Learning, ist damit erledigt."
        ),
        _("Das Ergebnis ist gespeichert."),
        _in(State.DONE, State.OPEN),
        _record_outcome,
        OutcomeForm,
    ),
    Step(
        "ergebnis-schicken",
        _("Ergebnis schicken"),
        _("So steht es in der E-Mail an die Kommune, mit Links zu allem, was öffentlich ist."),
        _("Das Ergebnis geht per E-Mail hinaus."),
        _has_outcome_to_send,
        _plainly(actions.send_outcome),
        SendOutcomeForm,
    ),
    _office_step(
        "wieder-aufnehmen",
        _("Wieder aufnehmen"),
        _(
            "Die Anfrage läuft weiter. Die Kommune bekommt eine E-Mail und kann einen Termin wählen."
        ),
        _("Die Anfrage läuft wieder."),
        _can_be_reopened,
        _plainly(actions.reopen),
    ),
    _office_step(
        "absagen",
        _("Termin absagen"),
        _("Der Termin wird frei, beide Seiten bekommen eine Absage per E-Mail."),
        _("Der Termin ist abgesagt."),
        _in(State.CONFIRMED),
        _with_reason(actions.cancel),
        ReasonForm,
    ),
    _office_step(
        "ablehnen",
        _("Anfrage ablehnen"),
        _("Die Kommune bekommt eine E-Mail mit Ihrem Grund. Vorgemerkte Zeiten werden frei."),
        _("Die Anfrage ist abgelehnt."),
        _in(State.HELD, State.OPEN, State.PROPOSED),
        _with_reason(actions.decline),
        ReasonForm,
    ),
)
