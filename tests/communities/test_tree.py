"""The tree of communities stays flat whatever the code does: the database refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from communities.models import Community
from tests.factories.communities import CommunityFactory, TopicGroupFactory

pytestmark = pytest.mark.django_db


def test_a_topic_group_cannot_get_topic_groups_of_its_own():
    group = TopicGroupFactory()

    with (
        pytest.raises(IntegrityError, match="communities_tree_has_two_levels"),
        transaction.atomic(),
    ):
        TopicGroupFactory(parent=group)


def test_a_community_with_topic_groups_cannot_become_a_topic_group():
    community = TopicGroupFactory().parent
    other = CommunityFactory()

    with (
        pytest.raises(IntegrityError, match="communities_tree_has_two_levels"),
        transaction.atomic(),
    ):
        Community.objects.filter(pk=community.pk).update(parent=other, kind="themengruppe")


def test_no_circle_gets_past_the_database_not_even_in_one_statement():
    first, second = CommunityFactory(), CommunityFactory()

    with (
        pytest.raises(IntegrityError, match="communities_tree_has_two_levels"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE communities_community SET kind = 'themengruppe', "
            "parent_id = CASE id WHEN %(a)s THEN %(b)s ELSE %(a)s END WHERE id IN (%(a)s, %(b)s)",
            {"a": first.pk, "b": second.pk},
        )


def test_nothing_belongs_to_itself():
    community = CommunityFactory()

    with (
        pytest.raises(IntegrityError, match="communities_tree_has_two_levels"),
        transaction.atomic(),
    ):
        Community.objects.filter(pk=community.pk).update(parent=community, kind="themengruppe")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: Community(kind="themengruppe", name="x", slug="x", parent=TopicGroupFactory()),
            "Eine Themengruppe kann keine weitere Themengruppe enthalten.",
        ),
        (
            lambda: _under(TopicGroupFactory().parent, CommunityFactory()),
            "Diese Gemeinschaft hat Themengruppen und kann keine werden.",
        ),
        (
            lambda: Community(kind="themengruppe", name="x", slug="x"),
            "Eine Themengruppe gehört zu einer Gemeinschaft, alle anderen gehören zu keiner.",
        ),
    ],
)
def test_people_read_in_a_sentence_what_is_wrong(make, sentence):
    with pytest.raises(ValidationError) as caught:
        make().full_clean()

    assert sentence in caught.value.messages


def _under(community: Community, parent: Community) -> Community:
    community.parent, community.kind = parent, "themengruppe"
    return community
