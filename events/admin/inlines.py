from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.admin.forms import AgendaItemForm, SeatsForm
from events.admin.scope import HostedInline
from events.models import (
    MOST_QUESTIONS,
    AgendaItem,
    Document,
    Event,
    EventQuestion,
    EventSource,
    Format,
    Mode,
    Seats,
)
from office.widgets import NativeDateTime


class _Inline(HostedInline, admin.StackedInline):
    extra = 0
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": NativeDateTime},
        models.URLField: {"assume_scheme": "https"},
    }


class _Few(_Inline):
    def get_extra(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> int:
        """An empty row to write into: adding rows needs a script."""
        return 1


class SeatsInline(_Few):
    model = Seats
    form = SeatsForm
    fields = ("mode", "capacity", "waiting_limit", "taken", "waiting")
    readonly_fields = ("taken", "waiting")
    max_num = 2

    verbose_name = _("Plätze für eine Art der Teilnahme")
    verbose_name_plural = _("Plätze")

    def get_extra(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> int:
        """An empty row for each way to take part that has none yet."""
        if obj is None:
            return len(Mode)
        ways = {Format.ON_SITE: {Mode.ON_SITE}, Format.ONLINE: {Mode.ONLINE}}
        wanted = ways.get(Format(obj.format), set(Mode))
        return len(wanted.difference(obj.seats.values_list("mode", flat=True)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AgendaInline(HostedInline, admin.StackedInline):
    model = AgendaItem
    form = AgendaItemForm
    extra = 1
    formfield_overrides = _Inline.formfield_overrides | {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 2})},
    }
    fields = (
        ("starts_at", "ends_at"),
        "title",
        "text",
        ("speakers", "room"),
        ("needs_choice", "capacity"),
    )


class QuestionForm(forms.ModelForm):
    class Meta:
        model = EventQuestion
        fields = ("text", "kind", "options", "is_required", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["position"].empty_value = None
        self.fields["position"].help_text = _("Leer: am Ende.")


class QuestionFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Who writes a question need not count: it gets the first place that is free."""
        super().clean()
        asked = [
            form for form in self.forms if form.cleaned_data and form not in self.deleted_forms
        ]
        taken = {form.instance.position for form in asked}
        free = (place for place in range(1, MOST_QUESTIONS + 1) if place not in taken)
        for form in asked:
            if form.instance.position is None:
                form.instance.position = next(free, None)


class QuestionInline(HostedInline, admin.StackedInline):
    """A handful; one that was answered stays as it is."""

    model = EventQuestion
    form = QuestionForm
    formset = QuestionFormSet
    extra = 1
    max_num = MOST_QUESTIONS
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    fields = ("text", "kind", "options", "is_required", "position")


class DocumentInline(_Few):
    model = Document
    fields = ("title", "phase", "visibility", "file", "link", "position")


class SourceInline(_Few):
    model = EventSource
    fields = ("text", "is_truncated", "position")
