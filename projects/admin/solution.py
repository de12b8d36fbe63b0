from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.admin.base import CatalogueAdmin
from projects.admin.sources import SolutionSourceInline
from projects.models import Solution
from projects.names import fold


@admin.register(Solution)
class SolutionAdmin(CatalogueAdmin):
    list_display = ("name", "project", "kind", "maturity", "open_source", "updated_at")
    list_select_related = ("project",)
    list_filter = ("kind", "maturity", "open_source", "project__call_year", "themes")
    ordering = ("sort_name", "pk")
    search_help_text = _("Name der Lösung oder des Modellprojekts, Text der Beschreibung.")
    autocomplete_fields = ("project",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (SolutionSourceInline,)
    fieldsets = (
        (None, {"fields": ("project", "name", "kind", "maturity", "themes", "description")}),
        (
            _("Nachnutzung"),
            {
                "fields": ("open_source", "repository"),
                "description": _(
                    "„Ja“ oder „nein“ nur, wenn eine Quelle es sagt. Sonst bleibt es bei "
                    "„nicht bekannt“."
                ),
            },
        ),
        (_("Adresse und Reihenfolge"), {"fields": ("slug", "position")}),
    )

    def matching(self, word: str) -> Q:
        return (
            Q(sort_name__contains=fold(word))
            | Q(project__sort_name__contains=fold(word))
            | Q(description__icontains=word)
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
