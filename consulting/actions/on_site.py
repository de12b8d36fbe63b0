"""What becomes of times on site when the event they hang on is moved or cancelled.

Called by `events.followers` inside the transaction that moves or cancels the event. Who has booked is
told in that transaction too; if anything fails here, nothing has happened at all.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from consulting.actions.changing import advance, due_date
from consulting.actions.times import NO_DOUBLE_BOOKING, lock
from consulting.mail import consultations
from consulting.models import (
    RUNNING,
    Advisor,
    Appointment,
    ConsultationRequest,
    HistoryKind,
    Slot,
    State,
)
from events.models import Event, Format
from ground.clock import shifted
from ground.contention import violated

_PLACE = ("venue", "address", "city")
_TAKEN = "consulting_slot_published_once"


def place_of(event: Event) -> str:
    """Where the consultations at an event are, in one line; "" where that is not known yet."""
    return ", ".join(filter(None, (getattr(event, name) for name in _PLACE)))[:300]


def follow_move(event: Event, before: Event, now: datetime) -> None:
    """Bring the times of an event to its new time and place; tell everybody who has booked one.

    Each keeps its distance to the beginning on German clocks. Where the advisor has something else at
    the new time, and where the event is only online from now on, the time is withdrawn instead and
    the request goes back to the office.
    """
    if event.format == Format.ONLINE and before.format != Format.ONLINE:
        _release(_ahead(event, now), now)
        return
    place = place_of(event) if place_of(event) != place_of(before) else ""
    is_later = _begins_later(event, before)
    if not place and is_later is None:
        return
    slots = _ahead(event, now)
    # Each gives way to the next, so none runs into one that is about to move itself.
    slots.sort(key=lambda slot: slot.starts_at, reverse=bool(is_later))
    moved, stuck = [], []
    for slot in slots:
        fits = _move(slot, before, event, place)
        (moved if fits else stuck).append(slot)
    _tell_moved(moved, now)
    _release(stuck, now)


def _begins_later(event: Event, before: Event) -> bool | None:
    """None where the beginning stays, or was or is not known."""
    if event.starts_at is None or before.starts_at in (None, event.starts_at):
        return None
    return event.starts_at > before.starts_at


def follow_cancel(event: Event, reason: str, now: datetime) -> None:
    """Withdraw the times of an event that does not take place; what was booked goes to the office."""
    _release(_ahead(event, now), now, reason=reason)


def _ahead(event: Event, now: datetime) -> list[Slot]:
    """The times to come, with their advisors locked in the one order: advisor, request, appointment."""
    found = Slot.objects.filter(event=event).ahead(now)
    advisors = Advisor.objects.filter(pk__in=found.order_by().values("advisor")).order_by("pk")
    for advisor in advisors:
        lock(advisor)
    return list(found.select_related("advisor"))


def _move(slot: Slot, before: Event, event: Event, place: str) -> bool:
    """Move a time with what is booked there; False if the advisor cannot be there then."""

    def new(moment: datetime) -> datetime:
        if _begins_later(event, before) is None:
            return moment
        return shifted(moment, old=before.starts_at, new=event.starts_at)

    where = {"place": place} if place else {}
    times = {"starts_at": new(slot.starts_at), "ends_at": new(slot.ends_at)}
    try:
        with transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(**times, **where)
            for row in _booked([slot]):
                Appointment.objects.filter(pk=row.pk).update(
                    starts_at=new(row.starts_at),
                    ends_at=new(row.ends_at),
                    blocked=DateTimeTZRange(new(row.blocked.lower), new(row.blocked.upper)),
                    **where,
                )
    except IntegrityError as error:
        if violated(error) not in (NO_DOUBLE_BOOKING, _TAKEN):
            raise
        return False
    return True


def _booked(slots: Iterable[Slot]) -> Any:
    return Appointment.objects.blocking().filter(slot__in=slots)


def _tell_moved(slots: list[Slot], now: datetime) -> None:
    for consultation, appointments in _by_request(slots, now):
        current = advance(consultation, HistoryKind.EVENT_MOVED, expected=RUNNING, now=now)
        for appointment in appointments:
            _not_beyond_its_start(appointment)
            if not appointment.is_proposal:
                consultations.event_moved(current, appointment, now=now)
        _repeat_proposal(current, now)


def _repeat_proposal(consultation: ConsultationRequest, now: datetime) -> None:
    """The change has taken the links in the older e-mail their power; what is proposed still is."""
    proposal = consultation.current_proposal()
    if proposal is not None:
        consultations.propose(consultation, proposal, now=now)


def _not_beyond_its_start(appointment: Appointment) -> None:
    """What is only held or proposed lapses when it begins, at the latest."""
    if appointment.expires_at is not None and appointment.expires_at > appointment.starts_at:
        appointment.expires_at = appointment.starts_at
        appointment.save(update_fields=["expires_at"])


def _release(slots: list[Slot], now: datetime, *, reason: str = "") -> None:
    for consultation, appointments in _by_request(slots, now):
        _back_to_the_office(consultation, appointments, reason, now)
    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(is_offered=False)


def _back_to_the_office(
    consultation: ConsultationRequest, gone: list[Appointment], reason: str, now: datetime
) -> None:
    Appointment.objects.filter(pk__in=[row.pk for row in gone]).update(released_at=now)
    lost = next((row for row in gone if not row.is_proposal), None)
    changes: dict[str, Any] = {}
    if lost is not None or consultation.state == State.PROPOSED:
        # A proposal that was made beside the date stays on the table, and with it its state.
        waits = (
            Appointment.objects.blocking().filter(request=consultation, is_proposal=True).exists()
        )
        state = State.PROPOSED if waits else State.OPEN
        changes = {"state": state, "confirmed_at": None}
        changes["due_on"] = None if waits else due_date(now=now)
    current = advance(consultation, HistoryKind.EVENT_GONE, expected=RUNNING, now=now, **changes)
    if lost is None:
        consultations.after_proposal(current, now=now)
    else:
        consultations.withdraw_reminders(current)
        consultations.event_cancelled(
            current, lost, was=State(consultation.state), reason=reason, now=now
        )
        _repeat_proposal(current, now)
    if current.state == State.OPEN:
        consultations.tell_office(current, "event_gone", now=now)


def _by_request(
    slots: list[Slot], now: datetime
) -> list[tuple[ConsultationRequest, list[Appointment]]]:
    """The requests that have booked these times, locked, each with its bookings there."""
    per_request: dict[int, list[Appointment]] = defaultdict(list)
    for row in _booked(slots).select_related("advisor").order_by("request_id", "pk"):
        if not row.has_lapsed(now):  # no one waits for those any more; the regular task frees them
            per_request[row.request_id].append(row)
    requests = ConsultationRequest.objects.select_for_update(no_key=True).order_by("pk")
    return [(row, per_request[row.pk]) for row in requests.filter(pk__in=per_request)]
