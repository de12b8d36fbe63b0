"""What can come between an intention and its fact, and how it is told."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError

from consulting.availability import free_slots
from consulting.models import Slot
from ground.contention import violated
from ground.refusals import NotPossible, Overtaken
from projects.models import Theme

NO_DOUBLE_BOOKING = "consulting_no_double_booking"
NEXT_TIMES = 5


class SlotTaken(NotPossible):
    """The time is not free any more, or cannot be booked by now. Nothing was changed."""

    def __init__(self, next_times: list[Slot]) -> None:
        super().__init__()
        # The next free times for the same topics, at most `NEXT_TIMES`.
        self.next_times = next_times


class HoldExpired(Overtaken):
    """The time was held only until a moment that has passed. Nothing was changed."""


class NotFree(Exception):
    """Within this package only: becomes `SlotTaken` once the transaction is undone."""


@contextmanager
def taking_time(themes: Collection[Theme], *, now: datetime) -> Iterator[None]:
    """Turn a time that is gone into `SlotTaken`, once the transaction inside is undone.

    The constraint speaks last: looking first only makes most refusals cheap.
    """
    try:
        yield
        return
    except NotFree as error:
        reason: Exception = error
    except IntegrityError as error:
        if violated(error) != NO_DOUBLE_BOOKING:
            raise
        reason = error
    raise SlotTaken(free_slots(now=now, themes=themes, limit=NEXT_TIMES)) from reason
