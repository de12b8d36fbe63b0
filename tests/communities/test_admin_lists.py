"""The lists of the administration ask the database as often for a thousand rows as for ten."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Community, Experience, GroupMessage, Membership, Result
from events.models import Event, Minutes, Registration
from tests.communities.many import grow
from tests.factories import UserFactory
from tests.factories.communities import CommunityFactory, CoordinationFactory, TopicGroupFactory
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db

FEW, MANY = 10, 1000

LISTS = (Community, Membership, Result, Experience, GroupMessage, Event, Registration, Minutes)


def test_a_thousand_rows_take_no_more_queries_than_ten(client):
    role = CoordinationFactory()
    client.force_login(role.user)
    grow(role.community, FEW, groups=2)
    grow(CommunityFactory(), FEW, groups=2)
    few = {model: queries(client, model) for model in LISTS}

    grow(role.community, MANY, groups=60)

    assert {model: queries(client, model) for model in LISTS} == few


def queries(client, model: type[Model]) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(changelist(model))
    assert len(answer.context["cl"].result_list) >= 3
    return len(captured)


@pytest.mark.parametrize(
    ("model", "parameter"),
    [
        (Membership, "gruppe"),
        (Result, "gruppe"),
        (Experience, "gruppe"),
        (GroupMessage, "gruppe"),
        (Event, "gruppe"),
        (Registration, "veranstaltung"),
    ],
)
def test_beside_each_choice_stands_how_many_rows_it_leaves(client, model, parameter):
    role = CoordinationFactory()
    client.force_login(role.user)
    grow(role.community, FEW, groups=3)
    grow(CommunityFactory(), FEW, groups=2)  # of others, never counted

    answer = client.get(changelist(model), {"state__exact": "aktiv"} if model is Membership else {})

    counted = choices(answer.context["cl"], parameter)
    assert len(counted) >= 3 or model is GroupMessage
    assert sum(counted.values()) == answer.context["cl"].result_count
    for address, number in counted.items():
        assert client.get(f"{changelist(model)}{address}").context["cl"].result_count == number


def changelist(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def choices(cl, parameter: str) -> dict[str, int]:
    """The address of each choice of a filter, and the number in brackets behind its name."""
    (spec,) = (one for one in cl.filter_specs if getattr(one, "parameter_name", "") == parameter)
    _everything, *rest = spec.choices(cl)
    return {
        one["query_string"]: int(str(one["display"]).rpartition("(")[2].rstrip(")")) for one in rest
    }


def test_groups_stand_in_the_order_of_the_names_that_are_shown(client):
    """In every form and filter that offers them: a topic group stands below its community."""
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    zoo, bridges = CommunityFactory(name="Zoos"), CommunityFactory(name="Brücken")
    groups = [TopicGroupFactory(name="Affen", parent=zoo), zoo, bridges]
    for group in groups:
        EventFactory(community=group)
    names = ["Brücken", "Zoos", "Zoos: Affen"]

    for model in (Membership, Event):
        page = client.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        )
        (offered,) = [
            [label for _value, label in one.lookup_choices]
            for one in page.context["cl"].filter_specs
            if getattr(one, "parameter_name", "") == "gruppe"
        ]
        assert offered == names
    for add in ("communities_groupmessage_add", "communities_result_add", "events_event_add"):
        field = client.get(reverse(f"admin:{add}")).context["adminform"].form.fields["community"]
        assert [label for value, label in field.choices if value] == names
