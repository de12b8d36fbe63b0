"""Rules about how long something personal is kept; each app has its own list of them.

The privacy page tells the very lists that the nightly tasks carry out, and a test fails for any field of
any model that could hold something personal and is in none.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One rule: which rows are too old at a moment, and what happens to them."""

    name: str
    # For people: what is kept, and for how long.
    text: str
    # "app.Model.field" of everything that the rule takes care of.
    fields: frozenset[str]
    overdue: Callable[[datetime], QuerySet]
    carry_out: Callable[[QuerySet, datetime], int]

    def apply(self, *, now: datetime) -> int:
        """Do it to what is overdue, and return how many rows that changed."""
        return self.carry_out(self.overdue(now), now)


def carry_out(rules: Iterable[RetentionRule], *, now: datetime) -> dict[str, int]:
    """Apply every rule and return how many rows each one changed, by its name.

    May run at any time and any number of times.
    """
    with transaction.atomic():
        changed = {rule.name: rule.apply(now=now) for rule in rules}
    logger.info("Retention: %s", ", ".join(f"{name} {rows}" for name, rows in changed.items()))
    return changed


def preview(rules: Iterable[RetentionRule], *, now: datetime) -> dict[str, int]:
    """What `carry_out` would change, without changing anything."""
    return {rule.name: rule.overdue(now).count() for rule in rules}


def delete_many(rows: QuerySet, now: datetime) -> int:
    """As `delete`, without fetching the keys first: for rows that pile up."""
    return rows.delete()[0]


def delete(rows: QuerySet, now: datetime) -> int:
    """What a rule does whose rows go altogether; counts what hangs on them as well."""
    return rows.model._default_manager.filter(
        pk__in=list(rows.values_list("pk", flat=True))
    ).delete()[0]
