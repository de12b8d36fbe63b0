"""Public workshops and meetings of groups, as the app that keeps the events says them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from communities.models import Community

# Gets groups, or None for all of them; a query set that knows `upcoming(now)` and `past(now)`.
Provider = Callable[[Sequence[Community] | None], QuerySet[Any]]

_providers: list[Provider] = []


def provide(workshops: Provider) -> None:
    """Say where workshops are kept; called once, in the `AppConfig.ready` of an app above."""
    _providers[:] = [workshops]


def public_workshops(communities: Sequence[Community] | None = None) -> QuerySet[Any]:
    """Those of these groups, or of all; each with its group read along."""
    [workshops] = _providers
    return workshops(communities)


def ended(now: datetime) -> int:
    """How many are over: pages that tell next from past ones change with this number."""
    return public_workshops().past(now).count()
