"""Rows from the time when two spellings of a mailbox were two people."""

import pytest
from django.db import IntegrityError

from communities.models import Membership
from tests.factories.communities import CommunityFactory, MembershipFactory


@pytest.mark.django_db
def test_of_two_in_one_mailbox_the_one_that_holds_it_is_meant_and_no_third_comes():
    group = CommunityFactory()
    MembershipFactory(community=group, email="eva@straße.de", shares_mailbox=True)
    holder = MembershipFactory(community=group, email="eva+aeg@straße.de")

    assert Membership.objects.of_mailbox("Eva@straße.de").first() == holder
    with pytest.raises(IntegrityError):
        MembershipFactory(community=group, email="eva+neu@straße.de")
