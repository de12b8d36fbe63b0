"""Plans the e-mails that are due because time passes.

May run any number of times, several at once, be killed anywhere and miss hours. `Reminder` has one row
per registration, rule and beginning, stored together with the e-mail; whoever has the row is never
written to again. A run works in small transactions: what is done stays done.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Greatest

from events.mail import reminders, to_hosts
from events.models import (
    Anchor,
    Event,
    Precision,
    Registration,
    RegistrationState,
    Reminder,
    ReminderRule,
    ReminderState,
    To,
)
from events.reminders.rules import Due, schedule
from events.reminders.withdrawing import rows_of
from mailing import outbox
from mailing.models import Email

# So many people per transaction: nobody who cancels just then waits longer than a moment.
CHUNK = 1000
# Written down as missed only as long as somebody might ask.
LOOK_BACK = timedelta(days=14)
# The longest rule, thanks and looking back; beyond them nothing can be due.
AHEAD = timedelta(days=61)
BEHIND = timedelta(days=61 + 10) + LOOK_BACK


def plan(*, now: datetime) -> int:
    """Store all e-mails that are due and return how many; note what was missed.

    Whoever was given a seat, or told of another time, after a rule was due has just read it and is
    not reminded by that rule.
    """
    written = 0
    for event in _events(now):
        for due in schedule(event, event.reminder_rules.all()):
            written += _carry_out(event, due, now)
        _note_unsent(event)
    return written


def _carry_out(event: Event, due: Due, now: datetime) -> int:
    if due.rule.to == To.HOSTS:
        return _tell_hosts(event, due, now) if due.applies(now) else 0
    if due.applies(now):
        return sum(_chunks(event, due, now))
    if due.at < due.until <= now < due.until + LOOK_BACK:
        _note_missed(event, due, now)
    return 0


def _events(now: datetime) -> QuerySet[Event]:
    return (
        Event.objects.published()
        .filter(
            precision=Precision.TIME,
            takes_registrations=True,
            starts_at__lte=now + AHEAD,
            ends_at__gt=now - BEHIND,
        )
        .select_related("community__parent")
        .prefetch_related(Prefetch("reminder_rules", ReminderRule.objects.order_by("pk")))
        .order_by("starts_at", "pk")
    )


def _chunks(event: Event, due: Due, now: datetime) -> Iterator[int]:
    while _open(event, due).exists():
        written = _remind_some(event, due, now)
        yield written
        if not written:
            # Somebody else is just planning this event or changing these registrations.
            return


def _remind_some(event: Event, due: Due, now: datetime) -> int:
    with transaction.atomic():
        if not _still_so(event):
            return 0
        # Locked until the e-mails are stored: whoever cancels waits, then finds them and takes them
        # back. Those being changed right now are left for the next run.
        people = list(
            _open(event, due)
            .select_related("municipality")
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("pk")[:CHUNK]
        )
        Reminder.objects.bulk_create(
            [_row(person.pk, event, due, ReminderState.PLANNED, now) for person in people]
        )
        outbox.enqueue_many(reminders.reminders(people, event, due, now=now))
    return len(people)


def _still_so(event: Event) -> bool:
    """Lock the event as it was read; false if somebody moves, cancels or plans it at this moment."""
    same = Event.objects.published().filter(
        pk=event.pk, sequence=event.sequence, starts_at=event.starts_at
    )
    return same.select_for_update(skip_locked=True, no_key=True).exists()


def _note_missed(event: Event, due: Due, now: datetime) -> None:
    rows = [
        _row(pk, event, due, ReminderState.MISSED, now)
        for pk in _open(event, due).order_by("pk").values_list("pk", flat=True)
    ]
    Reminder.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def _note_unsent(event: Event) -> None:
    """What was planned but could not be sent in time was missed, too."""
    unsent = Email.objects.filter(key__startswith=reminders.prefix(event), missed_at__isnull=False)
    if keys := list(unsent.values_list("key", flat=True)):
        rows = rows_of(keys).filter(state=ReminderState.PLANNED)
        rows.update(state=ReminderState.MISSED)


def _open(event: Event, due: Due) -> QuerySet[Registration]:
    """Whom the rule is for and who has no row yet."""
    rows = Reminder.objects.filter(
        registration=OuterRef("pk"), rule=due.rule.name, starts_at=event.starts_at
    )
    people = _audience(event, due)
    return people.filter(~Exists(rows), event=event, anonymised_at=None)


def _audience(event: Event, due: Due) -> QuerySet[Registration]:
    if due.rule.to == To.WAITING:
        people = Registration.objects.filter(
            state=RegistrationState.WAITING, confirmed_at__isnull=False
        )
        return people.filter(confirmed_at__lt=due.at) if _knew(event, due) else people.none()
    people = Registration.objects.seated()
    if due.rule.anchor == Anchor.AFTER:
        return people
    if not _knew(event, due):
        return people.none()
    return people.annotate(informed_at=Greatest("seated_at", "confirmed_at")).filter(
        informed_at__lt=due.at
    )


def _knew(event: Event, due: Due) -> bool:
    """Whether the time of the event was already known when the rule became due."""
    return event.moved_at is None or event.moved_at < due.at


def _row(
    registration: int, event: Event, due: Due, state: ReminderState, now: datetime
) -> Reminder:
    return Reminder(
        registration_id=registration,
        rule=due.rule.name,
        starts_at=event.starts_at,
        state=state,
        at=now,
    )


def _tell_hosts(event: Event, due: Due, now: datetime) -> int:
    with transaction.atomic():
        return (
            outbox.enqueue_many(to_hosts.reminders(event, due, now=now)) if _still_so(event) else 0
        )
