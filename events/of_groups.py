"""The workshops and meetings of groups, told to the app below that has the groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from communities.models import Community
from communities.workshops import provide
from events.models import Event, Minutes, MinutesState


def workshops_of(communities: Sequence[Community] | None) -> QuerySet[Event]:
    of_groups = Event.objects.public().select_related("community__parent")
    if communities is None:
        return of_groups.filter(community__isnull=False)
    return of_groups.filter(community__in=communities)


def with_minutes(page: Mapping[str, Any]) -> dict[str, Any]:
    """For those inside a group: its workshops, and whether there are minutes to be read. One query."""
    events = list(page["events"])
    shared = (MinutesState.APPROVED, MinutesState.PUBLIC)
    found = Minutes.objects.filter(event__in=events, state__in=shared)
    have = set(found.values_list("event", flat=True))
    return {"past_workshops": [(event, event.pk in have) for event in events]}


provide(workshops_of)
