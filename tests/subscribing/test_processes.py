"""Planners as processes, committed rows, and kill -9: every match once, none twice."""

from datetime import UTC, datetime, timedelta

import pytest

from communities.models import (
    DigestItem,
    GroupMessage,
    MailWish,
    Membership,
    MessageState,
    Role,
)
from mailing.models import Email
from subscribing.mail import weekly
from subscribing.models import Edition, ListName, Subscriber, Subscription, WatchedList
from tests.factories import SolutionFactory
from tests.factories.communities import CommunityFactory, MembershipFactory
from tests.factories.subscribing import ASKED, WatchedListFactory
from tests.mailing.conftest import kill, one_sink, processes, sink, until

__all__ = ["one_sink", "processes", "sink"]

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 600
EVERYBODY = PEOPLE + PEOPLE // 2
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


def members() -> None:
    """Half of these mailboxes, and as many others, want what their group has written once a week."""
    group = CommunityFactory(name="Zwillinge")
    message = GroupMessage.objects.create(
        community=group, roles=[Role.MEMBER], subject="Treffen", text="Bitte kommen."
    )
    rows = Membership.objects.bulk_create(
        MembershipFactory.build(
            community=group, email=f"amt-{number}@kommune.example", mail_wish=MailWish.WEEKLY
        )
        for number in range(PEOPLE // 2, PEOPLE // 2 + PEOPLE)
    )
    GroupMessage.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=ASKED)
    DigestItem.objects.bulk_create(DigestItem(message=message, membership=row) for row in rows)


def told() -> int:
    return Email.objects.count()


def test_two_planners_and_a_killed_one_tell_everybody_everything_once(processes):
    many(WatchedListFactory(query=""), WatchedListFactory(name=ListName.PROJECTS, query=""))
    members()
    solutions = [SolutionFactory() for _number in range(3)]

    for _round in range(3):
        planners = [processes("tests.subscribing.planner", MONDAY.isoformat(), "20") for _n in "ab"]
        before = told()
        until(lambda before=before: told() >= before + 100, seconds=90, what="in the middle of it")
        kill(planners[0])
        kill(planners[1])
        assert told() < EVERYBODY
    while weekly.plan(now=MONDAY + timedelta(hours=1)):
        pass

    mails = list(Email.objects.all())
    addresses = {f"amt-{number}@kommune.example" for number in range(EVERYBODY)}
    assert {mail.to for mail in mails} == addresses
    assert len(mails) == EVERYBODY
    for mail in mails:
        number = int(mail.to.split("@")[0].removeprefix("amt-"))
        assert mail.text.count("Bitte kommen.") == (number >= PEOPLE // 2)
        for solution in solutions:
            assert mail.text.count(solution.get_absolute_url()) == (number < PEOPLE)
            assert mail.text.count(solution.project.get_absolute_url()) == (number < PEOPLE)
    assert not DigestItem.objects.exists()
    assert Edition.objects.count() == 1
    assert weekly.plan(now=MONDAY + timedelta(days=7)) == 0
