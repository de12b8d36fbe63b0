"""The start page of the administration says what waits, to those whom it concerns."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import Experience, MembershipState, Result
from smartcities.accessibility import barriers
from smartcities.todos import todos_of
from tests.factories import ConsultationRequestFactory, UserFactory
from tests.factories.communities import CoordinationFactory, MembershipFactory, TopicGroupFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def texts(user) -> list[str]:
    return [todo.text for todo in todos_of(user, now=NOW)]


def fill(community) -> None:
    """One of everything that can wait, in one group."""
    MembershipFactory(
        community=community,
        state=MembershipState.REQUESTED,
        requested_at=NOW - timedelta(days=20),
    )
    Result.objects.create(community=community, slug=f"r-{community.pk}", title="R", kind="vorlage")
    Experience.objects.create(community=community, kind="stolperfalle", title="E", what="w")
    EventFactory(
        community=community,
        title="Werkstatt",
        starts_at=NOW - timedelta(days=3),
        kind="aeg-workshop",
    )


def test_a_coordinator_sees_what_waits_in_their_groups_and_nothing_of_others():
    mine = CoordinationFactory()
    fill(TopicGroupFactory(parent=mine.community))
    fill(CoordinationFactory().community)

    found = texts(mine.user)

    assert found[0] == "1 Mensch möchte in Ihre Gruppe, davon überfällig: 1"
    assert found[1].startswith("Protokoll fehlt: Werkstatt, ")
    assert found[2:] == ["1 Erfahrung wartet auf Freigabe", "1 Ergebnis ist noch ein Entwurf"]


def test_the_office_sees_requests_and_barriers_that_are_overdue():
    ConsultationRequestFactory(due_on=NOW.date() - timedelta(days=2))
    barriers.report(text="x", page="", email="", now=NOW - timedelta(days=40))

    assert texts(UserFactory(is_staff=True, is_superuser=True)) == [
        "1 Anfrage an Start Smart ist offen, davon überfällig: 1",
        "1 gemeldete Barriere ist unbeantwortet, davon überfällig: 1",
    ]


def test_who_has_nothing_to_do_is_told_so(client):
    coordinator = CoordinationFactory().user
    client.force_login(coordinator)

    assert "Nichts. Alles ist erledigt." in client.get(reverse("admin:index")).text


def test_it_costs_the_same_however_much_waits(django_assert_max_num_queries):
    mine = CoordinationFactory()
    for _number in range(4):
        fill(TopicGroupFactory(parent=mine.community))
        with django_assert_max_num_queries(16):
            todos_of(mine.user, now=NOW)
