"""The waiting list: who is next gets the seat that is free, in order of arrival and no one else.

Where the event is near, a seat is offered instead of given: who waits may have made other plans. An
offer counts as a taken seat, has to be accepted, and lapses to the next.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from events.actions import seats as seat
from events.actions.advancing import advance, held_until, require_taking_place
from events.mail import registrations, reminders
from events.models import (
    LIVE,
    Event,
    EventState,
    ParticipantNeeds,
    Registration,
    RegistrationState,
    Seats,
)
from events.waiting_list import OFFER_AT_LEAST, OFFER_ENDS_BEFORE, OFFER_LASTS, OFFER_WITHIN
from ground.contention import again_after_deadlock, one_by_one
from ground.refusals import Overtaken


def place_in_line(registration: Registration) -> int | None:
    """1 for who is next; None for a person who is not waiting (any more)."""
    if registration.state != RegistrationState.WAITING:
        return None
    line = Registration.objects.in_line().filter(
        event=registration.event_id, mode=registration.mode
    )
    return line.filter(arrival__lte=registration.arrival).count()


@again_after_deadlock
def raise_capacity(seats: Seats, *, by: int, now: datetime) -> list[Registration]:
    """Add seats and return those who move up for it, as they are now.

    Raises `ValueError` unless `by` is positive, or where there is no limit that could be raised.
    """
    if by <= 0 or seats.capacity is None:
        raise ValueError("There is nothing to raise.")
    with transaction.atomic():
        Seats.objects.filter(pk=seats.pk, capacity__isnull=False).update(
            capacity=F("capacity") + by
        )
        return fill(seats.event, seats.mode, now=now)


@again_after_deadlock
def move_up(event: Event, *, now: datetime) -> list[Registration]:
    """Give all free seats of an event to those who wait, and return who has moved up.

    For anyone who has changed seats in any other way. Doing it again does no harm.
    """
    with transaction.atomic():
        modes = seat.lock(event.pk, *event.seats.values_list("mode", flat=True))
        return [one for mode in modes for one in fill(event, mode, now=now)]


@again_after_deadlock
def accept(registration: Registration, *, now: datetime) -> Registration:
    """Take the seat that is offered; the seat was kept, so this needs no luck.

    Raises `Overtaken` if nothing is offered or the offer has lapsed.
    """
    if registration.offered_until is None or registration.offered_until <= now:
        raise Overtaken(registration)
    with transaction.atomic():
        current = advance(
            registration,
            Q(state=RegistrationState.OFFERED, offered_until__gt=now),
            now=now,
            state=RegistrationState.SEAT,
            offered_until=None,
            seated_at=now,
        )
        require_taking_place(current)
        registrations.welcome(current, place=None, now=now)
    return current


def release_expired(*, now: datetime) -> int:
    """End what no one has confirmed or accepted in time, and let the next move up; returns how many.

    May run at any time, any number of times, also in parallel.
    """
    lapsed = Registration.objects.filter(_lapsed(now), state__in=LIVE)
    in_turn = lapsed.order_by("event_id", "arrival")
    return one_by_one(in_turn, lambda registration: _release(registration, now))


@again_after_deadlock
def _release(registration: Registration, now: datetime) -> bool:
    with transaction.atomic():
        seat.lock(registration.event_id, registration.mode)
        try:
            current = advance(
                registration,
                _lapsed(now),
                now=now,
                state=RegistrationState.EXPIRED,
                closed_at=now,
                hold_until=None,
                offered_until=None,
            )
        except Overtaken:
            return False  # confirmed or accepted in the last moment, or released by another person
        leave(current, registration)
        if registration.state == RegistrationState.OFFERED and not current.event.is_cancelled:
            registrations.tell_lapsed(current, now=now)
        fill(current.event, current.mode, now=now)
    return True


def leave(current: Registration, was: Registration) -> None:
    """Within this package: give back everything of a registration that has just ended.

    Needs its seats locked. Anyone who calls this lets the next move up.
    """
    seat.give_back(was)
    current.choices.all().delete()
    # About a person's health perhaps, and no one has to prepare anything any more.
    ParticipantNeeds.objects.filter(registration=current).delete()
    reminders.withdraw_of(current)


def fill(event: Event, mode: str, *, now: datetime) -> list[Registration]:
    """Within this package: give the free seats of one mode to the first in line. Needs a transaction."""
    row = seat.lock(event.pk, mode).get(mode)
    if row is None or not row.waiting:
        return []
    # As it is now that no one else can move or cancel it.
    event = Event.objects.get(pk=event.pk)
    if event.state != EventState.PUBLISHED or event.starts_at <= now:
        return []
    # Locked, because whoever confirms in this moment is held no longer.
    line = (
        Registration.objects.in_line()
        .filter(event=event.pk, mode=mode)
        .select_for_update(no_key=True, of=("self",))
    )
    nexts = list(line if row.free is None else line[: row.free])
    Seats.objects.filter(pk=row.pk).update(
        taken=F("taken") + len(nexts), waiting=F("waiting") - len(nexts)
    )
    # All rows first, then what they had wished for: in the order in which everybody locks.
    moved = [_seat(one, event, now) for one in nexts]
    for one in moved:
        missed = seat.take_wishes(one)
        reminders.withdraw_of(one)  # „Sie warten noch“ is not true any more
        # A colleague knows of nothing until the person who registers them has confirmed.
        if one.registered_by is None or one.registered_by.confirmed_at is not None:
            registrations.tell_moved_up(one, missed, now=now)
    return moved


def _seat(registration: Registration, event: Event, now: datetime) -> Registration:
    is_near = event.starts_at - now <= OFFER_WITHIN
    if registration.hold_until is not None:
        # Anyone who has not confirmed yet gets the full time for it, from this e-mail on.
        hold = (
            _offer_until(event, now)
            if is_near
            else max(registration.hold_until, held_until(event, now=now))
        )
        changes = {"state": RegistrationState.SEAT, "seated_at": now, "hold_until": hold}
    elif is_near:
        until = _offer_until(event, now)
        changes = {"state": RegistrationState.OFFERED, "offered_until": until}
    else:
        changes = {"state": RegistrationState.SEAT, "seated_at": now}
    # Whatever they are changing at this moment (a name, say), the seat is theirs.
    rows = Registration.objects.filter(pk=registration.pk, state=RegistrationState.WAITING)
    rows.update(version=F("version") + 1, changed_at=now, **changes)
    if "hold_until" in changes:
        # Colleagues who wait on cannot lapse before the one who registered them has to answer.
        registration.colleagues.filter(
            submission=registration.submission,
            state__in=LIVE,
            confirmed_at=None,
            hold_until__lt=changes["hold_until"],
        ).update(hold_until=changes["hold_until"])
    return Registration.objects.select_related(
        "event__community__parent", "municipality", "registered_by"
    ).get(pk=registration.pk)


def _offer_until(event: Event, now: datetime) -> datetime:
    until = min(now + OFFER_LASTS, event.starts_at - OFFER_ENDS_BEFORE)
    return max(until, min(now + OFFER_AT_LEAST, event.starts_at))


def _lapsed(now: datetime) -> Q:
    return Q(hold_until__lte=now) | Q(offered_until__lte=now)
