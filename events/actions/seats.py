"""Within this package: taking and giving back seats, and places in the programme's items.

Anyone who holds the row of the seats decides alone, until their transaction ends. Locks are taken in one
order: seats (by key), registration, items of the programme (by key).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q

from events.actions.conflicts import Full, Possible, SessionFull
from events.models import SEATED, AgendaItem, Event, Mode, Registration, RegistrationState, Seats

# All of them get a seat, or all of them a place in line. No one overtakes who waits, and no one waits
# while there is a seat: a group too large for what is left is told so. One statement, so it is as true
# as the row.
_CLAIM = """
    UPDATE events_seats SET
        taken = taken + CASE WHEN {fits} THEN %(people)s ELSE 0 END,
        waiting = waiting + CASE WHEN {fits} THEN 0 ELSE %(people)s END
    WHERE event_id = %(event)s AND mode = %(mode)s
        AND ({fits} OR (waiting > 0 OR taken >= capacity) AND waiting + %(people)s <= waiting_limit)
    RETURNING waiting, nextval('events_arrival')
""".format(fits="(waiting = 0 AND (capacity IS NULL OR taken + %(people)s <= capacity))")


class Arrival(NamedTuple):
    state: RegistrationState
    numbers: list[int]


def outlook(event: Event, mode: Mode, people: int) -> RegistrationState:
    """What so many would get at this moment, without taking it: a seat or a place in line.

    Raises `Full`. For who comes far too late this is all, and no one waits for anybody.
    """
    row = Seats.objects.filter(event=event, mode=mode).first()
    if row is not None:
        is_full = row.capacity is not None and row.taken >= row.capacity
        if row.waiting == 0 and (row.free is None or row.free >= people):
            return RegistrationState.SEAT
        if (row.waiting or is_full) and row.waiting + people <= row.waiting_limit:
            return RegistrationState.WAITING
    raise Full(mode, _possible(event))


def _possible(event: Event) -> list[Possible]:
    return [
        # Free seats that others wait for are not free for who comes now.
        Possible(Mode(row.mode), 0 if row.waiting else row.free, row.waiting_limit - row.waiting)
        for row in Seats.objects.filter(event=event)
    ]


def claim(event: Event, mode: Mode, people: int) -> Arrival:
    """Take a seat, or else a place in line, for each; keeps the seats locked. Raises `Full`."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"people": people, "event": event.pk, "mode": mode})
        row = cursor.fetchone()
    if row is None:
        raise Full(mode, _possible(event))
    waiting, number = row
    state = RegistrationState.WAITING if waiting else RegistrationState.SEAT
    return Arrival(state, [number, *arrivals(people - 1)])


def arrivals(people: int) -> list[int]:
    """Further numbers in the order of arrival; only true while the seats are locked."""
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('events_arrival') FROM generate_series(1, %s)", [people])
        return [number for (number,) in cursor.fetchall()]


def lock(event_id: int, *modes: str) -> dict[str, Seats]:
    """The seats of these modes, locked until the end of the transaction; by mode."""
    rows = Seats.objects.filter(event=event_id, mode__in=modes).order_by("pk")
    return {row.mode: row for row in rows.select_for_update(no_key=True)}


def lock_all(event: Event) -> list[Seats]:
    """All seats of an event, locked: who registers at this moment waits, or was before and is seen."""
    return list(Seats.objects.filter(event=event).select_for_update(no_key=True).order_by("pk"))


def give_back(registration: Registration) -> None:
    """Free what a registration, as it was until now, had taken. Its seats have to be locked."""
    counter = "taken" if registration.state in SEATED else "waiting"
    if not registration.contributes:
        _count_down(registration, counter)
    if registration.state in SEATED:
        give_back_items(registration.choices.values_list("item", flat=True))


def _count_down(registration: Registration, counter: str) -> None:
    Seats.objects.filter(event=registration.event_id, mode=registration.mode).update(
        **{counter: F(counter) - 1}
    )


def take_items(items: Iterable[AgendaItem]) -> None:
    """Take a place in each, or raise `SessionFull`; the transaction has to be undone then."""
    full = [item for item in _in_order(items) if not _take(item.pk)]
    if full:
        raise SessionFull(full)


def take_wishes(registration: Registration) -> list[AgendaItem]:
    """Now that there is a seat: take what was wished for, drop what is full, and return that."""
    choices = registration.choices.select_related("item").order_by("item")
    missed = [choice for choice in choices if not _take(choice.item_id)]
    registration.choices.filter(pk__in=[choice.pk for choice in missed]).delete()
    return [choice.item for choice in missed]


def lock_items(pks: Iterable[int]) -> None:
    """Before some are given back and others taken: lock them in the order in which all do."""
    rows = AgendaItem.objects.filter(pk__in=list(pks)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def give_back_items(pks: Iterable[int]) -> None:
    for pk in sorted(pks):
        AgendaItem.objects.filter(pk=pk).update(taken=F("taken") - 1)


def _take(pk: int) -> bool:
    free = Q(capacity=None) | Q(taken__lt=F("capacity"))
    return bool(AgendaItem.objects.filter(free, pk=pk).update(taken=F("taken") + 1))


def _in_order(items: Iterable[AgendaItem]) -> Sequence[AgendaItem]:
    return sorted(items, key=lambda item: item.pk)
