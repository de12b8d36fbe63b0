"""What the office does with a request. `by` is the colleague who does it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from consulting.actions.booking import agree_on, close
from consulting.actions.changing import advance, due_date, note_within_the_office
from consulting.actions.times import claim_time, taking_time
from consulting.mail import consultations
from consulting.models import (
    RUNNING,
    Appointment,
    ConsultationRequest,
    HistoryKind,
    Note,
    Slot,
    State,
)
from ground.contention import again_after_deadlock
from ground.refusals import Overtaken
from projects.models import Project, Solution

PROPOSAL_LASTS = timedelta(days=5)
# What can be taken up again. What no one has confirmed is none of these: its address may be another's.
REOPENABLE = (State.CANCELLED, State.DECLINED, State.NO_SHOW, State.DONE)


@again_after_deadlock
def propose(
    consultation: ConsultationRequest, *, slot: Slot, by: AbstractBaseUser, now: datetime
) -> ConsultationRequest:
    """Offer another time and block it until the person has answered, five days or to its start.

    A date that is agreed stays until the new one is accepted; a held one, which no one has
    confirmed, gives way. A proposal made before is replaced.

    Raises `SlotTaken` with the next free times, or `Overtaken`.
    """
    with taking_time(list(consultation.themes.all()), now=now), transaction.atomic():
        claim_time(slot, now=now, by_office=True)
        state = State.CONFIRMED if consultation.state == State.CONFIRMED else State.PROPOSED
        current = advance(
            consultation,
            HistoryKind.PROPOSED,
            expected=[State.HELD, State.OPEN, State.PROPOSED, State.CONFIRMED],
            now=now,
            by=by,
            state=state,
            due_on=None,
        )
        outdated = current.appointments.blocking().filter(is_proposal=True)
        if state != State.CONFIRMED:
            outdated = current.appointments.blocking()
        outdated.update(released_at=now)
        proposal = Appointment.objects.create(
            request=current,
            is_proposal=True,
            expires_at=min(now + PROPOSAL_LASTS, slot.starts_at),
            **Appointment.at(slot),
        )
        consultations.propose(current, proposal, now=now)
    return current


@again_after_deadlock
def schedule(
    consultation: ConsultationRequest, *, slot: Slot, by: AbstractBaseUser, now: datetime
) -> ConsultationRequest:
    """Agree on a time for the person, after a phone call for instance, and invite both sides.

    For a request without a date; one that has a date is moved by `reschedule`.

    Raises `SlotTaken` with the next free times, or `Overtaken`.
    """
    expected = [State.HELD, State.OPEN, State.PROPOSED]
    return agree_on(consultation, HistoryKind.SCHEDULED, slot, expected=expected, now=now, by=by)


@again_after_deadlock
def decline(
    consultation: ConsultationRequest, *, reason: str, by: AbstractBaseUser, now: datetime
) -> ConsultationRequest:
    """Turn a running request down with a reason that the person reads; frees its times.

    Raises `ValueError` without a reason, `Overtaken` if it has ended or changed meanwhile.
    """
    if not reason.strip():
        raise ValueError("People who are declined are told why.")
    with transaction.atomic():
        return close(
            consultation, HistoryKind.DECLINED, State.DECLINED, reason=reason, now=now, by=by
        )


def mark_held(
    consultation: ConsultationRequest, *, by: AbstractBaseUser, now: datetime
) -> ConsultationRequest:
    """Note that the consultation took place. Raises `Overtaken` unless an agreed date has begun."""
    return _conclude(consultation, HistoryKind.HELD_MEETING, State.DONE, by=by, now=now)


def mark_no_show(
    consultation: ConsultationRequest, *, by: AbstractBaseUser, now: datetime
) -> ConsultationRequest:
    """Note that no one came, and offer the person a new date.

    Raises `Overtaken` unless an agreed date has begun.
    """
    return _conclude(consultation, HistoryKind.NO_SHOW, State.NO_SHOW, by=by, now=now)


@again_after_deadlock
def call_off(
    consultation: ConsultationRequest, *, by: AbstractBaseUser, now: datetime, reason: str = ""
) -> ConsultationRequest:
    """Free an agreed date that we cannot keep, and have the person choose a new one.

    The request goes on: both sides are told that the date is off, and the person gets the link to the
    free times. Raises `Overtaken` unless a date is agreed.
    """
    appointment = consultation.current_appointment()
    if appointment is None:
        raise Overtaken(consultation)
    with transaction.atomic():
        current = advance(
            consultation,
            HistoryKind.CALLED_OFF,
            expected=[State.CONFIRMED],
            now=now,
            by=by,
            state=State.OPEN,
            confirmed_at=None,
            due_on=due_date(now=now),
        )
        current.appointments.blocking().update(released_at=now)
        consultations.withdraw_reminders(current)
        consultations.called_off(current, appointment, reason=reason, now=now)
    return current


@again_after_deadlock
def reopen(
    consultation: ConsultationRequest, *, by: AbstractBaseUser, now: datetime
) -> ConsultationRequest:
    """Take up again what has ended, and have the person choose a time.

    Raises `Overtaken` if it runs already, or if no one knows any more who asked.
    """
    if consultation.anonymised_at is not None:
        raise Overtaken(consultation)
    with transaction.atomic():
        current = advance(
            consultation,
            HistoryKind.REOPENED,
            expected=REOPENABLE,
            now=now,
            by=by,
            state=State.OPEN,
            closed_at=None,
            confirmed_at=None,
            closing_reason="",
            due_on=due_date(now=now),
        )
        current.appointments.blocking().update(released_at=now)
        consultations.withdraw_question(current)
        consultations.reopened(current, now=now)
    return current


def record_outcome(
    consultation: ConsultationRequest,
    *,
    outcome: str,
    solutions: Iterable[Solution] = (),
    projects: Iterable[Project] = (),
    by: AbstractBaseUser,
    now: datetime,
) -> ConsultationRequest:
    """Write down what came of it and what was recommended.

    For a consultation that took place, and for a request that needs no date (an expression of
    interest, say): that one is thereby done. Raises `Overtaken` otherwise.
    """
    closing = {} if consultation.state == State.DONE else {"closed_at": now, "due_on": None}
    with transaction.atomic():
        current = advance(
            consultation,
            HistoryKind.OUTCOME,
            expected=[State.DONE, State.OPEN],
            now=now,
            by=by,
            state=State.DONE,
            outcome=outcome,
            **closing,
        )
        current.recommended_solutions.set(solutions)
        current.recommended_projects.set(projects)
    return current


def send_outcome(
    consultation: ConsultationRequest, *, by: AbstractBaseUser, now: datetime
) -> ConsultationRequest:
    """Tell the Kommune what came of it, with the pages of what is recommended and public.

    Raises `Overtaken` unless it is done, as it was read.
    """
    with transaction.atomic():
        current = advance(
            consultation, HistoryKind.SENT_OUTCOME, expected=[State.DONE], now=now, by=by
        )
        consultations.outcome(current, now=now)
    return current


def add_note(
    consultation: ConsultationRequest, *, text: str, by: AbstractBaseUser, now: datetime
) -> Note:
    """Write something down for the office. It is told to no one, and no link dies."""
    return Note.objects.create(request=consultation, text=text, author=by, created_at=now)


def assign(
    requests: QuerySet[ConsultationRequest],
    *,
    to: AbstractBaseUser,
    by: AbstractBaseUser,
    now: datetime,
    also_from_others: bool = False,
) -> int:
    """Make a person responsible and return for how many they are now. It is told to no one.

    One for which another person is responsible stays theirs unless `also_from_others` says otherwise,
    also if they became so a moment ago.
    """
    chosen = ConsultationRequest.objects.filter(pk__in=list(requests.values_list("pk", flat=True)))
    if not also_from_others:
        chosen = chosen.filter(Q(responsible=None) | Q(responsible=to))
    with transaction.atomic():
        # The lock reads who is responsible anew.
        rows = list(_locked(chosen).values_list("pk", "responsible"))
        taken = [pk for pk, responsible in rows if responsible != to.pk]
        ConsultationRequest.objects.filter(pk__in=taken).update(responsible=to)
        note_within_the_office(taken, HistoryKind.ASSIGNED, by=by, now=now, to=to)
    return len(rows)


def hand_over(
    consultation: ConsultationRequest,
    *,
    to: AbstractBaseUser,
    by: AbstractBaseUser,
    now: datetime,
    note: str = "",
) -> None:
    """Make a colleague responsible and tell them; the note is for those who read the case.

    Raises `Overtaken` if it has ended, or if another person has become responsible since it was read.
    The Kommune's links live on: nothing has changed for it.
    """
    still = ConsultationRequest.objects.filter(
        pk=consultation.pk, responsible=consultation.responsible_id, state__in=RUNNING
    )
    with transaction.atomic():
        if not still.update(responsible=to):
            raise Overtaken(consultation)
        if consultation.responsible_id != to.pk:
            note_within_the_office([consultation.pk], HistoryKind.ASSIGNED, by=by, now=now, to=to)
        if note:
            add_note(consultation, text=note, by=by, now=now)
        if to != by:
            consultations.tell_colleague(consultation, to, by=by, now=now)


def hand_back(
    requests: QuerySet[ConsultationRequest], *, by: AbstractBaseUser, now: datetime
) -> int:
    """Give up one's own responsibility; returns for how many."""
    pks = list(requests.values_list("pk", flat=True))
    own = ConsultationRequest.objects.filter(pk__in=pks, responsible=by)
    with transaction.atomic():
        given = list(_locked(own).values_list("pk", flat=True))
        ConsultationRequest.objects.filter(pk__in=given).update(responsible=None)
        note_within_the_office(given, HistoryKind.HANDED_BACK, by=by, now=now)
    return len(given)


def _locked(rows: QuerySet[ConsultationRequest]) -> QuerySet[ConsultationRequest]:
    return rows.select_for_update(no_key=True).order_by("pk")


def _conclude(
    consultation: ConsultationRequest,
    kind: HistoryKind,
    state: State,
    *,
    by: AbstractBaseUser,
    now: datetime,
) -> ConsultationRequest:
    appointment = consultation.current_appointment()
    if appointment is None or not appointment.has_begun(now):
        raise Overtaken(consultation)
    with transaction.atomic():
        current = advance(
            consultation,
            kind,
            expected=[State.CONFIRMED],
            now=now,
            by=by,
            state=state,
            closed_at=now,
        )
        # The time stays blocked: it was used, or lost. Only a proposal beside it is pointless now.
        current.appointments.blocking().filter(is_proposal=True).update(released_at=now)
        if state == State.NO_SHOW:
            consultations.withdraw_question(current)
            consultations.missed(current, appointment, now=now)
    return current
