"""Two at once get neither a third level nor a circle past the database, and rights move at once."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from communities import actions
from communities.models import Community, Membership, MembershipState
from ground.refusals import NotPossible
from tests.factories import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)

UNDER = "UPDATE communities_community SET kind = 'themengruppe', parent_id = %s WHERE id = %s"
NEW_UNDER = (
    "INSERT INTO communities_community (kind, parent_id, slug, name, also_called, purpose, questions, "
    "working_mode, state, open_to_non_funded, contact_name, contact_email, check_note, editors_note, "
    "created_at, updated_at) SELECT 'themengruppe', id, 'neu', 'Neu', '', '', '', '', 'active', false, "
    "'', '', '', '', now(), now() FROM communities_community WHERE id = %s"
)


def run(statement: str, *keys: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, keys)


def rival(statement: str, *keys: int) -> tuple[Thread, list[type[Exception]]]:
    """Another transaction that runs the statement while this one is still open."""
    refused: list[type[Exception]] = []

    def work() -> None:
        try:
            run(statement, *keys)
        except DatabaseError as error:
            refused.append(type(error))
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    return thread, refused


@pytest.mark.django_db(transaction=True)
def test_nothing_is_hung_below_a_community_that_becomes_a_topic_group_at_this_moment():
    top, middle = CommunityFactory(), CommunityFactory()

    with transaction.atomic():
        run(UNDER, top.pk, middle.pk)
        thread, refused = rival(NEW_UNDER, middle.pk)
        thread.join(0.5)
        assert thread.is_alive()  # it waits to see what becomes of the other
    thread.join()

    assert refused == [IntegrityError]
    assert not Community.objects.filter(parent=middle).exists()


@pytest.mark.django_db(transaction=True)
def test_a_community_does_not_become_a_topic_group_while_something_is_hung_below_it():
    top, middle = CommunityFactory(), CommunityFactory()

    with transaction.atomic():
        run(NEW_UNDER, middle.pk)
        thread, refused = rival(UNDER, top.pk, middle.pk)
        thread.join(0.5)
        assert thread.is_alive()
    thread.join()

    assert refused == [IntegrityError]
    assert Community.objects.get(pk=middle.pk).parent is None


@pytest.mark.django_db(transaction=True)
def test_of_two_communities_that_go_below_each_other_at_once_at_most_one_does():
    first, second = CommunityFactory(), CommunityFactory()

    with transaction.atomic():
        run(UNDER, first.pk, second.pk)
        thread, refused = rival(UNDER, second.pk, first.pk)
        thread.join(0.5)
    thread.join()

    assert refused in (
        [IntegrityError],
        [OperationalError],
    )  # refused, or as the loser of a deadlock
    assert list(Community.objects.filter(level=2)) == [second]


@pytest.mark.django_db
def test_with_a_moved_topic_group_its_pages_change_hands_with_the_next_request(client):
    group, target = TopicGroupFactory(), CommunityFactory()
    member = MembershipFactory(community=group, name="Mia Mitglied")
    loses, gains = (
        CoordinationFactory(community=group.parent),
        CoordinationFactory(community=target),
    )
    page = reverse("admin:communities_membership_change", args=[member.pk])

    def opens(role) -> bool:
        client.force_login(role.user)
        return client.get(page).status_code == 200

    assert (opens(loses), opens(gains)) == (True, False)
    actions.move_topic_group(group, to=target, by=UserFactory(), now=timezone.now())
    assert (opens(loses), opens(gains)) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_until_a_move_is_certain_everybody_else_sees_the_old_tree(client):
    """The rights are read from the tree itself, so there is no moment with both or neither."""
    group, target = TopicGroupFactory(), CommunityFactory()
    loses, gains = (
        CoordinationFactory(community=group.parent),
        CoordinationFactory(community=target),
    )
    page = reverse("admin:communities_community_change", args=[group.pk])
    seen: list[tuple[int, int]] = []

    def look() -> None:
        statuses = []
        for role in (loses, gains):
            client.force_login(role.user)
            statuses.append(client.get(page).status_code)
        seen.append((statuses[0], statuses[1]))
        connection.close()

    with transaction.atomic():
        actions.move_topic_group(group, to=target, by=UserFactory(), now=timezone.now())
        for _ in range(2):
            thread = Thread(target=look)
            thread.start()
            thread.join()
    look()

    assert seen == [(200, 302), (200, 302), (302, 200)]


def in_background(work: Callable[[], object]) -> tuple[Thread, list[Exception]]:
    refused: list[Exception] = []

    def run_it() -> None:
        try:
            work()
        except (NotPossible, DatabaseError) as error:
            refused.append(error)
        finally:
            connection.close()

    thread = Thread(target=run_it)
    thread.start()
    return thread, refused


@pytest.mark.django_db(transaction=True)
def test_a_topic_group_that_moves_in_while_its_new_community_is_archived_is_archived_too():
    old, new = CommunityFactory(), CommunityFactory()
    group = TopicGroupFactory(parent=old)
    now, by = timezone.now(), UserFactory()

    with transaction.atomic():
        actions.move_topic_group(group, to=new, by=by, now=now)
        thread, refused = in_background(lambda: actions.archive(new, by=by, now=now))
        thread.join(0.5)
        assert thread.is_alive()
    thread.join()

    assert refused == []
    states = Community.objects.filter(pk__in=[new.pk, group.pk]).values_list("state", flat=True)
    assert list(states) == ["archived", "archived"]


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_the_group_is_archived_does_not_wait_in_it_for_ever():
    group, by, now = CommunityFactory(), UserFactory(), timezone.now()
    asks = MembershipFactory(
        community=group,
        state=MembershipState.REQUESTED,
        requested_at=now,
        email_confirmed_at=None,
    )

    with transaction.atomic():
        actions.confirm(asks, now=now)
        thread, refused = in_background(lambda: actions.archive(group, by=by, now=now))
        thread.join(0.5)
        assert thread.is_alive()
    thread.join()

    assert refused == []
    assert Membership.objects.get(pk=asks.pk).state == MembershipState.DECLINED
