"""What the person does who asks: send the form, confirm, move, cancel, answer, tell how it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from consulting import limits
from consulting.actions.changing import advance, claim_time, due_date, require_free
from consulting.actions.conflicts import HoldExpired, SlotTaken, taking_time
from consulting.mail import consultations
from consulting.models import (
    RUNNING,
    AccessNeeds,
    Appointment,
    ConsultationRequest,
    Draft,
    HistoryKind,
    Rating,
    Slot,
    State,
)
from ground.contention import again_after_deadlock
from ground.refusals import Overtaken
from projects.models import Theme

HOLD = timedelta(minutes=60)


@again_after_deadlock
def submit(
    request: ConsultationRequest,
    *,
    slot: Slot | None,
    themes: Sequence[Theme] = (),
    access_needs: str = "",
    ip: str = "",
    now: datetime,
) -> ConsultationRequest:
    """Store a request with its e-mail, and hold `slot` for it for 60 minutes, or store nothing.

    Without a slot the request goes to the office, with a date by which it is answered. `request` is
    not stored yet and has `form_token`, the wishes and the contact set. Sending the same form again
    returns the first request and sends nothing more. The draft of the form is removed.

    Raises `SlotTaken` with the next free times, or `limits.TooMany`.
    """
    sender = limits.Sender(request.email, request.municipality, ip)
    try:
        limits.check(sender, now=now)
        with taking_time(themes, now=now):
            if slot is not None:
                require_free(slot, now=now)  # most refusals end here, before anything is stored
            with transaction.atomic():
                limits.record(sender, now=now)
                _store(request, slot, themes, access_needs, now)
    except (SlotTaken, limits.TooMany, IntegrityError):
        # The same form, sent twice: what stands in the way may be the first of them.
        known = ConsultationRequest.objects.filter(form_token=request.form_token).first()
        if known is None:
            raise
        return known
    return request


@again_after_deadlock
def confirm(
    request: ConsultationRequest, *, now: datetime, by: AbstractBaseUser | None = None
) -> ConsultationRequest:
    """Make a held time firm and invite both sides.

    Raises `HoldExpired` if the 60 minutes are over, `Overtaken` if it is not held (any more).
    """
    with transaction.atomic():
        current = advance(
            request,
            HistoryKind.CONFIRMED,
            expected=[State.HELD],
            now=now,
            by=by,
            state=State.CONFIRMED,
            confirmed_at=now,
        )
        appointment = _settle(current, is_proposal=False, now=now)
        consultations.invite(current, appointment, "confirmed", now=now)
    return current


@again_after_deadlock
def reschedule(
    request: ConsultationRequest,
    *,
    slot: Slot,
    now: datetime,
    by: AbstractBaseUser | None = None,
) -> ConsultationRequest:
    """Move an agreed date to `slot` and tell both sides; the old time is kept if that fails.

    Both times change hands in one statement, so nobody can take the old one before the new one is
    safe, and a new time may overlap the old. A proposal of the office that was still waiting is
    withdrawn. With `by`, the office moves it and may go beyond what is on offer.

    Raises `SlotTaken` with the next free times, or `Overtaken` if no date is agreed (any more).
    """
    old = request.current_appointment()
    if request.state != State.CONFIRMED or old is None:
        raise Overtaken(request)
    with taking_time(list(request.themes.all()), now=now), transaction.atomic():
        claim_time(slot, now=now, by_office=by is not None, moving=old)
        current = advance(request, HistoryKind.MOVED, expected=[State.CONFIRMED], now=now, by=by)
        current.appointments.blocking().filter(is_proposal=True).update(released_at=now)
        current.appointments.blocking().update(**Appointment.at(slot), settled_at=now)
        consultations.withdraw_reminders(current)
        consultations.invite(current, current.current_appointment(), "rescheduled", now=now)
        if old.advisor != slot.advisor:
            consultations.dismiss_advisor(current, old, now=now)
    return current


@again_after_deadlock
def cancel(
    request: ConsultationRequest,
    *,
    now: datetime,
    reason: str = "",
    by: AbstractBaseUser | None = None,
) -> ConsultationRequest:
    """End a running request and free its times; takes the date out of both calendars.

    Raises `Overtaken` if it has ended already or has been changed since it was read.
    """
    with transaction.atomic():
        return close(request, HistoryKind.CANCELLED, State.CANCELLED, reason=reason, now=now, by=by)


@again_after_deadlock
def accept(request: ConsultationRequest, *, now: datetime) -> ConsultationRequest:
    """Agree to the time that the office has proposed; a date agreed before is freed.

    Raises `HoldExpired` if the proposal has lapsed, `Overtaken` if there is none (any more).
    """
    old = request.current_appointment()
    if request.current_proposal() is None:
        raise Overtaken(request)
    with transaction.atomic():
        current = advance(
            request,
            HistoryKind.ACCEPTED,
            expected=[State.PROPOSED, State.CONFIRMED],
            now=now,
            state=State.CONFIRMED,
            confirmed_at=now,
        )
        if old is not None:
            current.appointments.filter(pk=old.pk).update(released_at=now)
            consultations.withdraw_reminders(current)
        appointment = _settle(current, is_proposal=True, now=now)
        consultations.invite(current, appointment, "rescheduled" if old else "confirmed", now=now)
        if old is not None and old.advisor != appointment.advisor:
            consultations.dismiss_advisor(current, old, now=now)
    return current


@again_after_deadlock
def refuse(request: ConsultationRequest, *, now: datetime, wishes: str = "") -> ConsultationRequest:
    """Say that the proposed time does not suit, and when would. An agreed date stays as it is.

    Raises `Overtaken` if there is no proposal (any more).
    """
    if request.current_proposal() is None:
        raise Overtaken(request)
    changes = {"wishes": wishes} if wishes else {}
    if request.state == State.PROPOSED:
        changes |= {"state": State.OPEN, "due_on": due_date(now=now)}
    with transaction.atomic():
        current = advance(
            request,
            HistoryKind.REFUSED,
            expected=[State.PROPOSED, State.CONFIRMED],
            now=now,
            **changes,
        )
        current.appointments.blocking().filter(is_proposal=True).update(released_at=now)
        consultations.after_proposal(current, now=now)
        consultations.tell_office(current, "refused", now=now)
    return current


def rate(
    request: ConsultationRequest, *, rating: Rating, comment: str = "", now: datetime
) -> ConsultationRequest:
    """Store the answer to the question how it went. Answered once; raises `Overtaken` after that."""
    if request.rating:
        raise Overtaken(request)
    with transaction.atomic():
        return advance(
            request,
            HistoryKind.RATED,
            expected=[State.CONFIRMED, State.DONE],
            now=now,
            rating=rating,
            rating_comment=comment,
        )


def close(
    request: ConsultationRequest,
    kind: HistoryKind,
    state: State,
    *,
    reason: str,
    now: datetime,
    by: AbstractBaseUser | None,
) -> ConsultationRequest:
    """Within this package: how a request ends without a consultation. Needs a transaction."""
    appointment = request.current_appointment()
    current = advance(
        request,
        kind,
        expected=RUNNING,
        now=now,
        by=by,
        state=state,
        closed_at=now,
        due_on=None,
        closing_reason=reason,
    )
    current.appointments.blocking().update(released_at=now)
    consultations.withdraw_reminders(current)
    consultations.say_goodbye(
        current, appointment, was=State(request.state), by_office=by is not None, now=now
    )
    return current


def _store(
    request: ConsultationRequest,
    slot: Slot | None,
    themes: Sequence[Theme],
    access_needs: str,
    now: datetime,
) -> None:
    request.email_key = limits.email_key(request.email)
    request.submitted_at = request.changed_at = now
    if slot is None:
        request.state, request.due_on = State.OPEN, due_date(now=now)
    else:
        request.state, request.due_on = State.HELD, None
    # What an attempt before has left behind that was undone.
    request.pk, request._state.adding = None, True
    request.save(force_insert=True)
    if themes:
        request.themes.add(*themes)
    if access_needs:
        AccessNeeds.objects.create(request=request, text=access_needs)
    Draft.objects.filter(pk=request.form_token).delete()
    if slot is None:
        consultations.acknowledge(request, now=now)
        consultations.tell_office(request, "received", now=now)
        return
    appointment = Appointment(request=request, expires_at=now + HOLD, **Appointment.at(slot))
    consultations.ask_to_confirm(request, appointment, now=now)
    # Last, because from here on everybody else who wants this advisor waits until we have committed.
    claim_time(slot, now=now)
    appointment.save(force_insert=True)


def _settle(request: ConsultationRequest, *, is_proposal: bool, now: datetime) -> Appointment:
    settled = (
        request.appointments.blocking()
        .filter(is_proposal=is_proposal, expires_at__gt=now)
        .update(is_proposal=False, expires_at=None, settled_at=now)
    )
    if not settled:
        raise HoldExpired
    return request.appointments.firm().select_related("advisor").get()
