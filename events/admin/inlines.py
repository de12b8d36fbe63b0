from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
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


class QuestionInline(HostedInline, admin.StackedInline):
    """A handful; one that was answered stays as it is."""

    model = EventQuestion
    extra = 1
    max_num = MOST_QUESTIONS
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    fields = ("position", "text", "kind", "options", "is_required")


class DocumentInline(_Few):
    model = Document
    fields = ("title", "phase", "visibility", "file", "link", "position")


class SourceInline(_Few):
    model = EventSource
    fields = ("text", "is_truncated", "position")
