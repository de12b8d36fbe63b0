"""The pages of hosts: each shows the events that a person looks after, and nothing of others."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from communities.admin.scope import OwnGroupFilter, OwnGroupsAdmin
from communities.models import Community
from communities.scope import coordinated_by
from events.hosting import hosted_by, looks_after_all
from events.models import Event
from projects.admin.choices import CatalogueChoices


class HostedChoices(CatalogueChoices):
    """What a form offers to choose from: events and groups of one's own, no one else's."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.related_model is Event:
            field.queryset = hosted_by(request.user).order_by("-starts_at", "-pk")
        if field is not None and db_field.related_model is Community:
            # The staff look after the events of groups, too, that have ended.
            everything = looks_after_all(request.user)
            own = Community.objects.all() if everything else coordinated_by(request.user)
            field.queryset = own.in_order_of_full_name()
        return field


class HostedInline(HostedChoices):
    """Rows of an event are edited by the one who edits the event: its page has asked who that is."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class HostedAdmin(HostedChoices, OwnGroupsAdmin):
    """The same for what belongs to events: those of one's own groups, all of them for the events staff.

    The events of others do not exist on these pages, and answer like something that never was.
    """

    to_community = "event__community"

    def sees_all(self, user: Any) -> bool:
        return looks_after_all(user)

    def is_own(self, request: HttpRequest, row: Any) -> bool:
        # The staff's are, without asking the database for each button of a page.
        return self.sees_all(request.user) or super().is_own(request, row)


def trail_to_event(event: Event) -> list[tuple[str, str]]:
    """The pages above those of what belongs to an event: no one looks for it in a list of its own."""
    return [
        (_t("Veranstaltungen"), reverse("admin:events_event_changelist")),
        (str(event), reverse("admin:events_event_change", args=[event.pk])),
    ]


class OwnCommunityFilter(OwnGroupFilter):
    """The groups that have events."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        with_events = Community.objects.filter(
            pk__in=hosted_by(request.user).order_by().values("community")
        )
        groups = with_events.in_order_of_full_name()
        return [(str(group.pk), group.full_name) for group in groups]
