"""The rule „six regional conferences a year“, year by year. Counting only, no database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from events.models import Event, EventKind

CONFERENCES_A_YEAR = 6


@dataclass(slots=True)
class Year:
    """The regional conferences of one year, each counted once."""

    year: int
    held: int = 0  # over, and not cancelled
    planned: int = 0  # not over yet, drafts too
    cancelled: int = 0

    @property
    def missing(self) -> int:
        """How many more it takes to keep the rule."""
        return max(0, CONFERENCES_A_YEAR - self.held - self.planned)


def conferences_by_year(events: Iterable[Event], *, now: datetime) -> list[Year]:
    """The latest year first, the current one always. Other kinds, and events without a date, do not count.

    A draft whose date is over was never announced, so it is not counted as held.
    """
    years: dict[int, Year] = defaultdict(lambda: Year(0))
    current = timezone.localdate(now).year
    years[current].year = current
    for event in events:
        if event.kind != EventKind.REGIONAL_CONFERENCE or event.first_day is None:
            continue
        year = years[event.first_day.year]
        year.year = event.first_day.year
        if event.is_cancelled:
            year.cancelled += 1
        elif not event.is_past(now):
            year.planned += 1
        elif event.is_public:
            year.held += 1
    return sorted(years.values(), key=lambda year: -year.year)
