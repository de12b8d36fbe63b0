"""Links in the e-mails about memberships, as people and as mail scanners open them."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from communities import actions, links
from communities.actions import Application
from communities.invitees import Invitee
from communities.links import Outcome, Purpose
from communities.mail import memberships, nudges
from communities.models import Membership, MembershipState, Role
from ground.signed_links import confirm_until
from mailing.models import Email
from tests.factories import ProjectFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)

DAY = timedelta(days=1)
STATE = {
    Purpose.CONFIRM: MembershipState.REQUESTED,
    Purpose.WITHDRAW: MembershipState.REQUESTED,
    Purpose.INVITATION: MembershipState.INVITED,
    Purpose.LEAVE: MembershipState.ACTIVE,
}

pytestmark = pytest.mark.django_db


def membership(purpose: Purpose, **fields) -> Membership:
    confirmed = None if purpose is Purpose.CONFIRM else timezone.now()
    values = {
        "state": STATE[purpose],
        "requested_at": timezone.now(),
        "email_confirmed_at": confirmed,
        **fields,
    }
    return MembershipFactory(**values)


def page(stored: Membership, purpose: Purpose) -> str:
    return links.path(purpose, links.token_for(stored, purpose, now=timezone.now()))


def everything() -> dict[str, list]:
    """All rows of the communities, of the outbox and of the accounts."""
    models = [*apps.get_app_config("communities").get_models(), Email]
    models += apps.get_app_config("accounts").get_models()
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def every_mail() -> None:
    """Let every e-mail about memberships be written, by the steps that really write it."""
    now = timezone.now()
    community = CommunityFactory()
    coordinator = CoordinationFactory(community=community)
    by = coordinator.user
    application = {"community": community, "name": "Eva", "project": ProjectFactory()}
    for address in ("a@kommune.example", "b@kommune.example", "c@kommune.example"):
        actions.request_membership(Application(email=address, **application), now=now)
    a, b, _c = Membership.objects.filter(role=Role.MEMBER).order_by("pk")
    a, b = actions.confirm(a, now=now), actions.confirm(b, now=now)
    nudges.nudge(now=now + 14 * DAY)
    actions.decline(b, reason="Voll.", by=by, now=now)
    a = actions.approve(a, by=by, now=now)
    actions.request_membership(
        Application(email="a@kommune.example", **application), now=now + timedelta(hours=3)
    )
    group = TopicGroupFactory(parent=community)
    brought = actions.bring(a, to=group, stays=True, by=by, now=now)
    actions.correct(brought, name="Eva A.", email="a+aeg@kommune.example", by=by, now=now)
    a = actions.change_role(a, Role.COORDINATION, by=by, now=now)
    invitees = [Invitee(f"{letter}@stadt.example") for letter in "defgh"]
    d, e, f, _g, h = actions.invite(community, invitees, by=by, now=now).invited
    actions.accept(d, now=now)
    actions.refuse(e, now=now)
    actions.remove(f, by=by, now=now)
    actions.leave(Membership.objects.get(pk=d.pk), now=now)
    actions.withdraw(membership(Purpose.WITHDRAW, community=community), now=now)
    actions.remove(actions.accept(h, now=now), by=by, now=now)
    other = CommunityFactory()
    MembershipFactory(community=other)
    actions.merge(other, into=community, by=by, now=now)


def test_opening_every_link_of_every_email_ten_times_changes_no_row(client):
    every_mail()
    written = {
        email.key.split(":")[3] for email in Email.objects.filter(key__startswith="membership:")
    }
    assert set(memberships.PURPOSES) - {name.split(":")[0] for name in written} == set()
    paths = {
        path
        for email in Email.objects.all()
        for path in re.findall(r"https?://[^/\s]+(/gemeinschaften/[a-z]+/[\w:-]+/)", email.text)
        if any(f"/{purpose}/" in path for purpose in Purpose)
    }
    assert {path.split("/")[2] for path in paths} == {str(purpose) for purpose in Purpose}
    before = everything()

    for path in sorted(paths):
        for _time in range(10):
            assert client.get(path).status_code in (200, 410)
            assert client.head(path).status_code in (200, 410)

    assert everything() == before


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_for_one_purpose_opens_no_other(client, purpose):
    token = links.token_for(membership(purpose), purpose, now=timezone.now())
    before = everything()

    for other in set(Purpose) - {purpose}:
        assert client.post(links.path(other, token)).status_code == 404

    assert everything() == before


@pytest.mark.parametrize(
    ("purpose", "data", "state"),
    [
        (Purpose.CONFIRM, {}, MembershipState.REQUESTED),
        (Purpose.WITHDRAW, {}, MembershipState.WITHDRAWN),
        (Purpose.LEAVE, {}, MembershipState.LEFT),
        (Purpose.INVITATION, {"name": "Eva"}, MembershipState.ACTIVE),
        (Purpose.INVITATION, {"antwort": "nein"}, MembershipState.REFUSED),
    ],
)
def test_posting_acts_once_and_the_link_then_says_so(client, purpose, data, state):
    stored = membership(purpose)
    path = page(stored, purpose)

    answer = client.post(path, data)
    mails = Email.objects.count()
    again = client.post(path, data)

    assert answer.status_code == 302
    assert answer["Location"] == stored.community.get_absolute_url()
    stored.refresh_from_db()
    assert (stored.state, stored.version) == (state, 2)
    assert stored.email_confirmed_at is not None
    assert again.status_code == 200
    assert "Schon erledigt" in again.content.decode()
    assert Email.objects.count() == mails


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_is_dead_once_something_else_has_happened(client, purpose):
    stored = membership(purpose)
    path = page(stored, purpose)
    Membership.objects.update(version=2)

    answer = client.post(path, {"name": "Eva"})

    assert answer.status_code == 410
    assert "hat sich an Ihrer Mitgliedschaft etwas geändert" in answer.content.decode()
    stored.refresh_from_db()
    assert (stored.state, stored.version) == (STATE[purpose], 2)


@pytest.mark.parametrize(
    ("purpose", "until"),
    [(Purpose.CONFIRM, confirm_until), (Purpose.INVITATION, lambda now: now + 30 * DAY)],
)
def test_some_links_end_at_a_moment(purpose, until):
    now = timezone.now().replace(microsecond=0)
    token = links.token_for(membership(purpose), purpose, now=now)

    last = links.open_token(token, purpose, now=until(now) - timedelta(seconds=1))
    over = links.open_token(token, purpose, now=until(now))

    assert (last.outcome, over.outcome) == (Outcome.VALID, Outcome.EXPIRED)


@pytest.mark.parametrize("purpose", [Purpose.LEAVE, Purpose.WITHDRAW])
def test_the_way_out_works_from_an_old_mail_too(purpose):
    now = timezone.now()
    token = links.token_for(membership(purpose), purpose, now=now)

    assert links.open_token(token, purpose, now=now + 3000 * DAY).is_valid


def test_the_last_coordinator_reads_why_the_link_does_not_let_them_go(client):
    last = CoordinationFactory()

    answer = client.post(page(last, Purpose.LEAVE))

    assert answer.status_code == 200
    assert "keine Koordination mehr" in answer.content.decode()
    last.refresh_from_db()
    assert last.state == MembershipState.ACTIVE


def test_accepting_needs_a_name_and_refusing_does_not(client):
    stored = membership(Purpose.INVITATION, name="")
    path = page(stored, Purpose.INVITATION)

    answer = client.post(path, {"name": " "})

    assert answer.status_code == 200
    assert "Bitte geben Sie Ihren Namen an." in answer.content.decode()
    assert client.post(path, {"antwort": "nein"}).status_code == 302


def test_link_pages_are_kept_by_nobody(client):
    answer = client.get(page(membership(Purpose.LEAVE), Purpose.LEAVE))

    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_mail_of_a_forgotten_person_names_nobody(client):
    stored = membership(Purpose.LEAVE, name="Erika Muster")
    path = page(stored, Purpose.LEAVE)
    Membership.objects.update(
        name="",
        email="",
        anonymised_at=timezone.now(),
        state=MembershipState.LEFT,
        version=2,
    )

    answer = client.get(path)

    assert answer.status_code == 410
    assert "Erika" not in answer.content.decode()


@pytest.mark.parametrize(
    ("purpose", "fields"),
    [
        (Purpose.CONFIRM, {}),
        (Purpose.INVITATION, {}),
        (Purpose.WITHDRAW, {}),
        (Purpose.WITHDRAW, {"email_confirmed_at": None}),
    ],
)
def test_what_waited_for_a_group_that_was_archived_needs_nothing_more(client, purpose, fields):
    stored = membership(purpose, **fields)
    path = page(stored, purpose)
    actions.archive(stored.community, by=UserFactory(), now=timezone.now())

    text = client.get(path).text

    assert "Diese Gruppe arbeitet nicht mehr. Sie müssen nichts weiter tun." in text
    assert "neuesten E-Mail" not in text
    assert "schon zurückgezogen" not in text


def test_a_member_of_an_archived_group_still_learns_of_the_newer_link_to_leave(client):
    stored = membership(Purpose.LEAVE)
    path = page(stored, Purpose.LEAVE)
    actions.archive(stored.community, by=UserFactory(), now=timezone.now())
    assert client.get(path).status_code == 200

    Membership.objects.update(version=2)

    assert "Link aus der neuesten E-Mail" in client.get(path).text
