"""What the office can do with a request: one button, one page that asks, one action each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consulting import actions
from consulting.admin.forms import MoveForm, OutcomeForm, ReasonForm, TimeForm
from consulting.models import RUNNING, ConsultationRequest, State
from ground.contention import again_after_deadlock
from ground.refusals import Overtaken


@dataclass(frozen=True, slots=True)
class Move:
    slug: str
    title: str
    question: str
    # What is said afterwards.
    done: str
    # Decides about the button only; whether it still is possible, the action says.
    possible: Callable[[ConsultationRequest, datetime], bool]
    run: Callable[[ConsultationRequest, Any, AbstractBaseUser, datetime], object]
    form: type[MoveForm] = MoveForm
    # Everything else an advisor does with their own dates, too.
    office_only: bool = True


def _in(*states: State) -> Callable[[ConsultationRequest, datetime], bool]:
    return lambda request, now: request.state in states


def _can_confirm(request: ConsultationRequest, now: datetime) -> bool:
    held = request.current_appointment()
    return request.state == State.HELD and held is not None and not held.has_lapsed(now)


def _has_begun(request: ConsultationRequest, now: datetime) -> bool:
    agreed = request.current_appointment()
    return request.state == State.CONFIRMED and agreed is not None and agreed.starts_at <= now


def _with_time(action: Callable) -> Callable:
    """A time of one's own is stored with the date, or not at all."""

    @again_after_deadlock
    def run(request: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime) -> None:
        with transaction.atomic():
            action(request, slot=form.chosen(), by=by, now=now)

    return run


def _with_reason(action: Callable) -> Callable:
    return lambda request, form, by, now: action(
        request, reason=form.cleaned_data["reason"], by=by, now=now
    )


def _plainly(action: Callable) -> Callable:
    return lambda request, form, by, now: action(request, by=by, now=now)


def _is_nobodys(request: ConsultationRequest, now: datetime) -> bool:
    return request.is_running and request.responsible_id is None


def _take_on(request: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    if not actions.assign(ConsultationRequest.objects.filter(pk=request.pk), to=by):
        raise Overtaken(request)


def _record_outcome(
    request: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime
) -> None:
    data = {name: form.cleaned_data[name] for name in ("outcome", "solutions", "projects")}
    actions.record_outcome(request, **data, by=by, now=now)


MOVES = (
    Move(
        "uebernehmen",
        _("Selbst übernehmen"),
        _("Sind Sie künftig für diese Anfrage zuständig?"),
        _("Sie sind jetzt für diese Anfrage zuständig."),
        _is_nobodys,
        _take_on,
    ),
    Move(
        "bestaetigen",
        _("Termin bestätigen"),
        _("Der vorgemerkte Termin wird fest. Beide Seiten bekommen eine Einladung per E-Mail."),
        _("Der Termin ist bestätigt, die Einladungen gehen hinaus."),
        _can_confirm,
        _plainly(actions.confirm),
    ),
    Move(
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
    Move(
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
    Move(
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
    Move(
        "stattgefunden",
        _("Hat stattgefunden"),
        _("Die Beratung hat stattgefunden? Danach können Sie das Ergebnis festhalten."),
        _("Als stattgefunden vermerkt. Bitte halten Sie nun das Ergebnis fest."),
        _has_begun,
        _plainly(actions.mark_held),
        office_only=False,
    ),
    Move(
        "nicht-erschienen",
        _("Nicht erschienen"),
        _("Zum Termin ist niemand gekommen?"),
        _("Als nicht erschienen vermerkt."),
        _has_begun,
        _plainly(actions.mark_no_show),
        office_only=False,
    ),
    Move(
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
        office_only=False,
    ),
    Move(
        "absagen",
        _("Termin absagen"),
        _("Der Termin wird frei, beide Seiten bekommen eine Absage per E-Mail."),
        _("Der Termin ist abgesagt."),
        _in(State.CONFIRMED),
        _with_reason(actions.cancel),
        ReasonForm,
    ),
    Move(
        "ablehnen",
        _("Anfrage ablehnen"),
        _("Die Kommune bekommt eine E-Mail mit Ihrem Grund. Vorgemerkte Zeiten werden frei."),
        _("Die Anfrage ist abgelehnt."),
        _in(State.HELD, State.OPEN, State.PROPOSED),
        _with_reason(actions.decline),
        ReasonForm,
    ),
)
