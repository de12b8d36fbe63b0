"""The start page of the administration: what somebody mostly does, and what is theirs."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.urls import reverse

from communities.models import CommunityState
from projects.models import ProjectEditor
from smartcities.shortcuts import own_of
from tests.factories import ProjectFactory, UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory, TopicGroupFactory

pytestmark = pytest.mark.django_db


def labels(own):
    return (
        [way.label for way in own.ways],
        [(row.label, row.is_part) for row in own.groups],
        [row.label for row in own.projects],
    )


WAYS = [
    "Menschen einladen",
    "Rundmail schreiben",
    "Workshop planen",
    "Protokoll schreiben",
    "Arbeitsergebnis ablegen",
]


def test_a_coordinator_finds_the_community_before_its_topic_groups_and_nothing_of_others():
    aeg = CommunityFactory(name="Zwillinge")
    for name in ("Verkehr", "Ämter"):
        TopicGroupFactory(parent=aeg, name=name)
    TopicGroupFactory(parent=aeg, name="Früher", state=CommunityState.ARCHIVED)
    TopicGroupFactory(parent__name="Fremde", name="Fremde Gruppe")
    user = CoordinationFactory(community=aeg).user

    assert labels(own_of(user)) == (
        [*WAYS, "Themengruppe anlegen"],
        [("Zwillinge", False), ("Ämter", True), ("Verkehr", True)],
        [],
    )


def test_who_coordinates_a_topic_group_alone_is_told_where_it_belongs_and_creates_none():
    group = TopicGroupFactory(parent__name="Zwillinge", name="Verkehr")

    assert labels(own_of(CoordinationFactory(community=group).user)) == (
        WAYS,
        [("Zwillinge: Verkehr", True)],
        [],
    )


def test_an_editor_finds_the_own_projects():
    user = UserFactory()
    ProjectFactory(name="Ulm")
    ProjectEditor.objects.create(user=user, project=ProjectFactory(name="Jena"))

    assert labels(own_of(user)) == (["Lösung eintragen"], [], ["Jena"])


def test_nobody_else_has_anything_of_their_own():
    CommunityFactory()
    staff = UserFactory(is_staff=True)
    staff.groups.set(Group.objects.filter(name="Gemeinschaften"))

    for user in (AnonymousUser(), UserFactory(), staff):
        assert labels(own_of(user)) == ([], [], [])


def test_every_shortcut_leads_somewhere(client):
    user = CoordinationFactory().user
    ProjectEditor.objects.create(user=user, project=ProjectFactory(name="Jena"))
    client.force_login(user)
    own = own_of(user)
    assert own.ways[0].url in client.get(reverse("admin:index")).text

    for _label, url, *_ in [*own.ways, *own.groups, *own.projects]:
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize(
    ("group", "ways"),
    [
        (
            "Veranstaltungen",
            ["Veranstaltung anlegen", "Alle Veranstaltungen", "Alle Teilnehmenden"],
        ),
        (
            "Start Smart: Beratung",
            ["Beratungsanfragen", "Zeiten anbieten", "Abwesenheit eintragen"],
        ),
        (
            "Start Smart",
            [
                "Beratungsanfragen",
                "Anfrage am Telefon aufnehmen",
                "Zeiten anbieten",
                "Abwesenheit eintragen",
            ],
        ),
    ],
)
def test_hosts_and_advisors_start_with_what_they_do_most(client, group, ways):
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name=group))
    client.force_login(user)
    own = own_of(user)

    assert labels(own) == (ways, [], [])
    for way in own.ways:
        assert client.get(way.url).status_code == 200, way


def test_as_many_queries_however_many_groups(django_assert_num_queries):
    aeg = CommunityFactory()
    TopicGroupFactory.create_batch(5, parent=aeg)
    user = CoordinationFactory(community=aeg).user

    # Two of them read what the person may do.
    with django_assert_num_queries(4):
        own_of(user)
