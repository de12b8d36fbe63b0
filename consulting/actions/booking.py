"""What the person does who asks: send the form, confirm, move, cancel, answer, tell how it went."""

from collections.abc import Collection, Sequence
from copy import copy
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.guard import DAY, Guard, Limit, Sender, TooMany
from consulting.actions.changing import advance, due_date, note_within_the_office
from consulting.actions.times import HoldExpired, SlotTaken, claim_time, taking_time
from consulting.mail import consultations
from consulting.models import (
    RATEABLE,
    RUNNING,
    AccessNeeds,
    Appointment,
    ConsultationRequest,
    Draft,
    HistoryKind,
    Rating,
    Slot,
    Source,
    State,
)
from ground.clock import reachable_until
from ground.contention import again_after_deadlock
from ground.refusals import Overtaken
from projects.models import Theme

# At least so long a time is held for a person who has not confirmed their address.
HOLD = timedelta(minutes=60)


def held_until(slot: Slot, *, land: str = "", now: datetime) -> datetime:
    """Until when a time is kept: never beyond its own beginning, but so long as `HOLD` says.

    `land` is where the people are who have to confirm it.
    """
    reachable = reachable_until(now, at_least=HOLD, land=land)
    return max(now + HOLD, min(reachable, slot.starts_at))


def _running_of_mailbox(sender: Sender, now: datetime) -> int:
    return ConsultationRequest.objects.running().filter(email_key=sender.mailbox).count()


def _sent_today(sender: Sender, now: datetime) -> int:
    rows = ConsultationRequest.objects.filter(email_key=sender.mailbox)
    return rows.filter(submitted_at__gt=now - DAY).count()


def _running_of_municipality(sender: Sender, now: datetime) -> int:
    if sender.about is None:
        return 0
    return ConsultationRequest.objects.running().filter(municipality=sender.about).count()


_MANY_OF_MAILBOX = _(
    "Von dieser E-Mail-Adresse liegen uns schon mehrere Anfragen vor. Bitte warten Sie "
    "auf unsere Antwort, oder sagen Sie eine Anfrage über den Link in der E-Mail ab."
)
GUARD = Guard(
    "consulting",
    (
        Limit(3, _running_of_mailbox, _MANY_OF_MAILBOX),
        Limit(5, _sent_today, _MANY_OF_MAILBOX),
        Limit(
            10,
            _running_of_municipality,
            _(
                "Aus Ihrer Kommune liegen uns schon viele Anfragen vor. Bitte stimmen Sie sich "
                "in Ihrem Haus ab, oder schreiben Sie uns eine E-Mail."
            ),
        ),
    ),
)


@again_after_deadlock
def submit(
    consultation: ConsultationRequest,
    *,
    slot: Slot | None,
    themes: Sequence[Theme] = (),
    access_needs: str = "",
    ip: str = "",
    now: datetime,
    by: AbstractBaseUser | None = None,
    is_proved: bool = False,
) -> ConsultationRequest:
    """Store a consultation with its e-mail, and hold `slot` for it (`held_until`), or store nothing.

    Without a slot it goes to the office, with a date by which it is answered. `consultation` is what
    was typed, with its `form_token`, and is left alone; the stored one is returned. Sending the same
    form again returns the first one and sends nothing more. The draft of the form is removed.

    With `by`, a colleague has taken it on the phone and is responsible: the time is firm at once and
    both sides are invited. How much one sender may send does not count then.

    `is_proved` says that who sends it has proved the address; else a link in an e-mail has to.

    Raises `SlotTaken` with the next free times, or `TooMany`.
    """
    sender = Sender(consultation.email, ip, consultation.municipality)
    try:
        with taking_time(themes, now=now), transaction.atomic():
            if slot is not None:
                claim_time(slot, now=now)
            if by is None:
                GUARD.admit(sender, now=now)
            asked = copy(consultation)
            asked.address_proved_at = now if is_proved else None
            return _store(asked, slot, themes, access_needs, now, by)
    except (SlotTaken, TooMany, IntegrityError):
        # The same form, sent twice: what stands in the way may be the first of them.
        known = ConsultationRequest.objects.filter(form_token=consultation.form_token).first()
        if known is None:
            raise
        return known


@again_after_deadlock
def confirm(
    consultation: ConsultationRequest, *, now: datetime, by: AbstractBaseUser | None = None
) -> ConsultationRequest:
    """Make a held time firm and invite both sides.

    Raises `HoldExpired` if the time for it is over, `Overtaken` if it is not held (any more).
    """
    with transaction.atomic():
        current = advance(
            consultation,
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
    consultation: ConsultationRequest,
    *,
    slot: Slot,
    now: datetime,
    by: AbstractBaseUser | None = None,
) -> ConsultationRequest:
    """Move an agreed date to `slot` and tell both sides; the old time is kept if that fails.

    Both times change hands in one statement, so no one can take the old one before the new one is
    safe, and a new time may overlap the old. A proposal of the office that was still waiting is
    withdrawn. With `by`, the office moves it and may go beyond what is on offer.

    Raises `SlotTaken` with the next free times, or `Overtaken` if no date is agreed (any more).
    """
    old = consultation.current_appointment()
    if consultation.state != State.CONFIRMED or old is None:
        raise Overtaken(consultation)
    with taking_time(list(consultation.themes.all()), now=now), transaction.atomic():
        claim_time(slot, now=now, by_office=by is not None, moving=old)
        current = advance(
            consultation, HistoryKind.MOVED, expected=[State.CONFIRMED], now=now, by=by
        )
        current.appointments.blocking().filter(is_proposal=True).update(released_at=now)
        current.appointments.blocking().update(**Appointment.at(slot), settled_at=now)
        consultations.withdraw_reminders(current)
        consultations.invite(current, current.current_appointment(), "rescheduled", now=now)
        if old.advisor != slot.advisor:
            consultations.dismiss_advisor(current, old, now=now)
    return current


@again_after_deadlock
def choose_time(
    consultation: ConsultationRequest, *, slot: Slot, now: datetime
) -> ConsultationRequest:
    """Take a free time for a request that waits for one, or whose date was missed; invites both sides.

    Raises `SlotTaken` with the next free times, or `Overtaken`.
    """
    expected = [State.OPEN, State.NO_SHOW]
    return agree_on(consultation, HistoryKind.CHOSE_TIME, slot, expected=expected, now=now)


@again_after_deadlock
def cancel(
    consultation: ConsultationRequest,
    *,
    now: datetime,
    reason: str = "",
    by: AbstractBaseUser | None = None,
) -> ConsultationRequest:
    """End a running consultation and free its times; takes the date out of both calendars.

    Raises `Overtaken` if it has ended already or has been changed since it was read.
    """
    with transaction.atomic():
        return close(
            consultation, HistoryKind.CANCELLED, State.CANCELLED, reason=reason, now=now, by=by
        )


@again_after_deadlock
def accept(consultation: ConsultationRequest, *, now: datetime) -> ConsultationRequest:
    """Agree to the time that the office has proposed; a date agreed before is freed.

    Raises `HoldExpired` if the proposal has lapsed, `Overtaken` if there is none (any more).
    """
    old = consultation.current_appointment()
    if consultation.current_proposal() is None:
        raise Overtaken(consultation)
    with transaction.atomic():
        current = advance(
            consultation,
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
def refuse(
    consultation: ConsultationRequest, *, now: datetime, wishes: str = ""
) -> ConsultationRequest:
    """Say that the proposed time does not suit, and when would. An agreed date stays as it is.

    Raises `Overtaken` if there is no proposal (any more).
    """
    if consultation.current_proposal() is None:
        raise Overtaken(consultation)
    changes = {"wishes": wishes} if wishes else {}
    if consultation.state == State.PROPOSED:
        changes |= {"state": State.OPEN, "due_on": due_date(now=now)}
    with transaction.atomic():
        current = advance(
            consultation,
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
    consultation: ConsultationRequest, *, rating: Rating, comment: str = "", now: datetime
) -> ConsultationRequest:
    """Store the answer to the question how it went.

    Answered once, and only where a date is over; raises `Overtaken` otherwise.
    """
    if consultation.rating or not consultation.can_be_rated(now):
        raise Overtaken(consultation)
    with transaction.atomic():
        return advance(
            consultation,
            HistoryKind.RATED,
            expected=RATEABLE,
            now=now,
            rating=rating,
            rating_comment=comment,
        )


def agree_on(
    consultation: ConsultationRequest,
    kind: HistoryKind,
    slot: Slot,
    *,
    expected: Collection[State],
    now: datetime,
    by: AbstractBaseUser | None = None,
) -> ConsultationRequest:
    """Within this package: make this the time of a request without a date, and invite both sides.

    With `by`, the office does it and may go beyond what is on offer.
    """
    with taking_time(list(consultation.themes.all()), now=now), transaction.atomic():
        claim_time(slot, now=now, by_office=by is not None)
        current = advance(
            consultation,
            kind,
            expected=expected,
            now=now,
            by=by,
            state=State.CONFIRMED,
            confirmed_at=now,
            closed_at=None,
            due_on=None,
        )
        # A missed one is in the past and blocks nothing but this request's second date.
        current.appointments.blocking().update(released_at=now)
        appointment = Appointment.objects.create(
            request=current, settled_at=now, **Appointment.at(slot)
        )
        consultations.invite(current, appointment, "confirmed", now=now)
    return current


def close(
    consultation: ConsultationRequest,
    kind: HistoryKind,
    state: State,
    *,
    reason: str,
    now: datetime,
    by: AbstractBaseUser | None,
) -> ConsultationRequest:
    """Within this package: how a consultation ends without a consultation. Needs a transaction."""
    appointment = consultation.current_appointment()
    current = advance(
        consultation,
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
        current, appointment, was=State(consultation.state), by_office=by is not None, now=now
    )
    return current


def _store(
    consultation: ConsultationRequest,
    slot: Slot | None,
    themes: Sequence[Theme],
    access_needs: str,
    now: datetime,
    by: AbstractBaseUser | None,
) -> ConsultationRequest:
    consultation.submitted_at = consultation.changed_at = now
    consultation.due_on = due_date(now=now) if slot is None else None
    consultation.state = State.OPEN if slot is None else State.HELD
    if by is not None:
        consultation.source, consultation.responsible = Source.PHONE, by
        if slot is not None:
            consultation.state, consultation.confirmed_at = State.CONFIRMED, now
    consultation.save(force_insert=True)
    if by is not None:
        note_within_the_office([consultation.pk], HistoryKind.ASSIGNED, by=by, now=now, to=by)
    if themes:
        consultation.themes.add(*themes)
    if access_needs:
        AccessNeeds.objects.create(request=consultation, text=access_needs)
    Draft.objects.filter(pk=consultation.form_token).delete()
    if slot is None:
        consultations.acknowledge(consultation, now=now)
        if by is None:
            consultations.tell_office(consultation, "received", now=now)
    else:
        _take_time(consultation, slot, now=now)
    return consultation


def _take_time(consultation: ConsultationRequest, slot: Slot, *, now: datetime) -> None:
    """Hold the time until the person confirms it; what a colleague has agreed on is firm."""
    is_firm = consultation.state == State.CONFIRMED
    until = None if is_firm else held_until(slot, land=consultation.land, now=now)
    settled = now if is_firm else None
    appointment = Appointment.objects.create(
        request=consultation, expires_at=until, settled_at=settled, **Appointment.at(slot)
    )
    if is_firm:
        consultations.invite(consultation, appointment, "confirmed", now=now, by_phone=True)
    else:
        consultations.ask_to_confirm(consultation, appointment, now=now)


def _settle(consultation: ConsultationRequest, *, is_proposal: bool, now: datetime) -> Appointment:
    settled = (
        consultation.appointments.blocking()
        .filter(is_proposal=is_proposal, expires_at__gt=now)
        .update(is_proposal=False, expires_at=None, settled_at=now)
    )
    if not settled:
        raise HoldExpired
    return consultation.appointments.firm().select_related("advisor").get()
