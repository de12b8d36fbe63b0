"""Times and days as people in Germany count them."""

from datetime import date, datetime, timedelta

from django.utils import timezone


def shifted(moment: datetime, *, old: datetime, new: datetime) -> datetime:
    """`moment` moved as `old` was moved to `new`, counted on German clocks.

    What began at nine begins at nine, whatever the clocks do.
    """
    difference = _on_the_wall(new) - _on_the_wall(old)
    return timezone.make_aware(_on_the_wall(moment) + difference)


def working_days_from(day: date, count: int) -> date:
    """So many working days later, or before for a negative count. Public holidays do not count."""
    step = timedelta(days=1 if count > 0 else -1)
    remaining = abs(count)
    while remaining:
        day += step
        remaining -= day.weekday() < 5
    return day


def _on_the_wall(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)
