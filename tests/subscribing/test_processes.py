"""Planners as processes, committed rows, and kill -9: every match once, none twice."""

from datetime import UTC, datetime, timedelta

import pytest

from mailing.models import Email
from subscribing.mail import weekly
from subscribing.models import Edition, ListName, Subscriber, Subscription, WatchedList
from tests.factories import SolutionFactory
from tests.factories.subscribing import ASKED, WatchedListFactory
from tests.mailing.conftest import kill, one_sink, processes, sink, until

__all__ = ["one_sink", "processes", "sink"]

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 600
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


def many(*lists: WatchedList) -> None:
    """So many mailboxes that have subscribed these lists."""
    people = Subscriber.objects.bulk_create(
        Subscriber(email=f"amt-{number}@kommune.example", created_at=ASKED)
        for number in range(PEOPLE)
    )
    Subscription.objects.bulk_create(
        Subscription(subscriber=person, list=one, asked_at=ASKED, confirmed_at=ASKED)
        for person in people
        for one in lists
    )


def told() -> int:
    return Email.objects.filter(key__startswith="list-digest:").count()


def test_two_planners_and_a_killed_one_tell_everybody_everything_once(processes):
    many(WatchedListFactory(query=""), WatchedListFactory(name=ListName.PROJECTS, query=""))
    solutions = [SolutionFactory() for _number in range(3)]

    for _round in range(2):
        planners = [processes("tests.subscribing.planner", MONDAY.isoformat(), "20") for _n in "ab"]
        before = told()
        until(lambda before=before: told() >= before + 100, seconds=90, what="in the middle of it")
        kill(planners[0])
        kill(planners[1])
        assert told() < PEOPLE
    while weekly.plan(now=MONDAY + timedelta(hours=1)):
        pass

    mails = list(Email.objects.all())
    assert {mail.to for mail in mails} == set(Subscriber.objects.values_list("email", flat=True))
    assert len(mails) == PEOPLE
    for mail in mails:
        for solution in solutions:
            assert mail.text.count(solution.get_absolute_url()) == 1
            assert mail.text.count(solution.project.get_absolute_url()) == 1
    assert Edition.objects.count() == 1
    assert weekly.plan(now=MONDAY + timedelta(days=7)) == 0
