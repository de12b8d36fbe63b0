"""What can come between a person's wish to take part and its fact, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.models import AgendaItem, Mode
from ground.refusals import Overtaken


class Closed(Exception):
    """Registration has not begun, is over, or the event is not what one can register for (any more)."""


@dataclass(frozen=True, slots=True)
class Possible:
    """What is still to be had in one mode: seats left (None: no limit), places on the waiting list."""

    mode: Mode
    free: int | None
    waiting_places: int


class Full(Exception):
    """Neither a seat nor a place on the waiting list for all of them. Nothing was changed."""

    def __init__(self, mode: Mode, possible: Sequence[Possible] = ()) -> None:
        super().__init__(mode)
        self.mode = mode
        # What there was a moment ago, in the mode asked for and in the others.
        self.possible = possible


class SessionFull(Exception):
    """Items of the programme have no seat left. Nothing was changed."""

    def __init__(self, items: Sequence[AgendaItem]) -> None:
        super().__init__([item.pk for item in items])
        self.items = items


class TooLate(Overtaken):
    """The time to confirm or accept is over. Nothing was changed."""
