"""The real thing: planners and senders as processes, committed rows, a mail server, and kill -9."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from events.actions import publishing
from events.models import Event, Mode, Registration, RegistrationState
from mailing.models import Email
from tests.factories.events import EventFactory, RegistrationFactory
from tests.mailing.conftest import Sink, kill, until

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 480
HOUR = timedelta(hours=1)


def event_tomorrow(count: int) -> Event:
    """An event of whose day before 4 hours are over, with so many seats given long ago."""
    event = EventFactory(takes_registrations=True, starts_at=timezone.now() + 20 * HOUR)
    long_ago = timezone.now() - timedelta(days=30)
    Registration.objects.bulk_create(
        RegistrationFactory.build(
            event=event,
            mode=Mode.ON_SITE,
            state=RegistrationState.SEAT,
            confirmed_at=long_ago,
            seated_at=long_ago,
        )
        for _ in range(count)
    )
    return event


def reminded(event: Event, starts_at: datetime | None = None) -> int:
    beginning = f":tag:{(starts_at or event.starts_at).astimezone(UTC):%Y%m%dT%H%M%S%f}"
    keys = Email.objects.filter(key__startswith=f"event:{event.pk}:reminder:", missed_at=None)
    return keys.filter(key__endswith=beginning).count()


def written() -> QuerySet[Email]:
    """All but the notes that the week before was missed; those have no recipient."""
    return Email.objects.exclude(to="")


def everybody(event: Event) -> set[str]:
    return set(event.registrations.values_list("email", flat=True))


def all_are_sent(count: int) -> bool:
    return Email.objects.sent().count() >= count and not Email.objects.open().exists()


def doubled(sink: Sink) -> int:
    """How many got something twice. A second one with another Message-ID would be a second e-mail."""
    ids = Counter(line["id"] for line in sink.accepted())
    assert set(ids) == {email.message_id for email in written()}
    return sum(ids.values()) - len(ids)


def test_planned_several_times_at_once_each_gets_one(sink, processes):
    event = event_tomorrow(PEOPLE)
    people = everybody(event)

    for _ in range(3):
        processes("tests.events.planner", "40")
    processes("tests.mailing.worker")

    until(lambda: reminded(event) == PEOPLE, seconds=90, what="all planned")
    until(lambda: all_are_sent(PEOPLE), seconds=90, what="all sent")
    assert Counter(sink.recipients()) == dict.fromkeys(people, 1)
    assert written().count() == PEOPLE


def test_kill_9_of_planners_and_senders_loses_none_and_doubles_one_each_at_most(sink, processes):
    event = event_tomorrow(PEOPLE)
    people = everybody(event)

    # While it plans and while it sends, everything dies, twice.
    for round_number in (1, 2):
        planner = processes("tests.events.planner", "10")
        sender = processes("tests.mailing.worker", "2")
        # Each in the middle of its own work: planning is quicker than sending.
        until(
            lambda wanted=100 * round_number: reminded(event) >= wanted,
            seconds=90,
            what="in the middle of planning",
        )
        kill(planner)
        until(
            lambda wanted=40 * round_number: len(sink.accepted()) >= wanted,
            seconds=90,
            what="in the middle of sending",
        )
        kill(sender)
    assert reminded(event) < PEOPLE
    # What is stored is whole: nothing but these reminders, each to a person of its own.
    assert reminded(event) == written().count() == written().values("to").distinct().count()

    processes("tests.events.planner")
    processes("tests.mailing.worker", "2")
    until(lambda: reminded(event) == PEOPLE, seconds=90, what="all planned")
    until(lambda: all_are_sent(PEOPLE), seconds=90, what="all sent")

    assert set(sink.recipients()) == people
    assert written().count() == PEOPLE
    assert doubled(sink) <= 2  # two senders were killed


def test_moved_while_it_is_planned_nobody_is_reminded_of_a_time_that_is_not_true(sink, processes):
    event = event_tomorrow(PEOPLE)
    people = everybody(event)
    processes("tests.events.planner", "10")
    until(lambda: reminded(event) >= 40, seconds=90, what="in the middle of it")

    now = timezone.now()
    moved = publishing.move(
        Event.objects.get(pk=event.pk),
        now=now,
        starts_at=event.starts_at + timedelta(days=2),
        ends_at=event.ends_at + timedelta(days=2),
    )

    processes("tests.mailing.worker")
    until(lambda: all_are_sent(PEOPLE), seconds=90, what="all sent")
    # Nobody had sent the reminders yet: everybody has the change mail and nothing else.
    assert Counter(sink.recipients()) == dict.fromkeys(people, 1)
    assert not written().exclude(key__startswith=f"event:{event.pk}:moved:").exists()
    assert reminded(event) == reminded(event, moved.starts_at) == 0
