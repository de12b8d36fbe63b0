"""The moves that every action is made of: change a request, claim or free an advisor's time."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from consulting.actions.conflicts import NotFree
from consulting.availability import blocking, free
from consulting.mail import consultations
from consulting.models import (
    Advisor,
    Appointment,
    ConsultationRequest,
    HistoryEntry,
    HistoryKind,
    Slot,
    State,
)
from ground.refusals import Overtaken

ANSWER_WORKDAYS = 5


def advance(
    request: ConsultationRequest,
    kind: HistoryKind,
    *,
    expected: Collection[State],
    now: datetime,
    by: AbstractBaseUser | None = None,
    **changes: Any,
) -> ConsultationRequest:
    """Change a request if it still is what the caller has read, and return it as it is now.

    Of several callers who have read the same version exactly one gets through, the others get
    `Overtaken`. The request passed in is left alone, so it stays true if the transaction is undone.
    """
    changed = ConsultationRequest.objects.filter(
        pk=request.pk, version=request.version, state__in=expected
    ).update(version=F("version") + 1, changed_at=now, **changes)
    current = ConsultationRequest.objects.select_related("municipality").get(pk=request.pk)
    if not changed:
        raise Overtaken(current)
    HistoryEntry.objects.create(request=current, version=current.version, kind=kind, at=now, by=by)
    return current


def claim_time(
    slot: Slot, *, now: datetime, by_office: bool = False, moving: Appointment | None = None
) -> None:
    """Make sure that this time can be stored, and that nobody else does before we have committed.

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


def require_free(slot: Slot, *, now: datetime) -> None:
    """Raise `NotFree` for a time that is taken or not on offer; one query. A cheap refusal only."""
    if not any(free([slot], [row for row in _around(slot) if not row.has_lapsed(now)], now=now)):
        raise NotFree


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
    """Free the times to which nobody has said yes in time, and return how many.

    A held one makes its request expire; after a proposal it is the office's turn again, and a date
    that was agreed before stays agreed. May run at any time, any number of times, also in parallel.
    """
    lapsed = Appointment.objects.lapsed(now).order_by("request_id", "pk")
    released = 0
    for appointment in lapsed:
        with transaction.atomic():
            released += _release(appointment, now)
    return released


def _release(appointment: Appointment, now: datetime) -> bool:
    # The request first, as everywhere. Whoever confirms it right now holds this lock.
    request = ConsultationRequest.objects.select_for_update(no_key=True).get(
        pk=appointment.request_id
    )
    released = Appointment.objects.lapsed(now).filter(pk=appointment.pk).update(released_at=now)
    if not released:
        return False
    match request.state:
        case State.HELD:
            changes = {"state": State.EXPIRED, "closed_at": now}
        case State.PROPOSED:
            changes = {"state": State.OPEN, "due_on": due_date(now=now)}
        case _:
            changes = {}
    current = advance(request, HistoryKind.EXPIRED, expected=[request.state], now=now, **changes)
    if appointment.is_proposal:
        consultations.after_proposal(current, now=now)
        consultations.tell_office(current, "lapsed", now=now)
    return True


def due_date(*, now: datetime) -> date:
    """By when the office answers: five working days from now, holidays not considered."""
    day = timezone.localdate(now)
    remaining = ANSWER_WORKDAYS
    while remaining:
        day += timedelta(days=1)
        remaining -= day.weekday() < 5
    return day
