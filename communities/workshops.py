"""Public workshops and meetings of groups: rows of an app above, seen through its related name."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from communities.models import Community


def public_workshops(communities: list[Community] | None = None) -> QuerySet[Any]:
    """Those of these groups, or of all; each with its group read along."""
    events = Community._meta.get_field("events").related_model._default_manager
    of_groups = events.public().select_related("community__parent")
    if communities is None:
        return of_groups.filter(community__isnull=False)
    return of_groups.filter(community__in=communities)


def ended(now: datetime) -> int:
    """How many are over: pages that tell next from past ones change with this number."""
    return public_workshops().past(now).count()
