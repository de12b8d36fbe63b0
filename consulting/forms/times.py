"""Free times as radio buttons under their days, and in pages that split no day."""

from collections.abc import Iterable

from django.core.paginator import Page, Paginator

from consulting.availability import by_day
from consulting.models import Slot

# From so many on the next day begins a new page.
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
            [(str(slot.pk), slot.within_day) for slot in day.slots],
        )
        for day in by_day(shown)
    ]


def page_of(
    slots: list[Slot], *, number: str, chosen: Slot | None
) -> tuple[Page, list[tuple[str, list]]]:
    """One page of the times, and its choices.

    What was chosen on another page stays in sight, else a person would lose it unseen.
    """
    page = Paginator(in_pages(slots), 1).get_page(number)
    [shown] = page.object_list
    if chosen is not None and chosen not in shown:
        shown = sorted([chosen, *shown], key=lambda slot: slot.starts_at)
    return page, as_choices(slots, shown=shown)


def in_pages(slots: list[Slot]) -> list[list[Slot]]:
    """The times in order, each day whole on one page. At least one page, perhaps an empty one."""
    pages: list[list[Slot]] = [[]]
    for day in by_day(slots):
        if len(pages[-1]) >= PER_PAGE:
            pages.append([])
        pages[-1].extend(day.slots)
    return pages


def _count(number: int) -> str:
    return "1\u00a0freie\u00a0Zeit" if number == 1 else f"{number}\u00a0freie\u00a0Zeiten"
