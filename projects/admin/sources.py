"""Sources are edited where they belong: a project's own with the project, a measure's with the measure."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from office.widgets import NativeDate
from projects.admin.facts import OwnInline
from projects.models import Solution, Source


class SourceFormSet(BaseInlineFormSet):
    """Knows both owners of a source.

    The constraint on project, measure and text is not checked by the forms, because none shows all
    three fields. All sources of the owner are in the formset, so comparing these is enough.
    """

    def clean(self) -> None:
        super().clean()
        texts = set()
        for form in self.forms:
            text = form.cleaned_data.get("text") if hasattr(form, "cleaned_data") else None
            if not text or self._should_delete_form(form):
                continue
            if text in texts:
                form.add_error("text", _("Diese Quelle ist schon genannt."))
            texts.add(text)

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Source:
        if isinstance(self.instance, Solution):
            form.instance.project = self.instance.project
        return super().save_new(form, commit)


class SourceInline(admin.StackedInline):
    model = Source
    formset = SourceFormSet
    fields = (("text", "note"), ("is_truncated", "checked_on", "position"))
    classes = ("rows",)
    formfield_overrides = {models.DateField: {"widget": NativeDate}}
    extra = 0


class ProjectSourceInline(SourceInline):
    fk_name = "project"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(solution=None)


class SolutionSourceInline(OwnInline, SourceInline):
    """Whether an address is whole and when it was checked, is for the office to say."""

    fk_name = "solution"
    classes = ("rows", "collapse")
    extra = 1
    own_fields = (("text", "note"), "position")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if self.is_office(request) else self.own_fields
