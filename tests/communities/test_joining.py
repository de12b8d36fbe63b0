"""From the request to the membership: what each step changes, and who hears of it."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from accounts.guard import TooMany
from communities import actions, links, retention
from communities.actions import Application
from communities.links import Outcome, Purpose
from communities.memberships_of_accounts import link_account
from communities.models import (
    CommunityState,
    HistoryKind,
    Membership,
    MembershipState,
    Role,
)
from ground.refusals import NotPossible, Overtaken
from mailing.models import Email
from projects.models import ProjectMunicipality
from tests.factories import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)
from tests.factories.projects import MunicipalityFactory, ProjectFactory

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def application(community, **fields) -> Application:
    values = {"name": "Eva Beispiel", "email": "eva@kommune.example", "message": "Gern dabei!"}
    if not {"project", "municipality", "organisation"} & fields.keys():
        values["project"] = ProjectFactory()
    return Application(community=community, **{**values, **fields})


def with_confirmed_address(**fields):
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def mails() -> list[tuple[str, str]]:
    """To whom, about what: the end of the key."""
    return [(email.to, email.key.split(":", 3)[3]) for email in Email.objects.order_by("pk")]


def history(membership) -> list[str]:
    return [entry.kind for entry in membership.history.all()]


def test_nobody_hears_of_a_request_before_its_address_is_confirmed():
    community = CommunityFactory()
    CoordinationFactory(community=community)

    asked = actions.request_membership(application(community), now=NOW)

    assert (asked.state, asked.email_confirmed_at) == (MembershipState.REQUESTED, None)
    assert mails() == [("eva@kommune.example", "ask_to_confirm")]
    assert not Membership.objects.waiting().exists()
    with pytest.raises(Overtaken):
        actions.approve(asked, by=UserFactory(), now=NOW)


def test_the_mail_to_an_address_that_nobody_proved_repeats_nothing_that_was_typed():
    typed = application(
        CommunityFactory(), name="Gewinnen Sie", message="Kaufen Sie https://werbung.example"
    )

    actions.request_membership(typed, now=NOW)

    email = Email.objects.get()
    assert "Gewinnen" not in email.text + email.subject + email.html
    assert "werbung" not in email.text + email.html


def test_a_confirmed_request_reaches_the_person_and_all_coordinators_once():
    community = CommunityFactory()
    first, second = CoordinationFactory.create_batch(2, community=community)
    CoordinationFactory()  # of another community
    MembershipFactory(community=community)
    owner = with_confirmed_address(email="Eva+amt@kommune.example")
    asked = actions.request_membership(application(community), now=NOW)

    confirmed = actions.confirm(asked, now=NOW + HOUR)
    with pytest.raises(Overtaken):
        actions.confirm(asked, now=NOW + HOUR)
    with pytest.raises(Overtaken):
        actions.confirm(confirmed, now=NOW + HOUR)

    assert confirmed.requested_at == NOW + HOUR
    assert (asked.user, confirmed.user) == (None, owner)
    assert list(Membership.objects.waiting()) == [confirmed]
    assert history(confirmed) == [HistoryKind.REQUESTED, HistoryKind.CONFIRMED]
    assert mails() == [
        ("eva@kommune.example", "ask_to_confirm"),
        ("eva@kommune.example", "requested"),
        (first.email, f"coordination-requested:{first.pk}"),
        (second.email, f"coordination-requested:{second.pk}"),
    ]
    told = Email.objects.get(to=first.email)
    assert "Gern dabei!" in told.text
    assert second.email not in told.text
    assert told.reply_to == "eva@kommune.example"


def test_who_is_signed_in_with_a_confirmed_address_needs_no_link():
    community = CommunityFactory()
    coordinator = CoordinationFactory(community=community)
    eva = with_confirmed_address(email="eva@kommune.example")

    asked = actions.request_membership(
        application(community, email="Eva@Kommune.example"), by=eva, now=NOW
    )

    assert (asked.user, asked.email_confirmed_at) == (eva, NOW)
    assert mails() == [
        ("Eva@kommune.example", "requested"),
        (coordinator.email, f"coordination-requested:{coordinator.pk}"),
    ]


def test_an_account_proves_no_foreign_address():
    mallory = with_confirmed_address()

    asked = actions.request_membership(application(CommunityFactory()), by=mallory, now=NOW)

    assert (asked.user, asked.email_confirmed_at) == (None, None)
    assert mails() == [("eva@kommune.example", "ask_to_confirm")]


@pytest.mark.parametrize(
    ("coordinated", "who"),
    [("topic group", "group"), ("community", "above"), ("nobody", "operator")],
)
def test_a_request_goes_to_the_group_else_to_the_community_above_else_to_the_operator(
    settings, coordinated, who
):
    settings.OPERATOR = {**settings.OPERATOR, "email": "betrieb@portal.example"}
    group = TopicGroupFactory()
    if coordinated in ("topic group", "community"):
        CoordinationFactory(community=group.parent, user__email="above@kommune.example")
    if coordinated == "topic group":
        CoordinationFactory(community=group, user__email="group@kommune.example")
    eva = with_confirmed_address(email="eva@kommune.example")

    actions.request_membership(application(group), by=eva, now=NOW)

    addresses = {
        "group": "group@kommune.example",
        "above": "above@kommune.example",
        "operator": "betrieb@portal.example",
    }
    assert {email.to for email in Email.objects.all()} == {"eva@kommune.example", addresses[who]}


def test_the_same_form_again_sends_nothing_for_an_hour_and_then_once():
    community = CommunityFactory()
    asked = application(community)
    actions.request_membership(asked, now=NOW)

    for minutes in (0, 59):
        actions.request_membership(asked, now=NOW + timedelta(minutes=minutes))
    assert mails() == [("eva@kommune.example", "ask_to_confirm")]
    for minutes in (61, 90):
        actions.request_membership(asked, now=NOW + timedelta(minutes=minutes))

    assert mails() == [
        ("eva@kommune.example", "ask_to_confirm"),
        ("eva@kommune.example", "ask_to_confirm:again:1"),
    ]
    assert Membership.objects.get().version == 1


def test_what_is_asked_once_more_waits_as_long_as_its_newest_link_and_the_first_one_stays_good():
    asked = application(CommunityFactory())
    monday = datetime(2026, 11, 16, 9, tzinfo=UTC)
    tokens = []
    for hours in (0, 30, 31):
        now = monday + timedelta(hours=hours)
        known = actions.request_membership(asked, now=now)
        tokens.append(links.token_for(known, Purpose.CONFIRM, now=now))

    assert [key for _to, key in mails()] == [
        "ask_to_confirm", "ask_to_confirm:again:30", "ask_to_confirm:again:31",
    ]  # fmt: skip
    opened = [links.open_token(token, Purpose.CONFIRM, now=now) for token in tokens]
    assert [one.outcome for one in opened] == [Outcome.VALID] * 3
    wednesday = monday + timedelta(hours=49)
    assert retention.carry_out(now=wednesday)["unconfirmed"] == 0
    newest = links.open_token(tokens[-1], Purpose.CONFIRM, now=wednesday)
    assert actions.confirm(newest.row, now=wednesday).email_confirmed_at == wednesday


def test_a_changed_form_replaces_one_that_is_not_confirmed_and_ends_its_link():
    community = CommunityFactory()
    first = actions.request_membership(application(community), now=NOW)

    second = actions.request_membership(
        application(community, message="Mit Begründung."), now=NOW + timedelta(minutes=5)
    )

    assert (second.pk, second.message, second.version) == (first.pk, "Mit Begründung.", 2)
    with pytest.raises(Overtaken):
        actions.confirm(first, now=NOW)
    assert actions.confirm(second, now=NOW).message == "Mit Begründung."


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (MembershipState.ACTIVE, "already_member:again:24"),
        (MembershipState.INVITED, "invited:again:24"),
        (MembershipState.REQUESTED, "requested:again:24"),
    ],
)
def test_who_is_in_or_waits_already_is_told_so_at_their_address_only(state, told):
    known = MembershipFactory(
        email="eva@kommune.example",
        name="Eva",
        state=state,
        requested_at=NOW - DAY,
        changed_at=NOW - DAY,
    )
    CoordinationFactory(community=known.community)

    answer = actions.request_membership(
        application(known.community, name="Mallory", message="x"), now=NOW
    )

    assert mails() == [("eva@kommune.example", told)]
    known.refresh_from_db()
    assert (answer, known.name, known.state, known.version) == (known, "Eva", state, 1)


def test_who_is_invited_and_asks_with_a_proved_address_is_in():
    eva = with_confirmed_address(email="eva@kommune.example")
    known = MembershipFactory(email=eva.email, state=MembershipState.INVITED)
    coordinator = CoordinationFactory(community=known.community)

    actions.request_membership(application(known.community), by=eva, now=NOW)

    known.refresh_from_db()
    assert (known.state, known.user) == (MembershipState.ACTIVE, eva)
    assert mails() == [
        (eva.email, "welcome"),
        (coordinator.email, f"coordination-accepted:{coordinator.pk}"),
    ]


def test_approving_makes_a_member_and_tells_the_person_alone():
    known = MembershipFactory(state=MembershipState.REQUESTED, requested_at=NOW)
    coordinator = CoordinationFactory(community=known.community)

    member = actions.approve(known, by=coordinator.user, now=NOW)
    with pytest.raises(Overtaken):
        actions.approve(known, by=coordinator.user, now=NOW)

    assert (member.state, member.decided_by) == (MembershipState.ACTIVE, coordinator.user)
    assert history(member) == [HistoryKind.APPROVED]
    assert mails() == [(known.email, "welcome")]


def test_declining_needs_a_reason_that_the_person_reads():
    known = MembershipFactory(state=MembershipState.REQUESTED, requested_at=NOW)
    by = UserFactory()

    with pytest.raises(ValueError, match="told why"):
        actions.decline(known, reason="  ", by=by, now=NOW)
    declined = actions.decline(known, reason="Die Gruppe ist voll.", by=by, now=NOW)

    assert (declined.state, declined.reason) == (MembershipState.DECLINED, "Die Gruppe ist voll.")
    assert mails() == [(known.email, "declined")]
    assert "Die Gruppe ist voll." in Email.objects.get().text


@pytest.mark.parametrize(
    "state",
    [
        MembershipState.DECLINED,
        MembershipState.LEFT,
        MembershipState.WITHDRAWN,
        MembershipState.REFUSED,
    ],
)
def test_who_was_declined_or_left_may_ask_again_and_begins_anew(state):
    known = MembershipFactory(
        email="eva@kommune.example",
        state=state,
        role=Role.SUPPORT,
        reason="Damals voll.",
        nudged_at=NOW - DAY,
    )

    asked = actions.request_membership(application(known.community), now=NOW)

    assert asked.pk == known.pk
    assert (asked.state, asked.role, asked.reason) == (MembershipState.REQUESTED, Role.MEMBER, "")
    assert (asked.email_confirmed_at, asked.nudged_at, asked.version) == (None, None, 2)
    assert mails() == [("eva@kommune.example", "ask_to_confirm")]


def test_withdrawing_tells_those_who_had_heard_of_the_request():
    known = MembershipFactory(state=MembershipState.REQUESTED, requested_at=NOW)
    coordinator = CoordinationFactory(community=known.community)

    withdrawn = actions.withdraw(known, now=NOW)

    assert withdrawn.state == MembershipState.WITHDRAWN
    assert mails() == [
        (known.email, "withdrawn"),
        (coordinator.email, f"coordination-withdrawn:{coordinator.pk}"),
    ]


def test_withdrawing_what_was_never_confirmed_tells_nobody():
    known = MembershipFactory(
        state=MembershipState.REQUESTED, requested_at=NOW, email_confirmed_at=None
    )
    CoordinationFactory(community=known.community)

    assert actions.withdraw(known, now=NOW).state == MembershipState.WITHDRAWN
    assert mails() == []


def test_nobody_joins_an_archived_group():
    community = CommunityFactory(state=CommunityState.ARCHIVED)

    with pytest.raises(NotPossible, match="arbeitet nicht mehr"):
        actions.request_membership(application(community), now=NOW)

    assert not Membership.objects.exists()
    assert mails() == []


def test_who_belongs_to_no_model_project_joins_only_groups_that_are_open_to_them():
    closed, opened = CommunityFactory(), CommunityFactory(open_to_non_funded=True)
    funded, other = MunicipalityFactory(), MunicipalityFactory()
    ProjectMunicipality.objects.create(project=ProjectFactory(), municipality=funded)

    for represented in ({"municipality": other}, {"organisation": "Verein"}):
        with pytest.raises(NotPossible, match="für die Modellprojekte"):
            actions.request_membership(application(closed, **represented), now=NOW)
        actions.request_membership(application(opened, **represented), now=NOW)
    actions.request_membership(application(closed, municipality=funded), now=NOW)

    assert Membership.objects.filter(community=closed).count() == 1


def test_a_mailbox_asks_ten_times_a_day_at_most_whatever_stands_behind_its_plus():
    for number in range(10):
        typed = application(CommunityFactory(), email=f"Eva+{number}@kommune.example")
        actions.request_membership(typed, now=NOW)

    with pytest.raises(TooMany):
        actions.request_membership(application(CommunityFactory()), now=NOW + HOUR)

    actions.request_membership(application(CommunityFactory()), now=NOW + DAY + HOUR)
    assert Membership.objects.count() == 11


def test_a_network_sends_twenty_forms_an_hour_at_most():
    community = CommunityFactory()
    for number in range(20):
        typed = application(community, email=f"person-{number}@kommune.example")
        actions.request_membership(typed, ip="192.0.2.1", now=NOW)

    with pytest.raises(TooMany):
        actions.request_membership(application(community), ip="192.0.2.1", now=NOW)
    actions.request_membership(application(community), ip="192.0.2.2", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_the_same_address_make_one_request_and_one_mail():
    typed = application(CommunityFactory())
    barrier, failures = Barrier(8), []

    def work():
        barrier.wait()
        try:
            actions.request_membership(typed, now=NOW)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work) for _number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    assert Membership.objects.count() == 1
    assert mails() == [("eva@kommune.example", "ask_to_confirm")]


@pytest.mark.django_db(transaction=True)
def test_of_an_approval_and_a_refusal_at_once_one_counts():
    known = MembershipFactory(state=MembershipState.REQUESTED, requested_at=NOW)
    by = UserFactory()
    barrier, lost = Barrier(2), []

    def work(action, **how):
        barrier.wait()
        try:
            action(known, by=by, now=NOW, **how)
        except Overtaken:
            lost.append(action)
        finally:
            connection.close()

    workers = [
        Thread(target=work, args=(actions.approve,)),
        Thread(target=work, args=(actions.decline,), kwargs={"reason": "Voll."}),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(lost) == 1
    assert known.history.count() == Email.objects.count() == 1


def test_a_membership_finds_the_account_once_its_address_is_confirmed(client):
    mine = MembershipFactory(email="Eva@kommune.example")
    unproved = MembershipFactory(email="eva@kommune.example", email_confirmed_at=None)
    other = MembershipFactory()
    # Under an account already, whatever address was typed there.
    of_another = MembershipFactory(email="eva+aeg@kommune.example", user=UserFactory())
    user = UserFactory(email="eva@kommune.example")

    client.force_login(user)
    assert link_account(user) == 0
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.force_login(user)

    owners = ((mine, user), (unproved, None), (other, None), (of_another, of_another.user))
    for membership, owner in owners:
        membership.refresh_from_db()
        assert membership.user == owner
