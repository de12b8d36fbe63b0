"""What hosts fill in for a person who calls, or stands at the door."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.actions import Person
from events.actions.desk import Entry
from events.forms.registration import DetailsForm
from events.models import Event, Mode, Seats
from ground.mailbox import AddressFormField


class _EntryForm(DetailsForm):
    field_order = (
        "name",
        "email",
        "q",
        "municipality",
        "organisation",
        "mode",
        "contributes",
        "sessions",
    )

    email = AddressFormField(
        label=_("E-Mail-Adresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Bitte geben Sie die E-Mail-Adresse an.")},
    )
    contributes = forms.BooleanField(
        label=_("Wirkt mit (Vortrag, Moderation, Team)"),
        help_text=_("Nimmt keinen der Plätze weg, die für Teilnehmende da sind."),
        required=False,
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event) -> None:
        super().__init__(data, event=event, initial={"submission": uuid.uuid4()})
        # What only the person can agree to.
        self.fields.pop("on_participants_list", None)
        name = self.fields["name"]
        name.label = _("Name")
        name.widget.attrs["autocomplete"] = "off"
        name.error_messages["required"] = _("Bitte geben Sie den Namen an.")
        self.fields["q"].label = _("Kommune")
        self.fields["organisation"].label = _("Oder Organisation")
        self.fields["organisation"].help_text = ""
        self.fields["organisation"].widget.attrs["autocomplete"] = "off"

    def entry(self, mode: Mode) -> Entry:
        """What was said, once the form is valid."""
        cleaned = self.cleaned_data
        return Entry(
            Person(cleaned["name"], cleaned["email"]),
            mode,
            cleaned["submission"],
            self.details,
            cleaned.get("contributes", False),
        )


class CallForm(_EntryForm):
    """Before the event: everything that people can say themselves. Nothing of the hosts' own questions
    has to be answered, as the caller may have hung up."""

    mode = forms.ChoiceField(
        label=_("Teilnahme"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wie die Person teilnimmt.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event) -> None:
        super().__init__(data, event=event)
        self.fields["needs"].label = _("Was braucht die Person, um teilzunehmen?")
        self.fields["needs_text"].label = _("Was braucht sie noch?")
        if len(self.seats) == 1:
            del self.fields["mode"]
        else:
            self.fields["mode"].choices = [(row.mode, _left(row)) for row in self.seats]
        for question in self.own_questions:
            question.field.required = False
        self.order_fields(self.field_order)

    @property
    def offer(self) -> str:
        """How many seats are left, where there is nothing to choose between."""
        return "" if "mode" in self.fields else _left(self.seats[0])


class WalkInForm(_EntryForm):
    """At the door, where others wait behind: a name is enough."""

    must_represent = False

    one_more = forms.BooleanField(
        label=_("Trotzdem einlassen: einen Platz mehr anlegen"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event) -> None:
        super().__init__(data, event=event)
        own = [question.name for question in self.own_questions]
        for name in ("needs", "needs_text", "catering_note", "sessions", "contributes", *own):
            self.fields.pop(name, None)
        self.questions = []
        email = self.fields["email"]
        email.required = False
        email.help_text = _(
            "Freiwillig. Ohne Adresse gibt es keine E-Mail, also auch keinen Link zur Bescheinigung. "
            "Wer auf der Warteliste steht, wird mit seiner Adresse gefunden."
        )
        self.asks_one_more = False
        self.order_fields(self.field_order)

    def ask_one_more(self) -> None:
        """All seats are taken: show the way in all the same."""
        self.asks_one_more = True
        self.add_error(
            "one_more",
            _(
                "Es ist kein Platz frei, oder andere warten darauf. Wenn Sie die Person trotzdem "
                "einlassen, erhöht sich die Zahl der Plätze um einen."
            ),
        )

    @property
    def chosen_mode(self) -> Mode:
        modes = [row.mode for row in self.seats]
        return Mode.ON_SITE if Mode.ON_SITE in modes else Mode(modes[0])


def _left(row: Seats) -> str:
    mode = str(row.get_mode_display())
    if row.free is None:
        return mode
    if row.waiting or not row.free:
        return _("%(mode)s – voll, auf der Warteliste sind noch %(free)d Plätze") % {
            "mode": mode,
            "free": row.waiting_free,
        }
    left = ngettext("noch %d Platz", "noch %d Plätze", row.free) % row.free
    return f"{mode} – {left}"
