"""Nothing personal about a membership is older than its rule; members, and what is counted, stay."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.own_data import Person
from communities import links, own_data, retention, tasks
from communities.links import Outcome, Purpose
from communities.models import (
    Community,
    CommunityState,
    GroupMessage,
    Membership,
    MembershipState,
    MessageState,
    Role,
)
from tests.factories import ProjectFactory, UserFactory
from tests.factories.communities import CommunityFactory, MembershipFactory

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db

STATE = MembershipState


def telling(**fields) -> Membership:
    """A membership each of whose personal fields holds something that could leak."""
    return MembershipFactory(
        name="Erika Muster",
        email="erika@stadt.example",
        user=UserFactory(),
        organisation="Erikas Büro",
        message="Erika fragt",
        reason="Erika ist zu früh",
        is_visible=True,
        project=ProjectFactory(),
        requested_at=NOW,
        changed_at=NOW,
        **fields,
    )


def read(membership: Membership) -> Membership:
    return Membership.objects.get(pk=membership.pk)


def is_forgotten(membership: Membership) -> bool:
    current = read(membership)
    left = [field for field in retention.PERSONAL if getattr(current, field)]
    shown = bool(current.user or current.is_visible)
    return current.anonymised_at is not None and not left and not shown


@pytest.mark.parametrize(
    ("fields", "days", "ends_as"),
    [
        ({"state": STATE.REQUESTED, "email_confirmed_at": None}, 2, STATE.WITHDRAWN),
        ({"state": STATE.DECLINED}, 30, STATE.DECLINED),
        ({"state": STATE.WITHDRAWN}, 30, STATE.WITHDRAWN),
        ({"state": STATE.REFUSED}, 30, STATE.REFUSED),
        ({"state": STATE.INVITED}, 60, STATE.REFUSED),
        ({"state": STATE.REQUESTED}, 365, STATE.DECLINED),
        ({"state": STATE.LEFT}, 365, STATE.LEFT),
    ],
)
def test_what_is_over_is_anonymised_on_its_day_and_not_before(fields, days, ends_as):
    membership = telling(role=Role.SUPPORT, **fields)

    retention.carry_out(now=NOW + days * DAY - SECOND)
    assert read(membership).email == "erika@stadt.example"

    changed = retention.carry_out(now=NOW + days * DAY)

    assert is_forgotten(membership)
    assert sum(changed.values()) == 1
    current = read(membership)
    assert (current.state, current.role, current.project, current.version) == (
        ends_as,
        Role.SUPPORT,
        membership.project,
        membership.version + 1,
    )
    assert sum(retention.carry_out(now=NOW + 9000 * DAY).values()) == 0


def test_active_members_stay_as_long_as_they_are_members():
    membership = telling()

    retention.carry_out(now=NOW + 9000 * DAY)

    assert read(membership).email == "erika@stadt.example"


def test_members_of_an_archived_group_go_a_year_after_its_end():
    membership = telling()
    has_left = MembershipFactory(
        community=membership.community, state=STATE.LEFT, changed_at=NOW + 300 * DAY
    )
    Community.objects.update(state=CommunityState.ARCHIVED, archived_at=NOW + 10 * DAY)

    retention.carry_out(now=NOW + 375 * DAY - SECOND)
    assert not is_forgotten(membership)
    retention.carry_out(now=NOW + 375 * DAY)

    assert is_forgotten(membership)
    assert read(has_left).email == has_left.email
    assert read(membership).state == STATE.LEFT


def test_the_history_of_the_administration_forgets_the_name_too():
    membership = telling(state=STATE.LEFT)
    entry = LogEntry.objects.create(
        user=UserFactory(),
        content_type=ContentType.objects.get_for_model(Membership),
        object_id=str(membership.pk),
        object_repr="Erika Muster",
        action_flag=CHANGE,
        change_message="Erika",
    )

    retention.carry_out(now=NOW + 365 * DAY)

    entry.refresh_from_db()
    assert (entry.object_repr, entry.change_message) == ("–", "")


def test_links_to_what_is_forgotten_are_dead_and_say_so():
    membership = telling(state=STATE.REQUESTED, email_confirmed_at=None)
    token = links.token_for(membership, Purpose.CONFIRM, now=NOW)

    retention.carry_out(now=NOW + 2 * DAY)

    opened = links.open_token(token, Purpose.CONFIRM, now=NOW + 2 * DAY)
    assert opened.outcome is Outcome.EXPIRED
    assert "neu anfragen" in opened.explanation


def test_a_link_to_what_was_erased_is_dead_and_speaks_of_no_newer_email():
    membership = telling(state=STATE.ACTIVE)
    token = links.token_for(membership, Purpose.LEAVE, now=NOW)

    own_data.erase(Person.of_address("erika@stadt.example"), now=NOW)

    assert links.open_token(token, Purpose.LEAVE, now=NOW).outcome is Outcome.EXPIRED


def test_who_was_forgotten_can_begin_anew_with_the_same_address():
    old = telling(state=STATE.LEFT)
    retention.carry_out(now=NOW + 365 * DAY)

    MembershipFactory(community=old.community, email="erika@stadt.example")

    assert Membership.objects.filter(community=old.community).count() == 2


def test_the_text_of_a_message_goes_and_the_log_stays():
    group = CommunityFactory()
    rows = [
        GroupMessage.objects.create(
            community=group,
            roles=[Role.MEMBER],
            subject="Treffen",
            text="Erika bringt Kuchen mit.",
            state=state,
            sent_at=sent_at,
            recipients={"mitglied": 12},
        )
        for state, sent_at in [
            (MessageState.SENT, NOW),
            (MessageState.SENT, NOW + SECOND),
            (MessageState.DRAFT, None),
        ]
    ]

    retention.carry_out(now=NOW + 730 * DAY)

    texts = []
    for row in rows:
        row.refresh_from_db()
        texts.append(row.text)
    assert texts == ["", "Erika bringt Kuchen mit.", "Erika bringt Kuchen mit."]
    assert (rows[0].subject, rows[0].recipients) == ("Treffen", {"mitglied": 12})


def test_the_privacy_page_tells_every_rule(client):
    page = client.get("/datenschutz/").content.decode()

    assert [rule.name for rule in retention.RULES if str(rule.text) not in page] == []


def test_the_nightly_task_carries_out_the_rules():
    membership = telling(state=STATE.LEFT)
    Membership.objects.update(changed_at=timezone.now() - 366 * DAY)

    tasks.carry_out_retention()

    assert is_forgotten(membership)
