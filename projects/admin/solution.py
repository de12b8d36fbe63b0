from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ground.names import fold
from office.slugs import SlugFromName
from projects.admin.facts import (
    BlockInline,
    CostInline,
    Lines,
    PhaseInline,
    ReuseInline,
    SolutionDocumentInline,
    SolutionLessonInline,
    UnsureField,
)
from projects.admin.filters import DoubtfulFilter
from projects.admin.own import OwnProjectsAdmin, own_projects
from projects.admin.publiccode import WithPubliccode
from projects.admin.sources import SolutionSourceInline
from projects.admin.tables import WithTable
from projects.models import Project, Solution


class SolutionForm(SlugFromName, forms.ModelForm):
    slug_stem_from = "name"
    partners = Lines(
        label=_("Partner"),
        required=False,
        help_text=_("Organisationen, keine Personen; je Zeile eine."),
    )
    unsure = UnsureField(
        label=_("zu prüfen"),
        required=False,
        help_text=_("Bei diesen Angaben steht öffentlich „zu prüfen“."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A declared field is in every form, also in one whose page does not show it.
        for name in ("partners", "unsure"):
            if name not in (self._meta.fields or ()):
                del self.fields[name]

    def clean_unsure(self) -> list[str]:
        chosen, stored = self.cleaned_data["unsure"], self.initial.get("unsure") or []
        return stored if set(chosen) == set(stored) else chosen


@admin.register(Solution)
class SolutionAdmin(WithTable, WithPubliccode, OwnProjectsAdmin):
    form = SolutionForm
    list_display = ("name", "project", "kind", "maturity", "open_source", "updated_at")
    list_select_related = ("project",)
    list_filter = (
        DoubtfulFilter,
        "kind",
        "maturity",
        "open_source",
        "project__call_year",
        "themes",
    )
    ordering = ("sort_name", "pk")
    search_help_text = _("Name der Lösung oder des Modellprojekts, Text der Beschreibung.")
    autocomplete_fields = ("project",)
    inlines = (
        CostInline,
        SolutionLessonInline,
        ReuseInline,
        BlockInline,
        SolutionDocumentInline,
        PhaseInline,
        SolutionSourceInline,
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "project",
                    "name",
                    "kind",
                    "problem",
                    "description",
                    "how_it_works",
                    ("maturity", "maturity_as_of"),
                    ("evidence", "evidence_text"),
                    "themes",
                    "technologies",
                    "partners",
                    ("staff_text", "duration_text"),
                    ("ended_on", "why_ended"),
                    "unsure",
                    "note",
                )
            },
        ),
        (
            _("Nachnutzung"),
            {
                "fields": ("open_source", "licence", "repository", "url"),
                "description": _(
                    "„Ja“ oder „nein“ nur, wenn eine Quelle es sagt. Sonst bleibt es bei "
                    "„nicht bekannt“."
                ),
            },
        ),
        (
            _("Adresse, Produkt und Reihenfolge"),
            {"fields": ("slug", "product", "confirmed_on", "position")},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) or bool(own_projects(request))

    def get_fieldsets(self, request: HttpRequest, obj: Solution | None = None) -> Any:
        if self.has_office_permission(request) or not self.has_change_permission(request, obj):
            return self.fieldsets
        # Others link to the address of a solution, so it is chosen once, when it is added.
        address = (_("Internetadresse"), {"fields": ("slug",), "classes": ("collapse",)})
        return self.fieldsets[:2] if obj else (*self.fieldsets[:2], address)

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Nobody has to sort the few solutions of one project."""
        sees_all = request.user.has_perm("projects.view_solution")
        return self.list_filter if sees_all else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Project and not self.has_office_permission(request):
            field.widget = forms.Select()
            field.queryset = Project.objects.filter(pk__in=own_projects(request))
            if len(own_projects(request)) == 1:
                field.empty_label = None
        return field

    def matching(self, word: str) -> Q:
        return (
            Q(sort_name__contains=fold(word))
            | Q(project__sort_name__contains=fold(word))
            | Q(description__icontains=word)
            | Q(problem__icontains=word)
        )

    def view_on_site(self, solution: Solution) -> str | None:
        return solution.get_absolute_url() if solution.project.is_public else None

    def save_model(
        self, request: HttpRequest, solution: Solution, form: forms.ModelForm, change: bool
    ) -> None:
        """A measure that moves to another project takes its sources along."""
        super().save_model(request, solution, form, change)
        if change and "project" in form.changed_data:
            solution.sources.update(project=solution.project)
