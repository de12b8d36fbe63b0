"""Moving times as people mean it: what began at nine begins at nine, whatever the clocks do."""

from datetime import datetime

from django.utils import timezone


def shifted(moment: datetime, *, old: datetime, new: datetime) -> datetime:
    """`moment` moved as `old` was moved to `new`, counted on German clocks."""
    difference = _on_the_wall(new) - _on_the_wall(old)
    return timezone.make_aware(_on_the_wall(moment) + difference)


def _on_the_wall(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)
