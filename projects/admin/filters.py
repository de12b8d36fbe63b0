"""The filters beside the lists of the catalogue."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from office.filters import YesNoFilter
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


class EverCheckedFilter(YesNoFilter):
    title = _("schon geprüft")
    parameter_name = "geprueft"

    def condition(self) -> Q:
        return Q(checked_on__isnull=False)


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
