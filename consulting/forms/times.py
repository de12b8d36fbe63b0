"""Free times as radio buttons, grouped by day."""

from collections.abc import Iterable

from consulting.availability import by_day
from consulting.models import Slot

PER_PAGE = 12


def distinct(slots: Iterable[Slot]) -> list[Slot]:
    """Each time once: which of two advisors takes it does not matter to the person."""
    seen: dict[str, Slot] = {}
    for slot in slots:
        seen.setdefault(slot.in_full, slot)
    return list(seen.values())


def as_choices(slots: list[Slot], *, shown: Iterable[Slot]) -> list[tuple[str, list]]:
    """`shown` under their days, each with the number of all times of its day."""
    counts = {day.date: len(day.slots) for day in by_day(slots)}
    return [
        (
            f"{day.slots[0].day_in_full} ({_count(counts[day.date])})",
            [(str(slot.pk), slot.in_full) for slot in day.slots],
        )
        for day in by_day(shown)
    ]


def _count(number: int) -> str:
    return "1 freie Zeit" if number == 1 else f"{number} freie Zeiten"
