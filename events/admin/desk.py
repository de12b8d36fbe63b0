"""What hosts can do with one registration: one button, one page that asks, one action each."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from events.actions import Full, SessionFull, cancel, desk, switch_mode
from events.forms.registration import ItemsField
from events.links import SEE_LASTS
from events.models import AgendaItem, EventState, Mode, Registration
from ground.mailbox import AddressFormField
from ground.refusals import NotPossible
from office.steps import Step, StepForm


class CorrectForm(StepForm):
    name = forms.CharField(label=_("Name"), max_length=150)
    email = AddressFormField(label=_("E-Mail-Adresse"))

    def initial_of(self, row: Registration) -> dict[str, Any]:
        return {"name": row.name, "email": row.email}


class ItemsForm(StepForm):
    """Items that are full cannot be chosen, but kept by those who have a place in them."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        own = set(self.row.choices.values_list("item", flat=True))
        items = [one for one in _choosable(self.row) if one.pk in own or _is_free(one)]
        self.fields["items"] = ItemsField(
            label=_("Programmpunkte"),
            queryset=AgendaItem.objects.filter(pk__in=[one.pk for one in items]),
            required=False,
            initial=list(own),
        )


def _choosable(row: Registration) -> list[AgendaItem]:
    return list(row.event.agenda.filter(needs_choice=True))


def _is_free(item: AgendaItem) -> bool:
    return item.capacity is None or item.taken < item.capacity


def _is_ahead(row: Registration, by: AbstractBaseUser, now: datetime) -> bool:
    event = row.event
    return row.is_live and event.state == EventState.PUBLISHED and event.starts_at > now


def _has_other_mode(row: Registration, by: AbstractBaseUser, now: datetime) -> bool:
    return _is_ahead(row, by, now) and _other(row) is not None


def _has_items(row: Registration, by: AbstractBaseUser, now: datetime) -> bool:
    return _is_ahead(row, by, now) and bool(_choosable(row))


def _can_be_corrected(row: Registration, by: AbstractBaseUser, now: datetime) -> bool:
    return row.is_live and row.anonymised_at is None


def _can_be_sent_again(row: Registration, by: AbstractBaseUser, now: datetime) -> bool:
    event = row.event
    lasts = event.state == EventState.PUBLISHED and now < event.ends_at + SEE_LASTS
    return row.is_live and lasts and bool(row.email)


def _other(row: Registration) -> Mode | None:
    modes = row.event.seats.exclude(mode=row.mode).values_list("mode", flat=True)
    return Mode(modes[0]) if modes else None


def _switch(row: Registration, now: datetime) -> None:
    other = _other(row)
    try:
        switch_mode(row, other, now=now)
    except Full as full:
        text = _("Für die Teilnahme %s ist kein Platz frei, oder andere warten darauf.")
        raise NotPossible(text % other.label) from full


def _choose(row: Registration, items: list[AgendaItem], now: datetime) -> None:
    try:
        desk.choose_items(row, items, now=now)
    except SessionFull as full:
        titles = ", ".join(item.title for item in full.items)
        raise NotPossible(_("Schon voll: %s. Es wurde nichts geändert.") % titles) from full


CANCELLING = Step(
    "abmelden",
    _("Abmelden"),
    _(
        "Ist ihre Adresse bekannt, bekommt die Person eine E-Mail, dass sie abgemeldet ist. Ihr Platz wird "
        "frei; wartet jemand, bekommt ihn die nächste Person auf der Warteliste."
    ),
    _("Die Person ist abgemeldet. Ist ihre Adresse bekannt, bekommt sie eine E-Mail."),
    _is_ahead,
    lambda row, form, by, now: cancel(row, now=now),
)

STEPS = (
    Step(
        "berichtigen",
        _("Name oder Adresse berichtigen"),
        _(
            "Eine E-Mail geht an die Adresse, die Sie hier eintragen. Links aus früheren E-Mails gelten "
            "danach nicht mehr, und die Adresse gilt als bestätigt."
        ),
        _("Berichtigt. Die E-Mail ist unterwegs."),
        _can_be_corrected,
        lambda row, form, by, now: desk.correct(row, now=now, **_named(form)),
        CorrectForm,
    ),
    Step(
        "wechseln",
        _("Vor Ort oder online wechseln"),
        _(
            "Die Person nimmt danach auf die andere Art teil und bekommt eine E-Mail. Ihr bisheriger "
            "Platz wird frei; wartet jemand, bekommt ihn die nächste Person auf der Warteliste."
        ),
        _("Gewechselt. Die E-Mail ist unterwegs."),
        _has_other_mode,
        lambda row, form, by, now: _switch(row, now),
    ),
    Step(
        "programm",
        _("Programmpunkte ändern"),
        _("Gilt danach statt dessen, was die Person gewählt hat. Sie bekommt eine E-Mail."),
        _("Geändert. Die E-Mail ist unterwegs."),
        _has_items,
        lambda row, form, by, now: _choose(row, list(form.cleaned_data["items"]), now),
        ItemsForm,
    ),
    Step(
        "erneut-senden",
        _("E-Mail noch einmal senden"),
        _("Die Person bekommt die E-Mail, die zum jetzigen Stand passt, mit gültigen Links."),
        _("Die E-Mail ist unterwegs."),
        _can_be_sent_again,
        lambda row, form, by, now: desk.send_again(row, now=now),
    ),
    CANCELLING,
)


def _named(form: CorrectForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("name", "email")}
