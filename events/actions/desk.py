"""What hosts do for people: take a registration by phone or at the door, correct it, send it again.

The host has spoken to them, so nothing has to be confirmed. Seats are taken by the same conditional
statements as in `events.actions.registering`; whose are only counted differently is said in
`Registration.contributes`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from events import attendance
from events.actions import seats as seat
from events.actions.advancing import advance
from events.actions.changing import change
from events.actions.conflicts import Closed, Full
from events.actions.registering import SAME, Details, Person, add_details, tell_colleagues
from events.actions.waiting import place_in_line
from events.mail import registrations, reminders
from events.models import (
    LIVE,
    SEATED,
    AgendaItem,
    Event,
    EventState,
    Mode,
    Registration,
    RegistrationState,
    Seats,
)
from ground.contention import again_after_deadlock, violated
from ground.mailbox import mailbox_key
from ground.refusals import NotPossible


@dataclass(frozen=True, slots=True)
class Entry:
    """A person whom a host enters. `submission` is the form: sent twice, it enters them once."""

    person: Person
    mode: Mode
    submission: UUID
    details: Details = field(default_factory=Details)
    contributes: bool = False


def takes_calls(event: Event, *, now: datetime) -> bool:
    """Whether hosts may register people: also before the registration opens and after it has closed."""
    return (
        event.takes_registrations
        and event.state == EventState.PUBLISHED
        and event.has_time
        and now < event.starts_at
    )


@again_after_deadlock
def enter(event: Event, entry: Entry, *, now: datetime) -> Registration:
    """Give a person a seat, or else a place in line, and write to them.

    Raises `Closed`, `Full`, `SessionFull`, or `NotPossible` for an address that is registered.
    """
    if not takes_calls(event, now=now):
        raise Closed
    return _once(event, entry, lambda: _enter(event, entry, now))


@again_after_deadlock
def walk_in(event: Event, entry: Entry, *, one_more: bool, now: datetime) -> Registration:
    """A person is at the door: give them a seat and note that they are there.

    Anyone who waits, or has a seat, is let in with the registration that there is. Where all seats are
    taken, or others wait for what is free, `one_more` adds one seat for this person; without it `Full`
    is raised. Raises `Closed` before the day of the event.
    """
    if not attendance.can_mark(event, now=now):
        raise Closed
    try:
        return _once(event, entry, lambda: _walk_in(event, entry, one_more, now))
    except NotPossible:
        # Registered in this very moment: that registration is there now, and lets the person in.
        return _once(event, entry, lambda: _walk_in(event, entry, one_more, now))


@again_after_deadlock
def correct(registration: Registration, *, name: str, email: str, now: datetime) -> Registration:
    """Put name and address right, and write to the address as it is now; older links die.

    An address that a host has put right counts as confirmed. Raises `Overtaken` if the registration
    has ended or changed meanwhile, `NotPossible` if the address belongs to another one.
    """
    key = mailbox_key(email)
    same = key == registration.email_key
    try:
        with transaction.atomic():
            current = advance(
                registration,
                Q(state__in=LIVE),
                now=now,
                name=name,
                email=email,
                email_key=key,
                user=registration.user if same else None,
                address_proved_at=registration.address_proved_at if same else None,
                confirmed_at=Coalesce(F("confirmed_at"), now),
                hold_until=None,
            )
            if registration.hold_until is not None:
                tell_colleagues(current, now)
            registrations.tell_corrected(current, now=now)
    except IntegrityError as error:
        if violated(error) not in SAME:
            raise
        raise NotPossible(_("Mit dieser Adresse ist schon jemand angemeldet.")) from error
    return current


def choose_items(
    registration: Registration, items: Sequence[AgendaItem], *, now: datetime
) -> Registration:
    """Have a person take part in exactly these items of the programme; the rest stays as it is."""
    return change(
        registration, name=registration.name, details=_details_of(registration, items), now=now
    )


def send_again(registration: Registration, *, now: datetime) -> None:
    """The e-mail that fits how things stand, with links that work. At most once a minute."""
    registrations.send_again(registration, place=place_in_line(registration), now=now)


def _once(event: Event, entry: Entry, store: Callable[[], Registration]) -> Registration:
    if before := _sent_before(entry):
        return before
    try:
        with transaction.atomic():
            return store()
    except IntegrityError as error:
        # Stored a moment ago: by the same form, or by the person.
        if violated(error) not in SAME:
            raise
        if before := _sent_before(entry):
            return before
        raise _known_already(_live(event, entry)) from error


def _enter(event: Event, entry: Entry, now: datetime) -> Registration:
    if known := _live(event, entry):
        raise _known_already(known)
    state, number = _arrive(event, entry)
    # Anyone who moves or cancels the event holds its seats, so from here on it stays as it is.
    current = Event.objects.select_related("community__parent").get(pk=event.pk)
    if not takes_calls(current, now=now):
        raise Closed
    registration = _store(current, entry, state, number, now)
    add_details(registration, entry.details)
    registrations.tell_entered(registration, place=place_in_line(registration), now=now)
    return registration


def _arrive(event: Event, entry: Entry) -> tuple[RegistrationState, int]:
    if entry.contributes:
        seat.lock_all(event)
        return RegistrationState.SEAT, seat.arrivals(1)[0]
    arrival = seat.claim(event, entry.mode, 1)
    return arrival.state, arrival.numbers[0]


def _walk_in(event: Event, entry: Entry, one_more: bool, now: datetime) -> Registration:
    row = seat.lock(event.pk, entry.mode).get(entry.mode)
    if row is None:
        raise Full(entry.mode)
    known = _live(event, entry)
    if known is not None:
        return _let_in(known, one_more, now)
    _take(row, one_more, now)
    number = seat.arrivals(1)[0]
    registration = _store(event, entry, RegistrationState.SEAT, number, now, attended_at=now)
    registrations.tell_walked_in(registration, now=now)
    return registration


def _let_in(known: Registration, one_more: bool, now: datetime) -> Registration:
    """Somebody who is registered already, in whatever mode that was."""
    rows = seat.lock(known.event_id, *Mode.values)
    if known.state == RegistrationState.WAITING:
        _take(rows[known.mode], one_more, now)
        Seats.objects.filter(pk=rows[known.mode].pk).update(waiting=F("waiting") - 1)
    if known.state == RegistrationState.SEAT:
        attendance.mark(known, now=now)
        known.refresh_from_db()
        return known
    current = advance(
        known,
        Q(state=known.state),
        now=now,
        state=RegistrationState.SEAT,
        seated_at=now,
        offered_until=None,
        hold_until=None,
        confirmed_at=Coalesce(F("confirmed_at"), now),
        attended_at=now,
    )
    if known.state == RegistrationState.WAITING:
        seat.take_wishes(current)
    reminders.withdraw_of(current)  # „Sie warten noch“ is not true any more
    registrations.tell_walked_in(current, now=now)
    return current


def _take(row: Seats, one_more: bool, now: datetime) -> None:
    """A seat for who stands at the door; its row is locked."""
    # Once it has begun no one is called up any more, so what is free is for those who are there.
    is_free = row.free is None or row.free > 0
    has_room = is_free and (not row.waiting or row.event.starts_at <= now)
    if not has_room and not one_more:
        raise Full(Mode(row.mode))
    more = {} if has_room else {"capacity": F("capacity") + 1}
    Seats.objects.filter(pk=row.pk).update(taken=F("taken") + 1, **more)


def _store(
    event: Event,
    entry: Entry,
    state: RegistrationState,
    number: int,
    now: datetime,
    *,
    attended_at: datetime | None = None,
) -> Registration:
    return Registration.objects.create(
        event=event,
        submission=entry.submission,
        name=entry.person.name,
        email=entry.person.email,
        organisation=entry.details.organisation,
        municipality=entry.details.municipality,
        mode=entry.mode,
        contributes=entry.contributes,
        state=state,
        arrival=number,
        confirmed_at=now,
        seated_at=now if state in SEATED else None,
        attended_at=attended_at,
        catering_note=entry.details.catering_note,
        on_participants_list=entry.details.on_participants_list,
        created_at=now,
        changed_at=now,
    )


def _sent_before(entry: Entry) -> Registration | None:
    rows = Registration.objects.filter(submission=entry.submission, email_key=entry.person.key)
    return rows.select_related("event", "municipality").first()


def _live(event: Event, entry: Entry) -> Registration | None:
    rows = Registration.objects.live().filter(event=event, email_key=entry.person.key)
    rows = rows.exclude(email_key="").select_related("event__community__parent", "municipality")
    return rows.first()


def _known_already(known: Registration | None) -> NotPossible:
    if known is None:
        return NotPossible(_("Das hat sich gerade überschnitten. Bitte senden Sie es noch einmal."))
    text = _("Mit dieser Adresse ist schon jemand angemeldet: %(name)s, %(reference)s.")
    return NotPossible(text % {"name": known.name, "reference": known.reference})


def _details_of(registration: Registration, items: Sequence[AgendaItem]) -> Details:
    needs = getattr(registration, "needs", None)
    return Details(
        organisation=registration.organisation,
        municipality=registration.municipality,
        sessions=items,
        needs=needs.needs if needs else [],
        needs_text=needs.text if needs else "",
        catering_note=registration.catering_note,
        on_participants_list=registration.on_participants_list,
        answers={one.question_id: one.text for one in registration.answers.all()},
    )
