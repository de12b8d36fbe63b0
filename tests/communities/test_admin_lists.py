"""The lists of the administration ask the database as often for a thousand rows as for ten."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Community, Experience, GroupMessage, Membership, Result
from events.models import Event, Minutes, Registration
from tests.communities.many import grow
from tests.factories.communities import CommunityFactory, CoordinationFactory

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
    opts = model._meta
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
    assert len(answer.context["cl"].result_list) >= 3
    return len(captured)
