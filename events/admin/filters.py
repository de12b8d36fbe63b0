from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.hosting import hosted_by
from events.models import ParticipantNeeds, RegistrationState
from office.filters import ReferenceFilter, YesNoFilter


class AheadFilter(YesNoFilter):
    title = _("Zeit")
    parameter_name = "kommend"
    yes, no = _("kommend"), _("vergangen")

    def condition(self) -> Q:
        return Q(ends_at__gt=timezone.now())


class YearFilter(admin.SimpleListFilter):
    title = _("Jahr")
    parameter_name = "jahr"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = hosted_by(request.user).datetimes("starts_at", "year", order="DESC")
        return [(str(year.year), str(year.year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not (value and value.isdecimal() and 1 <= int(value) <= 9999):
            return queryset
        return queryset.filter(starts_at__year=int(value))


class WantedEventFilter(ReferenceFilter):
    """The participants of one event: reached by its buttons, and offered for what lies ahead."""

    title = _("Veranstaltung")
    parameter_name = "veranstaltung"
    refers_by = "event"
    AHEAD = 30

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = hosted_by(request.user)
        rows = list(
            own.filter(takes_registrations=True)
            .order_by("-starts_at", "-pk")
            .values_list("pk", "title")[: self.AHEAD]
        )
        chosen = self.value()
        if chosen and chosen.isdecimal() and int(chosen) not in dict(rows):
            rows += own.filter(pk=chosen).values_list("pk", "title")
        return [(str(pk), title) for pk, title in rows]


class ConfirmedFilter(YesNoFilter):
    title = _("Adresse")
    parameter_name = "bestaetigt"
    yes, no = _("bestätigt"), _("noch nicht bestätigt")

    def condition(self) -> Q:
        return Q(confirmed_at__isnull=False)


class NeedsFilter(YesNoFilter):
    title = _("Bedarf für die Teilnahme")
    parameter_name = "bedarf"

    def condition(self) -> Exists:
        return Exists(ParticipantNeeds.objects.filter(registration=OuterRef("pk")))


class AttendedFilter(YesNoFilter):
    title = _("anwesend")
    parameter_name = "anwesend"

    def condition(self) -> Q:
        return Q(attended_at__isnull=False)


class StateFilter(admin.SimpleListFilter):
    title = _("Stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return RegistrationState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(state=value) if value in RegistrationState.values else queryset
