"""What a person does who is registered: change what they said, take part another way, cancel."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from events.actions import seats as seat
from events.actions.advancing import advance, require_taking_place
from events.actions.conflicts import Full
from events.actions.registering import Details, add_answers
from events.actions.waiting import fill, leave
from events.mail import registrations
from events.models import (
    LIVE,
    SEATED,
    AgendaItem,
    Mode,
    ParticipantNeeds,
    Registration,
    RegistrationState,
    Seats,
    SessionChoice,
)
from ground.contention import again_after_deadlock
from ground.refusals import Overtaken


@again_after_deadlock
def change(
    registration: Registration, *, name: str, details: Details, now: datetime
) -> Registration:
    """Store what a person says of themselves now, all of it, and send them new links.

    Raises `SessionFull` if an item of the programme has no place left, `Overtaken` if the registration
    has ended or been changed meanwhile; then everything stays as it was.
    """
    with transaction.atomic():
        current = advance(
            registration,
            Q(state__in=LIVE),
            now=now,
            name=name,
            organisation=details.organisation,
            municipality=details.municipality,
            catering_note=details.catering_note,
            on_participants_list=details.on_participants_list,
        )
        require_taking_place(current)
        _replace_needs(current, details)
        _replace_sessions(current, details.sessions)
        current.answers.all().delete()
        add_answers(current, details)
        registrations.tell_changed(current, now=now)
    return current


@again_after_deadlock
def switch_mode(registration: Registration, mode: Mode, *, now: datetime) -> Registration:
    """Change between on site and online: the new seat first, then the old one goes to the next.

    A person who waits may switch to where there is a seat. Raises `Full` if there is none, and
    everything stays as it was; `Overtaken` if the registration has ended or been changed meanwhile.
    """
    if registration.mode == mode:
        raise Overtaken(registration)
    with transaction.atomic():
        rows = seat.lock(registration.event_id, registration.mode, mode)
        if not registration.contributes:
            if not _has_seat(rows.get(mode)):
                raise Full(mode)
            Seats.objects.filter(pk=rows[mode].pk).update(taken=F("taken") + 1)
        current = advance(
            registration,
            Q(state__in=LIVE),
            now=now,
            mode=mode,
            state=RegistrationState.SEAT,
            offered_until=None,
            seated_at=now,
        )
        require_taking_place(current)
        seat.give_back(registration)
        missed = seat.take_wishes(current)
        registrations.tell_switched(current, missed, now=now)
        fill(current.event, registration.mode, now=now)
    return current


@again_after_deadlock
def cancel(registration: Registration, *, now: datetime) -> Registration:
    """End a registration, or leave the waiting list; the seat goes to who is next.

    Raises `Overtaken` if it has ended or been changed meanwhile, or the event has begun.
    """
    if registration.event.starts_at <= now:
        raise Overtaken(registration)
    with transaction.atomic():
        seat.lock(registration.event_id, registration.mode)
        current = advance(
            registration,
            Q(state__in=LIVE),
            now=now,
            state=RegistrationState.CANCELLED,
            closed_at=now,
            hold_until=None,
            offered_until=None,
        )
        leave(current, registration)
        # Of an event that is cancelled everybody has been told, and no seat is free again.
        if not current.event.is_cancelled:
            registrations.say_goodbye(current, was=registration, now=now)
        fill(current.event, current.mode, now=now)
    return current


def _has_seat(row: Seats | None) -> bool:
    return row is not None and not row.waiting and (row.free is None or row.free > 0)


def _replace_needs(registration: Registration, details: Details) -> None:
    if not details.needs and not details.needs_text:
        ParticipantNeeds.objects.filter(registration=registration).delete()
        return
    ParticipantNeeds.objects.update_or_create(
        registration=registration,
        defaults={"needs": list(details.needs), "text": details.needs_text},
    )


def _replace_sessions(registration: Registration, sessions: Sequence[AgendaItem]) -> None:
    before = set(registration.choices.values_list("item", flat=True))
    wanted = {item.pk: item for item in sessions}
    dropped, added = before - set(wanted), [wanted[pk] for pk in set(wanted) - before]
    if registration.state in SEATED:
        seat.lock_items([*dropped, *wanted])
        seat.give_back_items(dropped)
        seat.take_items(added)
    registration.choices.filter(item__in=dropped).delete()
    SessionChoice.objects.bulk_create(
        SessionChoice(registration=registration, item=item) for item in added
    )
