"""The facts of a sheet are edited where they belong: with their solution, project, product or theme."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models
from django.db.models import UniqueConstraint
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from office.widgets import Checkboxes, NativeDate
from projects.admin.choices import CatalogueChoices
from projects.admin.guide import EXAMPLES_IN_ROWS
from projects.admin.money import Euro
from projects.admin.own import own_projects
from projects.models import (
    BuildingBlock,
    Cost,
    Document,
    Lesson,
    ReachedPhase,
    Reuse,
    Solution,
    SolutionFact,
    StatedBy,
    words_between_commas,
)


class FactFormSet(BaseInlineFormSet):
    """Tells rows apart by what the forms show of a constraint.

    Where a constraint names a column that no form shows, Django leaves it out. All rows of the owner
    are in the formset, so comparing these is enough.
    """

    def clean(self) -> None:
        super().clean()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                self._tell_apart(constraint)

    def _tell_apart(self, constraint: UniqueConstraint) -> None:
        shown = [name for name in constraint.fields if name in self.form.base_fields]
        hidden = set(constraint.fields) - {*shown, self.fk.name}
        if not shown or not hidden:
            return
        seen = set()
        for form in self.forms:
            if not getattr(form, "cleaned_data", None) or self._should_delete_form(form):
                continue
            values = tuple(form.cleaned_data.get(name) for name in shown)
            if values in seen and all(values):
                form.add_error(shown[-1], constraint.get_violation_error_message())
            seen.add(values)


class OwnInline(admin.StackedInline):
    """Who edits a solution or a project may add, change and remove these rows of it."""

    # The way from the owner to its project; empty where the office alone edits the owner.
    to_project = "project_id"

    def _is_own(self, request: HttpRequest, owner: Any) -> bool:
        own = own_projects(request) if self.to_project else ()
        return bool(own) if owner is None else getattr(owner, self.to_project, None) in own

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self._is_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) or self._is_own(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) or self._is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) or self._is_own(request, obj)

    def is_office(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)


class FactInline(CatalogueChoices, OwnInline):
    formset = FactFormSet
    classes = ("rows", "collapse")
    formfield_overrides = {
        models.DateField: {"widget": NativeDate},
        models.URLField: {"assume_scheme": "https"},
    }
    # One to fill in is there also without JavaScript; left empty, it is not stored.
    extra = 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        for name, example in EXAMPLES_IN_ROWS.get(formset.get_default_prefix(), {}).items():
            if name in formset.form.base_fields:
                formset.form.base_fields[name].help_text = example
        return formset


_SOURCED = ("source", ("is_certain", "checked_on", "position"), "note")


class CostInline(FactInline):
    model = Cost
    fields = ("purpose", ("amount", "period", "as_of", "for_reusers"), *_SOURCED)
    formfield_overrides = {
        **FactInline.formfield_overrides,
        models.DecimalField: {"form_class": Euro},
    }


class LessonInline(FactInline):
    model = Lesson
    fields = ("kind", "text", *_SOURCED)


class ProjectLessonInline(LessonInline):
    fk_name = "project"
    to_project = "pk"


class ThemeLessonInline(LessonInline):
    fk_name = "theme"
    to_project = ""


class SolutionLessonInline(LessonInline):
    fk_name = "solution"


class ReuseFormSet(FactFormSet):
    """What a municipality has confirmed those who edit the project neither change nor remove.

    They add, question or object where it was stated (`projects.admin.reuse_statement`).
    """

    may_change_confirmed = False

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if self.may_change_confirmed or not form.instance.confirmed_on:
            return
        for name in (*form.base_fields, DELETION_FIELD_NAME):
            if name in form.fields:
                form.fields[name].disabled = True
        # Shown as it is, also where it is none that they could choose.
        form.fields["stated_by"].choices = StatedBy.choices


class ReuseInline(FactInline):
    """Whether a Kommune confirmed it, and which it is in the official list, is for the office to say."""

    model = Reuse
    formset = ReuseFormSet
    fk_name = "solution"
    fields = (
        "name",
        ("municipality", "project"),
        ("how", "is_planned"),
        ("since", "contract_until"),
        "cost_text",
        "learned",
        "project_note",
        ("stated_by", "confirmed_on"),
        *_SOURCED,
    )
    own_fields = ("name", "how", ("since", "stated_by"), *_SOURCED)
    autocomplete_fields = ("municipality", "project")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if self.is_office(request) else self.own_fields

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.may_change_confirmed = self.is_office(request)
        if not self.is_office(request) and "stated_by" in formset.form.base_fields:
            # Nobody speaks for another Kommune.
            formset.form.base_fields["stated_by"].choices = [
                (value, label) for value, label in StatedBy.choices if value != StatedBy.REUSER
            ]
        return formset


class ProductReuseInline(ReuseInline):
    fk_name = "product"
    to_project = ""


class BlockInline(FactInline):
    model = BuildingBlock
    fk_name = "solution"
    fields = ("text", ("product", "origin"), *_SOURCED)


class DocumentInline(FactInline):
    model = Document
    fields = (("kind", "title"), "url", "licence", *_SOURCED)


class ProjectDocumentInline(DocumentInline):
    fk_name = "project"
    to_project = "pk"


class SolutionDocumentInline(DocumentInline):
    fk_name = "solution"


class PhaseInline(FactInline):
    model = ReachedPhase
    fields = (("phase", "as_of"), "evidence", "source", ("is_certain", "checked_on"), "note")


class Lines(SimpleArrayField):
    """A list of texts, one on each line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(forms.CharField(max_length=200), delimiter="\n", **kwargs)

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class SearchWords(SimpleArrayField):
    """Words between commas; each once, however it is written."""

    def __init__(self, **kwargs: Any) -> None:
        model_field = Solution._meta.get_field("search_words")
        super().__init__(
            forms.CharField(max_length=model_field.base_field.max_length),
            delimiter=", ",
            max_length=model_field.size,
            required=False,
            label=model_field.verbose_name,
            help_text=model_field.help_text,
            widget=forms.Textarea(attrs={"rows": 3}),
            **kwargs,
        )

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = self.delimiter.join(words_between_commas(value))
        return super().to_python(value)


class UnsureField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=SolutionFact.choices, widget=Checkboxes(kwargs["label"]), **kwargs)
