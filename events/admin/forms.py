"""What hosts fill in, on the page of an event and before something is done with it."""

from copy import copy
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from communities.admin.group_choice import name_groups
from events.actions import publishing
from events.models import (
    AgendaItem,
    Event,
    EventKind,
    EventState,
    Format,
    Mode,
    Precision,
    Registration,
    Seats,
)
from ground.refusals import NotPossible
from office.slugs import SlugFromName
from office.steps import StepForm
from office.widgets import NativeDateTime

# What a group holds by itself; everything else belongs to the network.
GROUPS_KINDS = (EventKind.COMMUNITY_WORKSHOP, EventKind.TOPIC_WORKSHOP, EventKind.PEER_LEARNING)


class EventForm(SlugFromName, forms.ModelForm):
    """With `for_a_group` the event has to belong to one of the groups on offer."""

    for_a_group = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "community" in self.fields:
            name_groups(self.fields["community"])
        if self.for_a_group:
            if "community" in self.fields:
                self.fields["community"].required = True
                self.fields["community"].empty_label = None
            if "kind" in self.fields:
                self.fields["kind"].choices = [(kind.value, kind.label) for kind in GROUPS_KINDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begin, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if (begin is None) != (end is None) and {"starts_at", "ends_at"} <= set(self.fields):
            missing = "ends_at" if end is None else "starts_at"
            if missing not in self.errors:
                self.add_error(missing, _("Bitte Beginn und Ende angeben."))
        if self.instance.pk and self.instance.state != EventState.DRAFT:
            self._check_what_everybody_sees(cleaned)
        return cleaned

    def _check_what_everybody_sees(self, cleaned: dict[str, Any]) -> None:
        """What `publishing.publish` asks of a draft; seats may still be filled in beneath this form."""
        after = copy(self.instance)
        for name, value in cleaned.items():
            if name in {field.name for field in Event._meta.concrete_fields}:
                setattr(after, name, value)
        if after.starts_at is None and "starts_at" in self.fields and not self.errors:
            self.add_error("starts_at", _("Was öffentlich ist, braucht einen Termin."))
        if not after.takes_registrations or "takes_registrations" not in self.changed_data:
            return
        if not after.has_time:
            text = _("Dafür braucht die Veranstaltung Beginn und Ende mit Uhrzeit.")
            self.add_error("takes_registrations", text)
        elif not after.format:
            text = _("Dafür muss feststehen, ob sie vor Ort, online oder beides ist.")
            self.add_error("takes_registrations", text)
        elif Mode.ONLINE in publishing.MODES[Format(after.format)] and not after.online_link:
            self.add_error("takes_registrations", _("Dafür fehlt der Link zum Videoraum."))

    def slug_stem(self, named: str, cleaned: dict[str, Any]) -> str:
        """With the year: the same workshop comes again."""
        starts_at = cleaned.get("starts_at")
        year = f"-{timezone.localtime(starts_at):%Y}" if starts_at else ""
        return f"{super().slug_stem(named, cleaned)}{year}"


class EventStepForm(StepForm):
    version_field = "sequence"


class PublishForm(EventStepForm):
    def refuse(self, refusal: publishing.NotReady) -> None:
        for problem in refusal.problems:
            self.add_error(None, problem)


class TellingForm(EventStepForm):
    """The button says to how many people an e-mail goes."""

    def button(self) -> str:
        people = Registration.objects.live().with_address().filter(event=self.row)
        number = people.filter(anonymised_at=None).count()
        if not number:
            return ""
        text = ngettext(
            "%(step)s %(number)d Mensch bekommt eine E-Mail",
            "%(step)s %(number)d Menschen bekommen eine E-Mail",
            number,
        )
        return text % {"step": self.does, "number": number}


class ReasonForm(TellingForm):
    does = _("Absagen:")

    reason = forms.CharField(
        label=_("Grund"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steht so in der E-Mail an alle, die kommen wollten, und auf der Seite."),
    )


class _Times(TellingForm):
    starts_at = forms.DateTimeField(label=_("Beginn"), widget=NativeDateTime)
    ends_at = forms.DateTimeField(label=_("Ende"), widget=NativeDateTime)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begin, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", _("Das Ende muss nach dem Beginn liegen."))
        return cleaned


class RepeatForm(_Times):
    """When the new event is. It has no one to tell yet."""

    field_order = ("starts_at", "ends_at")

    def button(self) -> str:
        return ""


class RescheduleForm(_Times):
    """Time, place, form and link of an event: exactly what people are told of."""

    # A new link alone concerns only those who come online.
    does = _("Ändern: höchstens")

    field_order = ("starts_at", "ends_at", *publishing.PLACE_AND_FORM)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        for name in publishing.PLACE_AND_FORM:
            https = {"assume_scheme": "https"} if name == "online_link" else {}
            self.fields[name] = Event._meta.get_field(name).formfield(**https)
        self.order_fields(self.field_order)

    def initial_of(self, event: Event) -> dict[str, Any]:
        return {
            name: getattr(event, name)
            for name in ("starts_at", "ends_at", *publishing.PLACE_AND_FORM)
        }

    def clean_starts_at(self) -> datetime:
        begin = self.cleaned_data["starts_at"]
        if "starts_at" in self.changed_data and begin <= self.now:
            raise ValidationError(_t("Diese Zeit ist schon vorbei."))
        return begin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.changes():
            raise ValidationError(_t("Es ist noch nichts anders als bisher."))
        return cleaned

    def refuse(self, refusal: NotPossible) -> None:
        self.add_error("format", str(refusal))

    def changes(self) -> dict[str, Any]:
        """The fields that are different; saying a time makes a rough date an exact one."""
        named = {name: self.cleaned_data[name] for name in self.initial_of(self.row)}
        changed = {k: value for k, value in named.items() if getattr(self.row, k) != value}
        if {"starts_at", "ends_at"} & set(changed) and not self.row.has_time:
            changed |= {"precision": Precision.TIME, "date_text": ""}
        return changed


class ConcludeForm(EventStepForm):
    attendees = forms.IntegerField(
        label=_("Wie viele waren da?"), min_value=0, max_value=100_000, required=False
    )
    documentation = forms.CharField(
        label=_("Rückblick"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Was dabei herauskam. Steht danach auf der Seite der Veranstaltung."),
    )

    def initial_of(self, event: Event) -> dict[str, Any]:
        counted = event.registrations.filter(attended_at__isnull=False).count() or None
        attendees = counted if event.attendees is None else event.attendees
        return {"attendees": attendees, "documentation": event.documentation}


class SeatsForm(forms.ModelForm):
    """Says in words what the database would refuse: fewer seats than are taken."""

    class Meta:
        model = Seats
        fields = ("mode", "capacity", "waiting_limit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "mode" in self.fields:
            # Registrations refer to it; where a form of taking part ends, the event is moved.
            self.fields["mode"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk is None or not self.changed_data:
            return cleaned
        # Locked until the form is saved: no one takes a seat between this question and its answer.
        now = Seats.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        capacity, limit = cleaned.get("capacity"), cleaned.get("waiting_limit")
        if capacity is not None and capacity < now.taken:
            text = _t("So viele Plätze sind schon vergeben: %d. Weniger kann es nicht geben.")
            self.add_error("capacity", text % now.taken)
        if limit is not None and limit < now.waiting:
            text = _t("So viele Menschen warten schon: %d. Kürzer kann die Liste nicht werden.")
            self.add_error("waiting_limit", text % now.waiting)
        return cleaned


class AgendaItemForm(forms.ModelForm):
    """The same for a part of the programme that people choose."""

    def clean_capacity(self) -> int | None:
        capacity = self.cleaned_data["capacity"]
        if capacity is None or self.instance.pk is None or "capacity" not in self.changed_data:
            return capacity
        now = AgendaItem.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        if capacity < now.taken:
            text = _t("So viele Plätze sind schon vergeben: %d. Weniger kann es nicht geben.")
            raise ValidationError(text % now.taken)
        return capacity
