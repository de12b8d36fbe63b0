"""The filters beside the queue. Each value shows how many requests it leaves."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consulting.models import RUNNING, BuildingBlock, ConsultationRequest, State
from office.filters import YesNoFilter


class StateFilter(admin.SimpleListFilter):
    title = _("Stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("laufend", _("alle laufenden")), *State.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "laufend":
            return queryset.filter(state__in=RUNNING)
        return queryset.filter(state=self.value()) if self.value() else queryset


class OverdueFilter(YesNoFilter):
    title = _("Frist")
    parameter_name = "ueberfaellig"
    yes, no = _("überfällig"), _("nicht überfällig")

    def condition(self) -> Q:
        now = timezone.now()
        overdue = ConsultationRequest.objects.overdue(today=timezone.localdate(now), now=now)
        return Q(pk__in=overdue.order_by().values("pk"))


class AwayFilter(YesNoFilter):
    title = _("Abwesenheit")
    parameter_name = "abwesend"
    yes, no = _("Termin fällt hinein"), _("nicht betroffen")

    def condition(self) -> Q:
        found = ConsultationRequest.objects.while_away(now=timezone.now())
        return Q(pk__in=found.order_by().values("pk"))


class AnswerFilter(YesNoFilter):
    title = _("Antwort der Kommune")
    parameter_name = "antwort"
    yes, no = _("neu"), _("keine neue")

    def condition(self) -> Q:
        return Q(pk__in=ConsultationRequest.objects.answered().order_by().values("pk"))


class ResponsibleFilter(admin.SimpleListFilter):
    title = _("Zuständigkeit")
    parameter_name = "zustaendig"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        mine = Q(responsible=request.user)
        nobody = Q(responsible=None)
        self.conditions = {"ich": mine, "niemand": nobody, "andere": ~mine & ~nobody}
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ich", _("ich")), ("niemand", _("niemand")), ("andere", _("jemand anderes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(self.conditions.get(self.value(), Q()))


class BuildingBlockFilter(admin.SimpleListFilter):
    title = _("Baustein")
    parameter_name = "baustein"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return BuildingBlock.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(building_blocks__contains=[value]) if value else queryset
