"""The workshops and meetings of groups, told to the app below that has the groups."""

from collections.abc import Sequence

from django.db.models import QuerySet

from communities.models import Community
from communities.workshops import provide
from events.models import Event


def workshops_of(communities: Sequence[Community] | None) -> QuerySet[Event]:
    of_groups = Event.objects.public().select_related("community__parent")
    if communities is None:
        return of_groups.filter(community__isnull=False)
    return of_groups.filter(community__in=communities)


provide(workshops_of)
