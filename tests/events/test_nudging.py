"""Coordinators are asked for missing minutes, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.mail import minutes
from events.models import EventKind, EventState, Minutes
from mailing.models import Email
from tests.factories.communities import CoordinationFactory, TopicGroupFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = timezone.now()


@pytest.fixture
def group():
    return TopicGroupFactory()


def workshop(group, days_ago: float = 11, **given):
    start = NOW - days_ago * DAY - timedelta(hours=3)
    given = {"kind": EventKind.COMMUNITY_WORKSHOP, "community": group, "starts_at": start} | given
    return EventFactory(**given)


def test_ten_days_after_a_workshop_its_coordinators_are_asked_once(group):
    people = [CoordinationFactory(community=one) for one in (group, group.parent)]
    event = workshop(group)

    assert minutes.nudge_for_minutes(now=NOW) == 1
    assert minutes.nudge_for_minutes(now=NOW + DAY) == 0

    emails = Email.objects.all()
    assert {email.to for email in emails} == {person.email for person in people}
    for email in emails:
        assert email.subject == f"Protokoll fehlt noch: {event.title}"
        assert f"/events/event/{event.pk}/change/" in email.text
    event.refresh_from_db()
    assert event.minutes_nudged_at == NOW


def test_who_coordinates_the_group_and_the_one_above_it_is_asked_once(group):
    person = CoordinationFactory(community=group.parent, email="eva@kommune.example")
    CoordinationFactory(community=group, email="eva+thema@kommune.example", user=person.user)
    workshop(group)

    assert minutes.nudge_for_minutes(now=NOW) == 1

    assert [email.to for email in Email.objects.all()] == ["eva@kommune.example"]


@pytest.mark.parametrize(
    "given",
    [
        {"days_ago": 9},
        {"days_ago": 61},
        {"state": EventState.CANCELLED, "cancelled_at": NOW},
        {"state": EventState.DRAFT},
        {"minutes_nudged_at": NOW - DAY},
        {"kind": EventKind.CONGRESS, "community": None},
    ],
)
def test_nobody_is_asked_too_early_too_late_or_for_nothing(group, given):
    CoordinationFactory(community=group)
    workshop(group, **given)

    assert minutes.nudge_for_minutes(now=NOW) == 0


def test_for_sixty_days_after_a_workshop_its_minutes_are_asked_for(group):
    CoordinationFactory(community=group)
    workshop(group, days_ago=59)

    assert minutes.nudge_for_minutes(now=NOW) == 1


def test_where_there_are_minutes_nobody_is_asked(group):
    CoordinationFactory(community=group)
    Minutes.objects.create(event=workshop(group), text="Beschlossen: weitermachen.")

    assert minutes.nudge_for_minutes(now=NOW) == 0


def test_a_group_without_coordination_is_asked_when_it_has_one(group):
    workshop(group)
    assert minutes.nudge_for_minutes(now=NOW) == 0

    CoordinationFactory(community=group)

    assert minutes.nudge_for_minutes(now=NOW + DAY) == 1
