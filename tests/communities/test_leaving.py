"""Roles, leaving, and that no group is left without a coordinator by accident."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import User
from communities import actions
from communities.actions import LastCoordinator
from communities.models import (
    CommunityState,
    HistoryKind,
    MailWish,
    Membership,
    MembershipState,
    Role,
)
from communities.scope import coordinated_by
from ground.refusals import NotPossible, Overtaken
from mailing.models import Email
from tests.factories import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def mails() -> list[tuple[str, str]]:
    return [(email.to, email.key.split(":", 3)[3]) for email in Email.objects.order_by("pk")]


def history(membership) -> list[str]:
    return [entry.kind for entry in membership.history.all()]


def at_once(*calls) -> list[Exception]:
    """Run all at the same moment, each with a connection of its own; returns what they raised."""
    barrier, raised = Barrier(len(calls)), []

    def work(call):
        barrier.wait()
        try:
            call()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work, args=(call,)) for call in calls]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return raised


def test_leaving_ends_it_and_tells_both_sides_once():
    community = CommunityFactory()
    coordinator = CoordinationFactory(community=community)
    member = MembershipFactory(community=community, is_visible=True)

    left = actions.leave(member, now=NOW)
    with pytest.raises(Overtaken):
        actions.leave(member, now=NOW)

    assert (left.state, left.is_visible, left.changed_at) == (MembershipState.LEFT, False, NOW)
    assert history(left) == [HistoryKind.LEFT]
    assert mails() == [
        (member.email, "left"),
        (coordinator.email, f"coordination-left:{coordinator.pk}"),
    ]


def test_a_coordinator_who_leaves_loses_the_rights_at_once_and_the_others_hear_of_it():
    community = CommunityFactory()
    leaving, staying = CoordinationFactory.create_batch(2, community=community)

    actions.leave(leaving, by=leaving.user, now=NOW)

    assert list(coordinated_by(leaving.user)) == []
    assert mails() == [
        (leaving.email, "left"),
        (staying.email, f"coordination-left:{staying.pk}"),
    ]


@pytest.mark.parametrize(
    "end",
    [
        lambda last: actions.leave(last, now=NOW),
        lambda last: actions.remove(last, by=UserFactory(), now=NOW),
        lambda last: actions.change_role(last, Role.MEMBER, by=UserFactory(), now=NOW),
    ],
    ids=["leave", "remove", "change_role"],
)
def test_the_last_coordinator_of_a_group_stays(end):
    group = TopicGroupFactory(name="Mobilität", parent__name="Zwillinge")
    last = CoordinationFactory(community=group)
    MembershipFactory(community=group)
    CoordinationFactory(community=group.parent)
    CoordinationFactory(community=group, user__is_active=False)
    CoordinationFactory(community=group, state=MembershipState.LEFT)

    with pytest.raises(LastCoordinator, match="„Zwillinge: Mobilität“ hätte dann keine Koord"):
        end(last)

    last.refresh_from_db()
    assert (last.state, last.role, last.version) == (
        MembershipState.ACTIVE,
        Role.COORDINATION,
        1,
    )
    assert mails() == []


def test_the_editors_may_leave_a_group_without_a_coordinator():
    removed, changed = CoordinationFactory(), CoordinationFactory()
    editor = UserFactory()

    actions.remove(removed, by=editor, by_editor=True, now=NOW)
    actions.change_role(changed, Role.MEMBER, by=editor, by_editor=True, now=NOW)

    assert not Membership.objects.coordinating().exists()


def test_an_archived_group_needs_no_coordinator():
    last = CoordinationFactory(community__state=CommunityState.ARCHIVED)

    assert actions.leave(last, now=NOW).state == MembershipState.LEFT


def test_the_warning_beforehand_says_the_same():
    last = CoordinationFactory()
    member = MembershipFactory(community=last.community)

    assert actions.is_last_coordinator(last)
    assert not actions.is_last_coordinator(member)
    CoordinationFactory(community=last.community)
    assert not actions.is_last_coordinator(last)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_run", range(3))
def test_of_the_two_last_coordinators_who_go_at_once_one_stays(_run):
    community = CommunityFactory()
    first, second = CoordinationFactory.create_batch(2, community=community)

    raised = at_once(
        lambda: actions.leave(first, now=NOW),
        lambda: actions.change_role(second, Role.MEMBER, by=second.user, now=NOW),
    )

    assert [type(error) for error in raised] == [LastCoordinator]
    assert Membership.objects.coordinating().count() == 1


def test_removing_tells_the_person_the_reason():
    member = MembershipFactory()

    removed = actions.remove(member, by=UserFactory(), reason="Projekt beendet.", now=NOW)

    assert (removed.state, history(removed)) == (MembershipState.LEFT, [HistoryKind.REMOVED])
    assert mails() == [(member.email, "removed")]
    assert "Projekt beendet." in Email.objects.get().text


def test_an_invitation_can_be_taken_back():
    invited = MembershipFactory(state=MembershipState.INVITED)

    assert actions.remove(invited, by=UserFactory(), now=NOW).state == MembershipState.WITHDRAWN
    assert Email.objects.get().subject.startswith("Einladung zurückgezogen")


def test_the_same_role_again_changes_nothing_and_sends_nothing():
    member = MembershipFactory(role=Role.GUEST)
    by = UserFactory()

    changed = actions.change_role(member, Role.SUPPORT, by=by, now=NOW)
    again = actions.change_role(changed, Role.SUPPORT, by=by, now=NOW)

    assert (changed.role, again.version) == (Role.SUPPORT, changed.version)
    assert mails() == [(member.email, "role_changed")]
    with pytest.raises(Overtaken):
        actions.change_role(member, Role.GUEST, by=by, now=NOW)


def test_who_becomes_coordinator_without_an_account_gets_one_and_the_way_in():
    member = MembershipFactory(name="Eva Beispiel")

    changed = actions.change_role(member, Role.COORDINATION, by=UserFactory(), now=NOW)

    user = User.objects.get(email=member.email)
    assert (changed.user, user.name) == (user, "Eva Beispiel")
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (False, False, False)
    assert list(coordinated_by(user)) == [member.community]
    assert mails() == [(member.email, "role_changed"), (member.email, "account")]


def test_who_becomes_coordinator_with_an_account_keeps_it():
    user = UserFactory(email="Eva@kommune.example", password="geheim")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    member = MembershipFactory(email="eva@kommune.example")

    changed = actions.change_role(member, Role.COORDINATION, by=UserFactory(), now=NOW)

    user.refresh_from_db()
    assert changed.user == user
    assert user.check_password("geheim")
    assert mails() == [(member.email, "role_changed")]


def test_what_opens_an_account_goes_to_the_address_of_the_account():
    user = UserFactory(email="eva@privat.example")
    member = MembershipFactory(user=user, email="eva@kommune.example")

    actions.change_role(member, Role.COORDINATION, by=UserFactory(), now=NOW)

    assert mails() == [(member.email, "role_changed"), (user.email, "account")]


def test_who_has_signed_in_keeps_a_password_also_where_no_address_was_ever_confirmed():
    """Made on the command line, say: nobody else can have typed it."""
    user = UserFactory(email="eva@kommune.example", password="geheim", last_login=NOW)
    member = MembershipFactory(email="eva@kommune.example")

    changed = actions.change_role(member, Role.COORDINATION, by=UserFactory(), now=NOW)

    user.refresh_from_db()
    assert (changed.user, user.check_password("geheim")) == (user, True)
    assert mails() == [(member.email, "role_changed")]


def test_in_a_group_that_was_archived_nobody_gets_another_role():
    group = CommunityFactory(state=CommunityState.ARCHIVED, archived_at=NOW)
    coordinator = CoordinationFactory(community=group)
    member = MembershipFactory(community=group)

    with pytest.raises(NotPossible, match="arbeitet nicht mehr"):
        actions.change_role(member, Role.SUPPORT, by=UserFactory(), now=NOW)
    with pytest.raises(NotPossible, match="arbeitet nicht mehr"):
        actions.hand_over(coordinator, member, by=UserFactory(), now=NOW)

    assert mails() == []


def test_the_password_of_somebody_who_took_a_foreign_address_ends():
    squatter = UserFactory(email="eva@kommune.example", password="geheim")
    EmailAddress.objects.create(user=squatter, email=squatter.email, verified=False, primary=True)
    member = MembershipFactory(email="eva@kommune.example")

    changed = actions.change_role(member, Role.COORDINATION, by=UserFactory(), now=NOW)

    squatter.refresh_from_db()
    assert changed.user == squatter
    assert not squatter.has_usable_password()
    assert mails() == [(member.email, "role_changed"), (member.email, "account")]


def test_an_account_that_was_shut_down_coordinates_nothing():
    member = MembershipFactory(user=UserFactory(is_active=False))

    with pytest.raises(NotPossible, match="stillgelegt"):
        actions.change_role(member, Role.COORDINATION, by=UserFactory(), now=NOW)


def test_handing_over_swaps_the_roles_and_the_rights_in_one_step():
    giver = CoordinationFactory()
    taker = MembershipFactory(community=giver.community)

    given, taken = actions.hand_over(giver, taker, by=giver.user, now=NOW)

    assert (given.role, taken.role) == (Role.MEMBER, Role.COORDINATION)
    assert list(coordinated_by(giver.user)) == []
    assert list(coordinated_by(taken.user)) == [giver.community]
    assert mails() == [
        (taker.email, "role_changed"),
        (taker.email, "account"),
        (giver.email, "role_changed"),
    ]
    with pytest.raises(Overtaken):
        actions.hand_over(giver, taker, by=giver.user, now=NOW)


@pytest.mark.parametrize("whom", ["themselves", "somebody elsewhere", "somebody who left"])
def test_nobody_hands_over_to_who_is_not_there(whom):
    giver = CoordinationFactory()
    to = {
        "themselves": lambda: giver,
        "somebody elsewhere": MembershipFactory,
        "somebody who left": lambda: MembershipFactory(
            community=giver.community, state=MembershipState.LEFT
        ),
    }[whom]()

    with pytest.raises((NotPossible, Overtaken)):
        actions.hand_over(giver, to, by=giver.user, now=NOW)

    assert list(coordinated_by(giver.user)) == [giver.community]
    assert mails() == []


@pytest.mark.django_db(transaction=True)
def test_handing_over_while_the_taker_leaves_never_loses_the_coordinator():
    giver = CoordinationFactory()
    taker = MembershipFactory(community=giver.community)

    raised = at_once(
        lambda: actions.hand_over(giver, taker, by=giver.user, now=NOW),
        lambda: actions.leave(taker, now=NOW),
    )

    assert [type(error) for error in raised] == [Overtaken]
    assert Membership.objects.coordinating().count() == 1


def test_preferences_are_ones_own_and_end_no_link():
    member = MembershipFactory()

    actions.set_preferences(member, mail_wish=MailWish.WEEKLY, is_visible=True)

    member.refresh_from_db()
    assert (member.mail_wish, member.is_visible, member.version) == (MailWish.WEEKLY, True, 1)
    assert mails() == []
    # A page that was opened before is sent when nothing is to be preferred any more.
    gone = MembershipFactory(state=MembershipState.LEFT, mail_wish=MailWish.NONE)
    actions.set_preferences(gone, mail_wish=MailWish.WEEKLY, is_visible=True)
    gone.refresh_from_db()
    assert (gone.mail_wish, gone.is_visible) == (MailWish.NONE, False)


@pytest.mark.parametrize("is_archived", [False, True])
def test_who_leaves_is_invited_to_ask_again_only_where_somebody_may_join(is_archived):
    member = MembershipFactory()
    if is_archived:
        actions.archive(member.community, by=UserFactory(), now=NOW)

    actions.leave(Membership.objects.with_everything().get(pk=member.pk), now=NOW)

    text = Email.objects.get(to=member.email).text
    assert "Danke fürs Mitmachen." in text
    assert ("Sie können jederzeit neu anfragen" in text) is not is_archived
