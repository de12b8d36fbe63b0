"""What of a group a person sees who is signed in, at a glance; the walks open every page."""

import pytest
from django.contrib.auth.models import AnonymousUser

from communities.access import inside, visible_results
from communities.models import MembershipState, ResultState
from tests.factories import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)

pytestmark = pytest.mark.django_db


def test_what_is_for_members_shows_to_those_inside_as_long_as_their_account_is_open():
    group = TopicGroupFactory()
    public, for_members, draft = (
        ResultFactory(community=group, state=state)
        for state in (ResultState.PUBLIC, ResultState.MEMBERS, ResultState.DRAFT)
    )

    def member(community=group, **fields):
        return MembershipFactory(community=community, user=UserFactory(), **fields).user

    shut_down = member()
    shut_down.is_active = False
    shut_down.save()
    outside = [
        AnonymousUser(),
        UserFactory(),
        member(CommunityFactory()),
        member(group.parent),  # who is in a community is not in its topic groups
        member(state=MembershipState.INVITED),
        member(state=MembershipState.LEFT),
        shut_down,
    ]

    assert [set(visible_results(user)) for user in outside] == [{public}] * len(outside)
    assert [user for user in outside if group in inside(user)] == []
    mine = member()
    assert (set(visible_results(mine)), list(inside(mine))) == ({public, for_members}, [group])
    above = CoordinationFactory(community=group.parent).user
    assert set(visible_results(above)) == {public, for_members, draft}
    assert set(inside(above)) == {group, group.parent}
