"""„Meine Kommune“: which ones a person has named as theirs, wherever in the portal that was."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.own_data import Person
from projects.models import Municipality

# The keys of the Kommunen that a person has named in an app, as a query.
Find = Callable[[Person], QuerySet[Any]]
_finds: list[Find] = []


def register(find: Find) -> None:
    """Called once, in the `AppConfig.ready` of an app that asks people for their Kommune."""
    if find not in _finds:
        _finds.append(find)


def municipalities_of(person: Person) -> QuerySet[Municipality]:
    """One query, however many apps have asked."""
    condition = Q(pk__in=[])
    for find in _finds:
        condition |= Q(pk__in=find(person))
    return (
        Municipality.objects.filter(condition).select_related("kreis").order_by("sort_name", "pk")
    )
