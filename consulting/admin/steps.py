"""What the office can do with a request: one button, one page that asks, one action each.

The three about how a date went are for the advisor whose date it is, too.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consulting import actions
from consulting.admin.forms import OutcomeForm, ReasonForm, TimeForm
from consulting.models import RUNNING, ConsultationRequest, State
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
    return row.state == State.CONFIRMED and agreed is not None and agreed.starts_at <= now


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
    if not actions.assign(ConsultationRequest.objects.filter(pk=row.pk), to=by):
        raise Overtaken(row)


def _record_outcome(
    row: ConsultationRequest, form: Any, by: AbstractBaseUser, now: datetime
) -> None:
    data = {name: form.cleaned_data[name] for name in ("outcome", "solutions", "projects")}
    actions.record_outcome(row, **data, by=by, now=now)


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
        _("Zum Termin ist niemand gekommen?"),
        _("Als nicht erschienen vermerkt."),
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
