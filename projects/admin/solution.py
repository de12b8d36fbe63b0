from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ground.names import fold
from office.slugs import SlugFromName
from projects.admin.facts import (
    BlockInline,
    CostInline,
    Lines,
    PhaseInline,
    ReuseInline,
    SearchWords,
    SolutionDocumentInline,
    SolutionLessonInline,
    UnsureField,
)
from projects.admin.filters import DoubtfulFilter, MissingFilter
from projects.admin.guide import EXAMPLES, Group, fieldsets, groups_for, shown_groups
from projects.admin.own import OwnProjectsAdmin, own_projects
from projects.admin.preview import WithPreview
from projects.admin.publiccode import WithPubliccode
from projects.admin.revision import KeepsRevisions
from projects.admin.sources import SolutionSourceInline
from projects.admin.tables import WithTable
from projects.catalogue import Catalogue
from projects.completeness import FACTS, NEXT, Fact, important_first, with_missing
from projects.models import Project, Solution
from projects.sheet import of_solution, with_facts


class SolutionForm(SlugFromName, forms.ModelForm):
    slug_stem_from = "name"
    partners = Lines(label=_("Partner"), required=False)
    search_words = SearchWords()
    unsure = UnsureField(
        label=_("zu prüfen"),
        required=False,
        help_text=_("Bei diesen Angaben steht öffentlich „zu prüfen“."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A declared field is in every form, also in one whose page does not show it.
        for name in ("partners", "search_words", "unsure"):
            if name not in (self._meta.fields or ()):
                del self.fields[name]
        for name, example in EXAMPLES.items():
            if name in self.fields:
                self.fields[name].help_text = example
        for name in ("problem", "description", "how_it_works", "evidence_text"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 4

    def clean_unsure(self) -> list[str]:
        chosen, stored = self.cleaned_data["unsure"], self.initial.get("unsure") or []
        return stored if set(chosen) == set(stored) else chosen


@admin.register(Solution)
class SolutionAdmin(WithTable, WithPubliccode, WithPreview, KeepsRevisions, OwnProjectsAdmin):
    form = SolutionForm
    change_form_template = "admin/projects/solution/change_form.html"
    list_display = (
        "name",
        "project",
        "kind",
        "maturity",
        "open_source",
        "known_facts",
        "updated_at",
    )
    list_select_related = ("project",)
    list_filter = (
        MissingFilter,
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) or bool(own_projects(request))

    def get_fieldsets(self, request: HttpRequest, obj: Solution | None = None) -> Any:
        return fieldsets(self._groups(request, obj))

    def _groups(self, request: HttpRequest, obj: Solution | None) -> list[Group]:
        # Those who only look see everything as well.
        is_office = self.has_office_permission(request) or not self.has_change_permission(
            request, obj
        )
        return groups_for(is_office=is_office, is_new=obj is None)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        solution = context["original"]
        missing = [] if solution is None else important_first(solution.missing_facts)
        context |= {
            "groups": shown_groups(
                self._groups(request, solution),
                context["adminform"],
                context["inline_admin_formsets"],
                missing,
            ),
            "completeness": self._completeness(request, solution, missing),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _completeness(
        self, request: HttpRequest, solution: Solution | None, missing: list[Fact]
    ) -> dict[str, Any] | None:
        """None where there is nothing to complete (yet), or not for this person."""
        if solution is None or not self.has_change_permission(request, solution):
            return None
        project = reverse("admin:projects_project_change", args=[solution.project_id])
        return {
            "known": len(FACTS) - len(missing),
            "all": len(FACTS),
            "next": [
                (fact, f"{project if fact.is_of_project else ''}#{fact.place}")
                for fact in missing[:NEXT]
            ],
            "more": [fact.label for fact in missing[NEXT:]],
        }

    @admin.display(description=_("Angaben"), ordering="missing_facts__len")
    def known_facts(self, solution: Any) -> str:
        known = len(FACTS) - len(solution.missing_facts)
        return _t("%(known)d von %(all)d") % {"known": known, "all": len(FACTS)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Solution]:
        return with_missing(super().get_queryset(request))

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Nobody has to sort the few solutions of one project, but to see what they lack."""
        sees_all = request.user.has_perm("projects.view_solution")
        return self.list_filter if sees_all else (MissingFilter,)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Project and not self.has_office_permission(request):
            field.widget = forms.Select()
            field.queryset = Project.objects.filter(pk__in=own_projects(request))
            if len(own_projects(request)) == 1:
                field.empty_label = None
        return field

    def preview_of(self, shown: Catalogue, solution: Solution) -> dict[str, Any]:
        return of_solution(
            shown, with_facts(Solution.objects.filter(pk=solution.pk)).get(), timezone.localdate()
        )

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
