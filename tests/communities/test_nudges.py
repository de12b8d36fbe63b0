"""A request that waits for more than five working days: all coordinators hear of it, once."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from communities import actions
from communities.mail import nudges
from communities.models import Membership, MembershipState
from mailing.models import Email
from tests.factories import ProjectFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
)

# A Wednesday at ten in the morning, in Germany.
ASKED = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def waiting(community=None, **fields) -> Membership:
    values = {"state": MembershipState.REQUESTED, "requested_at": ASKED, **fields}
    return MembershipFactory(community=community or CommunityFactory(), **values)


@pytest.mark.parametrize(
    ("asked", "overdue"),
    [
        # A weekend lies between.
        ("2026-03-04 09:00", "2026-03-11 09:00"),
        ("2026-03-06 09:00", "2026-03-13 09:00"),
        ("2026-03-02 09:00", "2026-03-09 09:00"),
        # Over the night in which the clocks change it is still ten in the morning in Germany.
        ("2026-03-26 09:00", "2026-04-02 08:00"),
    ],
)
def test_a_request_is_overdue_after_five_working_days(asked, overdue):
    waiting(requested_at=datetime.fromisoformat(f"{asked}+00:00"))
    moment = datetime.fromisoformat(f"{overdue}+00:00")

    assert nudges.overdue(now=moment).count() == 0
    assert nudges.overdue(now=moment + SECOND).count() == 1


def test_all_coordinators_are_reminded_of_it_once():
    community = CommunityFactory()
    first, second = CoordinationFactory.create_batch(2, community=community)
    request = waiting(community, message="Seit Langem")
    waiting(community, email_confirmed_at=None)
    waiting(community, requested_at=ASKED + 7 * DAY)

    assert nudges.nudge(now=ASKED + 8 * DAY) == 1
    assert nudges.nudge(now=ASKED + 8 * DAY) == 0
    assert nudges.nudge(now=ASKED + 9 * DAY) == 0

    assert sorted(email.to for email in Email.objects.all()) == sorted([first.email, second.email])
    request.refresh_from_db()
    assert request.nudged_at == ASKED + 8 * DAY
    assert nudges.overdue(now=ASKED + 9 * DAY).first() == request


def test_reminding_ends_no_link_and_hinders_no_decision():
    request = waiting()

    nudges.nudge(now=ASKED + 8 * DAY)

    coordinator = CoordinationFactory(community=request.community)
    approved = actions.approve(request, by=coordinator.user, now=ASKED + 8 * DAY)
    assert approved.state == MembershipState.ACTIVE


def test_a_renewed_request_may_be_reminded_of_again():
    request = waiting(email="eva@kommune.example")
    nudges.nudge(now=ASKED + 8 * DAY)
    declined = actions.decline(request, reason="Voll.", by=None, now=ASKED + 9 * DAY)

    renewed = actions.request_membership(
        actions.Application(
            community=declined.community,
            name="Eva",
            email="eva@kommune.example",
            project=ProjectFactory(),
        ),
        now=ASKED + 30 * DAY,
    )
    actions.confirm(renewed, now=ASKED + 30 * DAY)

    # Easter is in between, when nobody works.
    assert nudges.nudge(now=ASKED + 38 * DAY) == 0
    assert nudges.nudge(now=ASKED + 41 * DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_remind_once():
    community = CommunityFactory()
    CoordinationFactory(community=community)
    for _number in range(5):
        waiting(community)
    barrier, counts = Barrier(4), []

    def work():
        barrier.wait()
        counts.append(nudges.nudge(now=ASKED + 8 * DAY))
        connection.close()

    workers = [Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(counts) == Email.objects.count() == 5
