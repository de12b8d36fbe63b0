"""The reminders of an event on its page: what is sent of itself stands there, to be changed or left out.

The rules of its kind are rows that nobody has stored. Left as they are they stay so; changed or switched
off they become the event's own rule of the same name.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from events.admin.scope import HostedInline
from events.mail import reminders
from events.models import Event, Precision, ReminderRule
from mailing.greeting import GREETED

_SHOWN = ("name", "anchor", "hours", "to", "text", "is_active")


class ReminderForm(forms.ModelForm):
    """The name is for the portal alone: the same time and people are the same rule."""

    class Meta:
        model = ReminderRule
        fields = _SHOWN
        widgets = {"name": forms.HiddenInput}
        help_texts = {"text": format_lazy("{} {}", _("Steht am Anfang der E-Mail."), GREETED)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        if self.instance.pk is None:
            for name, value in self.initial.items():
                setattr(self.instance, name, value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("name") and {"anchor", "hours", "to"} <= cleaned.keys():
            cleaned["name"] = f"{cleaned['anchor']}-{cleaned['hours']}-{cleaned['to']}"
            self.instance.name = cleaned["name"]
        return cleaned


class ReminderFormSet(BaseInlineFormSet):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial_extra = [
            {name: getattr(rule, name) for name in _SHOWN} for rule in usual_rules(self.instance)
        ]


def usual_rules(event: Event) -> list[ReminderRule]:
    """Those of its kind that the event has not replaced."""
    own = {rule.name for rule in event.reminder_rules.all()} if event.pk else set()
    return [rule for rule in reminders.DEFAULTS.get(event.kind, ()) if rule.name not in own]


class ReminderInline(HostedInline, admin.StackedInline):
    model = ReminderRule
    form = ReminderForm
    formset = ReminderFormSet
    classes = ("rows",)
    fields = ("planned", "name", ("anchor", "hours", "to"), "text", "is_active")
    readonly_fields = ("planned",)
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2})}}
    verbose_name_plural = _("Erinnerungen: was von selbst gesendet wird")

    def get_extra(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> int:
        """Also an empty row to write into: adding rows needs a script."""
        return 1 + (len(usual_rules(obj)) if obj else 0)

    @admin.display(description=_("Wird gesendet"))
    def planned(self, rule: ReminderRule) -> str:
        """When and to whom, as the event stands now."""
        if rule.hours is None:
            return _t("Noch eine Erinnerung:")
        if not rule.is_active:
            return _t("nicht, abgeschaltet")
        event = rule.event
        if not event.takes_registrations:
            return _t("nicht, denn man kann sich nicht anmelden")
        if event.precision != Precision.TIME or event.starts_at is None:
            return _t("sobald die Uhrzeit feststeht")
        at = date_format(timezone.localtime(reminders.moment(rule, event)), "l, j. F Y, H:i")
        return _t("%(at)s Uhr, an %(to)s") % {"at": at, "to": rule.get_to_display()}
