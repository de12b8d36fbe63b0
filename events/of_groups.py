"""The workshops and meetings of groups, told to the app below that has the groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from communities.models import Community
from communities.workshops import provide
from events.models import RELEASED, Event, Minutes, MinutesTask

MOST_TASKS = 50


def workshops_of(communities: Sequence[Community] | None) -> QuerySet[Event]:
    of_groups = Event.objects.public().select_related("community__parent")
    if communities is None:
        return of_groups.filter(community__isnull=False)
    return of_groups.filter(community__in=communities)


def with_minutes(page: Mapping[str, Any]) -> dict[str, Any]:
    """For those inside a group: its workshops, and whether there are minutes to be read. One query."""
    events = list(page["events"])
    found = Minutes.objects.filter(event__in=events, state__in=RELEASED)
    have = set(found.values_list("event", flat=True))
    return {"past_workshops": [(event, event.pk in have) for event in events]}


def with_tasks(page: Mapping[str, Any]) -> dict[str, Any]:
    """For those inside a group: what its members have taken on and not done yet. One query."""
    rows = MinutesTask.objects.open().filter(minutes__event__community=page["community"])
    reader = page["own"].user_id if page["own"] else None
    return {
        "today": timezone.localdate(),
        "tasks": [
            (
                task,
                task.owner_as_seen_by(reader, writes=page["coordinates"]),
            )
            for task in rows.select_related("member", "minutes__event")[:MOST_TASKS]
        ],
    }


provide(workshops_of)
