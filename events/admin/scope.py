"""The pages of hosts: each shows the events that somebody looks after, and nothing of others."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from communities.models import Community
from communities.scope import coordinated_by
from events.hosting import hosted_by, hosts, hosts_something, looks_after_all
from events.models import Event
from projects.admin.base import CatalogueAdmin
from projects.admin.choices import CatalogueChoices


class HostedChoices(CatalogueChoices):
    """What a form offers to choose from: events and groups of one's own, nobody else's."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.related_model is Event:
            kwargs["queryset"] = hosted_by(request.user).order_by("-starts_at", "-pk")
        if db_field.related_model is Community:
            everything = looks_after_all(request.user)
            own = Community.objects.active() if everything else coordinated_by(request.user)
            kwargs["queryset"] = own.order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class HostedInline(HostedChoices):
    """Rows of an event are edited by whoever edits the event: its page has asked who that is."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class HostedAdmin(HostedChoices, CatalogueAdmin):
    """Everything on these pages starts from `get_queryset`: lists, counts, forms, actions, choices.

    So the events of others do not exist there, and answer like something that never was.
    """

    # The way from a row to its event, for filters; "" where the row is the event.
    to_event = "event"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        if looks_after_all(request.user):
            return queryset
        own = coordinated_by(request.user)
        return queryset.filter(Q(**{f"{self._to('community')}__in": own}))

    def _to(self, name: str) -> str:
        return f"{self.to_event}__{name}" if self.to_event else name

    def _event(self, row: Any) -> Event:
        return getattr(row, self.to_event) if self.to_event else row

    def has_module_permission(self, request: HttpRequest) -> bool:
        return hosts_something(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return hosts_something(request.user) if obj is None else self._is_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return hosts_something(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _is_own(self, request: HttpRequest, row: Any) -> bool:
        return hosts(request.user, self._event(row))


class OwnCommunityFilter(admin.SimpleListFilter):
    """Only groups that one looks after stand in the list of choices."""

    title = Community._meta.verbose_name
    parameter_name = "gruppe"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        with_events = Community.objects.filter(
            pk__in=hosted_by(request.user).order_by().values("community")
        )
        return [(str(pk), name) for pk, name in with_events.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(community=value) if value and value.isdecimal() else queryset
