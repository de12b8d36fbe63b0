"""A request taken on the phone: the parts of the public form on one page, by the same rules."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from consulting import actions
from consulting.actions import SlotTaken
from consulting.admin.forms import GONE, SHOWN_TIMES, time_choices
from consulting.availability import free_slots
from consulting.forms import ContactForm, MunicipalityForm, WishForm, municipality_of
from consulting.models import BuildingBlock, ConsultationRequest, Slot

NO_TIME = "keiner"


class PhoneTimeForm(forms.Form):
    """The free times of all advisors, by name: on the phone one can say who it would be."""

    slot = forms.ChoiceField(
        label=_("Termin"),
        initial=NO_TIME,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie einen Termin, oder keinen.")}
        | {"invalid_choice": GONE},
    )
    wishes = forms.CharField(
        label=_("Terminwünsche"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, now: datetime) -> None:
        super().__init__(data)
        slots = free_slots(now=now, limit=SHOWN_TIMES)
        self._free = {str(slot.pk): slot for slot in slots}
        none = (NO_TIME, _("Noch keiner. Eine andere Zeit können Sie danach fest vereinbaren."))
        self.fields["slot"].choices = [none, *time_choices(slots)]

    def chosen(self) -> Slot | None:
        return self._free.get(self.cleaned_data["slot"])


class CallerForm(ContactForm):
    """Who is calling, in the words of who takes the call. What they do there can be asked later."""

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        labels = {
            "contact_name": _("Name"),
            "contact_role": _("Funktion"),
            "email": _("E-Mail-Adresse"),
            "access_needs": _("Was wir vorbereiten sollen"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["contact_role"].required = False
        self.fields["email"].help_text = _(
            "Dorthin geht die Bestätigung. Bitte buchstabieren lassen."
        )
        # A colleague's own name and address are not those of the caller.
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class PhoneCall:
    """What was said on the phone, in the public form's own parts. Their fields have different names."""

    def __init__(self, data: Mapping[str, Any] | None, *, now: datetime) -> None:
        self.data, self.now = data, now
        self.municipality = MunicipalityForm(data)
        self.municipality.fields["q"].label = _("Kommune")
        self.wish = WishForm(data)
        self.wish.fields["question"].label = _("Anliegen")
        self.time = PhoneTimeForm(data, now=now)
        self.contact = CallerForm(data)
        # Sent twice, it is stored once.
        self.form_token = _token((data or {}).get("form_token")) or uuid.uuid4()

    def groups(self) -> list[tuple[Any, forms.Form]]:
        """After the Kommune, in the order in which one is told."""
        return [
            (_("Wer anruft"), self.contact),
            (_("Anliegen"), self.wish),
            (_("Termin"), self.time),
        ]

    def parts(self) -> list[forms.Form]:
        return [self.municipality, *(form for _heading, form in self.groups())]

    def stored(self) -> ConsultationRequest | None:
        """What the same form has become already: its time is no choice any more."""
        return ConsultationRequest.objects.filter(form_token=self.form_token).first()

    def is_valid(self) -> bool:
        if not all([part.is_valid() for part in self.parts()]):  # noqa: C419 -- all, so that all errors show
            return False
        wants_time = BuildingBlock.INITIAL in self.wish.cleaned_data["building_blocks"]
        if self.time.chosen() is not None and not wants_time:
            self.time.add_error("slot", _("Einen Termin hat nur die Initialberatung."))
        return self.time.is_valid()

    def take(self, *, by: AbstractBaseUser) -> ConsultationRequest | None:
        """Store it; None if the time is gone meanwhile, which the form then says."""
        wish, contact = self.wish.cleaned_data, self.contact.cleaned_data
        consultation = ConsultationRequest(
            form_token=self.form_token,
            **municipality_of(self.municipality.cleaned_data),
            **{name: wish[name] for name in ("building_blocks", "stage", "question")},
            **{name: contact[name] for name in ("contact_name", "contact_role", "email", "phone")},
            wishes=self.time.cleaned_data["wishes"],
        )
        try:
            return actions.submit(
                consultation,
                slot=self.time.chosen(),
                themes=list(wish["themes"]),
                access_needs=contact["access_needs"],
                now=self.now,
                by=by,
            )
        except SlotTaken:
            self.time = PhoneTimeForm(self.data, now=self.now)
            if self.time.is_valid():
                self.time.add_error("slot", GONE)
            return None


def _token(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
