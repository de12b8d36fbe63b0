"""Rows from the time when two spellings of a mailbox were two people."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection

from communities.models import Membership, MembershipState
from tests.factories.communities import CommunityFactory, MembershipFactory

migration = import_module("communities.migrations.0008_mailbox_key")


@pytest.mark.django_db(transaction=True)
def test_none_is_lost_and_the_furthest_is_the_one_of_the_mailbox():
    constraint = next(
        one
        for one in Membership._meta.constraints
        if one.name == "communities_one_membership_per_address"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(Membership, constraint)
    try:
        group = CommunityFactory()
        left = MembershipFactory(
            community=group, email="eva@straße.de", state=MembershipState.LEFT, name="Eva"
        )
        active = MembershipFactory(community=group, email="eva+aeg@straße.de", name="Eva zwei")
        other = MembershipFactory(community=group, email="ali@straße.de")
        with connection.cursor() as cursor:  # as it was typed
            cursor.execute(
                "UPDATE communities_membership SET email = replace(email, 'xn--strae-oqa', 'straße')"
            )

        migration.bring_along(apps, None)
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(Membership, constraint)

    rows = Membership.objects.order_by("pk").values_list("pk", "email", "name", "shares_mailbox")
    assert list(rows) == [
        (left.pk, "eva@xn--strae-oqa.de", "Eva", True),
        (active.pk, "eva+aeg@xn--strae-oqa.de", "Eva zwei", False),
        (other.pk, "ali@xn--strae-oqa.de", other.name, False),
    ]
    assert Membership.objects.of_mailbox("Eva@straße.de").first() == active
    with pytest.raises(IntegrityError):
        MembershipFactory(community=group, email="eva+neu@straße.de")
