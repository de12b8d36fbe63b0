"""Taking an advisor's time and giving it back, and what can come between."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from consulting.actions.changing import advance, due_date
from consulting.availability import blocking, free, free_slots
from consulting.mail import consultations
from consulting.models import Advisor, Appointment, ConsultationRequest, HistoryKind, Slot, State
from ground.contention import one_by_one, violated
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

    The constraint speaks last; `claim_time` only makes most refusals cheap.
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


def claim_time(
    slot: Slot, *, now: datetime, by_office: bool = False, moving: Appointment | None = None
) -> None:
    """Make sure that this time can be stored, and that no rival stores it before we have committed.

    The one place where a booking asks whether its time is free, before anything is stored: so most
    refusals are cheap. The constraint on `Appointment` decides.

    Raises `NotFree`. The office may go beyond what is on offer (lead time, horizon, daily maximum),
    but neither into the past nor into a time that is taken. `moving` leaves its own time for this.
    """
    lock(slot.advisor)
    standing = [row for row in _around(slot) if not (row.has_lapsed(now) and _release(row, now))]
    if by_office:
        if slot.starts_at <= now:
            raise NotFree
        return  # whether it is free, the constraint says
    if not _is_still_offered(slot):
        raise NotFree
    if not any(free([slot], [row for row in standing if row != moving], now=now)):
        raise NotFree


def _is_still_offered(slot: Slot) -> bool:
    """False if it was withdrawn or moved since it was read, as with the event that it hangs on."""
    same = Slot.objects.offered().filter(pk=slot.pk)
    return same.filter(starts_at=slot.starts_at, ends_at=slot.ends_at, place=slot.place).exists()


def _around(slot: Slot) -> QuerySet[Appointment]:
    first, last = (timezone.localdate(end) for end in (slot.blocked.lower, slot.blocked.upper))
    return blocking([slot.advisor], first=first, last=last)


def lock(advisor: Advisor) -> None:
    """Let one after the other book with this advisor, until the end of the transaction.

    The exclusion constraint alone keeps times from overlapping. The lock is for the daily maximum,
    which no constraint can count, and spares the database two inserts that wait for each other.
    """
    # no_key: rows that merely point at the advisor can still be stored meanwhile.
    Advisor.objects.select_for_update(no_key=True).get(pk=advisor.pk)


def release_expired(*, now: datetime) -> int:
    """Free the times to which no one has said yes in time, and return how many.

    A held one makes its consultation expire; after a proposal it is the office's turn again, and a date
    that was agreed before stays agreed. May run at any time, any number of times, also in parallel.
    """
    lapsed = Appointment.objects.lapsed(now).order_by("request_id", "pk")
    return one_by_one(lapsed, transaction.atomic(lambda appointment: _release(appointment, now)))


def _release(appointment: Appointment, now: datetime) -> bool:
    # The consultation first, as everywhere. Anyone who confirms it right now holds this lock.
    consultation = ConsultationRequest.objects.select_for_update(no_key=True).get(
        pk=appointment.request_id
    )
    released = Appointment.objects.lapsed(now).filter(pk=appointment.pk).update(released_at=now)
    if not released:
        return False
    match consultation.state:
        case State.HELD:
            changes = {"state": State.EXPIRED, "closed_at": now}
        case State.PROPOSED:
            changes = {"state": State.OPEN, "due_on": due_date(now=now)}
        case _:
            changes = {}
    current = advance(
        consultation, HistoryKind.EXPIRED, expected=[consultation.state], now=now, **changes
    )
    if appointment.is_proposal:
        consultations.after_proposal(current, now=now)
        consultations.tell_office(current, "lapsed", now=now)
    return True
