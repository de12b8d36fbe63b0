"""What changes weekly by a rule: in the same week everybody sees the same, and each has its turn."""

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def number_of(day: date) -> int:
    """Weeks since the year 1, each from Monday to Sunday."""
    return (day.toordinal() - 1) // 7


def shuffled(keys: Sequence[str]) -> list[str]:
    """In an order that is always the same and puts no two of one project together on purpose."""
    return sorted(keys, key=lambda key: blake2b(key.encode(), digest_size=8).digest())


def of_week(things: Sequence[T], day: date, count: int = 1) -> list[T]:
    """The next `count` of these with every week, from the start again after the last one."""
    if not things:
        return []
    first = number_of(day) * count
    return [things[(first + step) % len(things)] for step in range(min(count, len(things)))]
