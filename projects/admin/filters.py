"""The filters beside the lists of the catalogue."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from office.filters import YesNoFilter
from projects.completeness import (
    BY_KEY,
    each_missing,
    important_first,
    lacking,
    lacking_something_important,
)
from projects.freshness import unanswered
from projects.models import (
    BuildingBlock,
    Cost,
    Document,
    Lesson,
    Project,
    ProjectMunicipality,
    ReachedPhase,
    Reuse,
)


class ProjectLandFilter(admin.SimpleListFilter):
    """A project that lies in three Länder is found under each of them."""

    title = _("Land")
    parameter_name = "land"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Land.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        return queryset.filter(laender__contains=[self.value()]) if self.value() else queryset


class NeedsCheckFilter(YesNoFilter):
    title = _("zu prüfen")
    parameter_name = "zu-pruefen"

    def condition(self) -> Q:
        return ~Q(check_note="")


class DoubtfulFilter(YesNoFilter):
    """Solutions at which „zu prüfen“ stands: at the sheet itself, or at any fact that belongs to it."""

    title = _("zu prüfen")
    parameter_name = "zu-pruefen"

    def condition(self) -> Q:
        condition = Q(unsure__len__gt=0)
        for model in (Cost, Lesson, Reuse, BuildingBlock, Document, ReachedPhase):
            doubtful = model.objects.filter(solution=OuterRef("pk"), is_certain=False)
            condition |= Q(Exists(doubtful))
        return condition


class MissingFilter(admin.SimpleListFilter):
    """Solutions whose sheet lacks a certain fact, or any that readers decide by."""

    title = _("was fehlt")
    parameter_name = "fehlt"
    IMPORTANT = "wichtiges"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        by_use = important_first(BY_KEY)
        return [
            (self.IMPORTANT, _("etwas Entscheidendes")),
            *((fact.key, fact.label) for fact in by_use),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value == self.IMPORTANT:
            return queryset.filter(lacking_something_important())
        return queryset.filter(lacking(value)) if value in BY_KEY else queryset

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        """Counted in two goes; Django looks at all rows for each choice."""
        rows = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())
        rows = rows.order_by()
        each = rows.annotate(one=each_missing()).values_list("one").annotate(Count("pk"))
        counts = dict(each) | {self.IMPORTANT: rows.filter(lacking_something_important()).count()}
        return {
            f"{place}__c": counts.get(key, 0)
            for place, (key, _name) in enumerate(self.lookup_choices)
        }


class EverCheckedFilter(YesNoFilter):
    title = _("schon geprüft")
    parameter_name = "geprueft"

    def condition(self) -> Q:
        return Q(checked_on__isnull=False)


class EditorsFilter(admin.SimpleListFilter):
    """Projects of which no one says whether their sheets still hold."""

    title = _("Projektredaktion")
    parameter_name = "redaktion"
    UNANSWERED = "antwortet-nicht"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(self.UNANSWERED, _("antwortet nicht")), ("niemand", _("niemand eingetragen"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        if self.value() == self.UNANSWERED:
            silent = unanswered(timezone.now()).filter(project=OuterRef("pk"))
            return queryset.filter(Exists(silent))
        return queryset.filter(editors=None) if self.value() == "niemand" else queryset


class FundedFilter(YesNoFilter):
    title = _("Modellprojekt")
    parameter_name = "modellprojekt"
    yes, no = _("beteiligt"), _("nicht beteiligt")

    def condition(self) -> Exists:
        return taking_part()


class EndedFilter(YesNoFilter):
    title = _("aufgelöst")
    parameter_name = "aufgeloest"

    def condition(self) -> Q:
        return Q(ended_on__isnull=False)


def taking_part() -> Exists:
    """Whether a Kommune takes part in a project itself."""
    return Exists(ProjectMunicipality.objects.filter(municipality=OuterRef("pk")))
