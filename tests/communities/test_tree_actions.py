"""What becomes of groups: moved, merged, archived, brought back, with the rights over them."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from communities import actions, links
from communities.links import Outcome, Purpose
from communities.mail import from_coordinators
from communities.models import (
    LIVE,
    Community,
    CommunityState,
    Experience,
    ExperienceKind,
    GroupMessage,
    HistoryKind,
    MailWish,
    Membership,
    MembershipState,
    Result,
    ResultKind,
    ResultState,
    Role,
)
from communities.scope import coordinated_by
from ground.refusals import NotPossible, Overtaken
from mailing.models import Email
from tests.factories import ProjectFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
STATE = MembershipState

pytestmark = pytest.mark.django_db


def told() -> set[str]:
    return {email.to for email in Email.objects.all()}


def result(community, **fields) -> Result:
    values = {
        "slug": f"ergebnis-{community.slug}",
        "title": "Leitfaden",
        "kind": ResultKind.GUIDE,
        "link": "https://stadt.example/leitfaden",
        "licence": "CC BY 4.0",
        "state": ResultState.PUBLIC,
        "published_at": NOW,
    }
    return Result.objects.create(community=community, **{**values, **fields})


# Moving


def test_moving_a_topic_group_moves_the_rights_over_it_in_the_same_transaction():
    group, target = TopicGroupFactory(), CommunityFactory()
    before, after = (
        CoordinationFactory(community=group.parent),
        CoordinationFactory(community=target),
    )
    own, editor = CoordinationFactory(community=group), UserFactory()
    member = MembershipFactory(community=group)

    with transaction.atomic():
        moved = actions.move_topic_group(group, to=target, by=editor, now=NOW)
        assert group not in coordinated_by(before.user)
        assert set(coordinated_by(after.user)) == {target, group}
        assert list(coordinated_by(own.user)) == [group]
        transaction.set_rollback(True)
    assert group in coordinated_by(before.user)
    assert list(coordinated_by(after.user)) == [target]

    moved = actions.move_topic_group(group, to=target, by=editor, now=NOW)

    assert (moved.pk, moved.parent, moved.level) == (group.pk, target, 2)
    assert list(group.memberships.order_by("pk")) == [own, member]
    assert told() == {before.email, after.email, own.email}
    actions.move_topic_group(group, to=target, by=editor, now=NOW + DAY)
    assert Email.objects.count() == 3


def test_what_cannot_hang_there_stays_where_it_is():
    group, elsewhere = TopicGroupFactory(slug="daten"), TopicGroupFactory(slug="daten")
    ended = CommunityFactory(state=CommunityState.ARCHIVED)
    by = UserFactory()

    for what, to in [
        (group, elsewhere),  # a topic group
        (group, elsewhere.parent),  # has one of this address
        (group, ended),
        (group.parent, elsewhere.parent),  # is no topic group
    ]:
        with pytest.raises(NotPossible):
            actions.move_topic_group(what, to=to, by=by, now=NOW)

    assert Community.objects.get(pk=group.pk).parent == group.parent
    assert told() == set()


# Merging


def test_merging_moves_members_without_doubles_and_results_and_archives_the_old_group():
    old, new = TopicGroupFactory(), TopicGroupFactory()
    alone = MembershipFactory(community=old, role=Role.SUPPORT, mail_wish=MailWish.WEEKLY)
    there = MembershipFactory(community=new, email="Eva@kommune.example", role=Role.GUEST)
    both = MembershipFactory(community=old, email="eva@kommune.example")
    published, experience = result(old), _experience(old)
    message = GroupMessage.objects.create(
        community=old, roles=[Role.MEMBER], subject="Alt", text="Alt"
    )

    actions.merge(old, into=new, by=UserFactory(), now=NOW)

    old.refresh_from_db()
    assert (old.state, old.archived_at, old.merged_into) == (CommunityState.ARCHIVED, NOW, new)
    members = new.memberships.active().order_by("pk")
    assert [(one.pk, one.role, one.mail_wish) for one in members] == [
        (alone.pk, Role.SUPPORT, MailWish.WEEKLY),
        (there.pk, Role.GUEST, MailWish.AT_ONCE),
    ]
    both.refresh_from_db()
    assert (both.community, both.state) == (old, STATE.LEFT)
    assert [entry.kind for entry in both.history.all()] == [HistoryKind.MERGED]
    for row in (published, experience):
        row.refresh_from_db()
        assert row.community == new
    message.refresh_from_db()
    assert message.community == old
    assert told() == {alone.email}


def test_the_page_of_a_merged_group_leads_to_where_its_results_are_now(client):
    old, between, last = (CommunityFactory(name=name) for name in ("Alt", "Zwischen", "Neu"))
    published, by = result(old), UserFactory()
    actions.merge(old, into=between, by=by, now=NOW)
    actions.merge(between, into=last, by=by, now=NOW)
    published.refresh_from_db()
    assert published.community == last

    for path in (old.get_absolute_url(), f"{old.get_absolute_url()}mitmachen/"):
        text = client.get(path).text
        link = f'<a class="kern-link" href="{last.get_absolute_url()}">Neu</a>'
        assert f"{link}. Was sie veröffentlicht hat, steht dort." in text
        assert "bleibt hier zu finden" not in text
        assert "sind weiter da" not in text
    assert f'href="{last.get_absolute_url()}"><span class="kern-label">Zur neuen Gruppe' in text


@pytest.mark.parametrize(
    ("old_state", "new_state", "state"),
    [
        (STATE.ACTIVE, STATE.LEFT, STATE.ACTIVE),
        (STATE.ACTIVE, STATE.REQUESTED, STATE.ACTIVE),
        (STATE.ACTIVE, STATE.INVITED, STATE.ACTIVE),
        (STATE.REQUESTED, STATE.ACTIVE, STATE.ACTIVE),
        (STATE.REQUESTED, STATE.DECLINED, STATE.REQUESTED),
        (STATE.INVITED, STATE.REQUESTED, STATE.INVITED),
        (STATE.LEFT, STATE.LEFT, STATE.LEFT),
        (STATE.LEFT, STATE.ACTIVE, STATE.ACTIVE),
    ],
)
def test_of_two_rows_of_one_person_the_further_one_counts(old_state, new_state, state):
    old, new = CommunityFactory(), CommunityFactory()
    for community, its_state in ((old, old_state), (new, new_state)):
        MembershipFactory(
            community=community, email="eva@kommune.example", state=its_state, requested_at=NOW
        )

    actions.merge(old, into=new, by=UserFactory(), now=NOW)

    assert new.memberships.get().state == state
    assert not old.memberships.exclude(state=STATE.LEFT).exists()


# What of a row belongs to its group, or says how it was last changed.
_OF_THE_ROW = {
    "id", "community", "email", "role", "version", "changed_at", "reason", "decided_by",
    "anonymised_at", "shares_mailbox",
}  # fmt: skip


def test_of_two_rows_of_one_person_the_further_one_counts_whole():
    """Who wants no mails, say, gets none in the other group either."""
    old, new = CommunityFactory(), CommunityFactory()
    further = MembershipFactory(
        community=old,
        email="eva@kommune.example",
        user=UserFactory(),
        organisation="Amt",
        message="Gern.",
        is_visible=True,
        mail_wish=MailWish.NONE,
        requested_at=NOW,
        nudged_at=NOW,
        invited_by=UserFactory(),
    )
    MembershipFactory(
        community=new, email="eva@kommune.example", state=STATE.LEFT, email_confirmed_at=None
    )

    actions.merge(old, into=new, by=UserFactory(), now=NOW)

    joined = new.memberships.get()
    names = [field.name for field in Membership._meta.concrete_fields]
    differ = {name for name in names if getattr(joined, name) != getattr(further, name)}
    assert differ <= _OF_THE_ROW


def test_nobody_gains_rights_by_a_merge():
    aeg = CommunityFactory()
    group = TopicGroupFactory(parent=aeg)
    other = TopicGroupFactory(parent=aeg)
    coordinator, not_there, was_there = CoordinationFactory.create_batch(3, community=group)
    MembershipFactory(
        community=aeg, email=was_there.email, user=was_there.user, state=STATE.LEFT,
        role=Role.COORDINATION,
    )  # fmt: skip
    also_member = MembershipFactory(
        community=aeg, email=coordinator.email, user=coordinator.user, role=Role.GUEST
    )

    actions.merge(group, into=aeg, by=UserFactory(), now=NOW)

    for one in (coordinator, not_there, was_there):
        assert list(coordinated_by(one.user)) == []
    also_member.refresh_from_db()
    assert also_member.role == Role.GUEST
    assert set(aeg.memberships.active().values_list("role", flat=True)) == {Role.GUEST, Role.MEMBER}
    assert other.is_active


def test_links_in_mails_of_the_old_group_are_dead_and_the_new_mail_has_living_ones():
    old, new = CommunityFactory(), CommunityFactory()
    member = MembershipFactory(community=old)
    token = links.token_for(member, Purpose.LEAVE, now=NOW)

    actions.merge(old, into=new, by=UserFactory(), now=NOW)

    assert links.open_token(token, Purpose.LEAVE, now=NOW).outcome is Outcome.SUPERSEDED
    address = next(word for word in Email.objects.get().text.split() if "/austreten/" in word)
    opened = links.open_token(address.split("/")[-2], Purpose.LEAVE, now=NOW)
    assert (opened.is_valid, opened.row.community) == (True, new)


def test_what_cannot_be_merged_stays_as_it_is():
    aeg = CommunityFactory()
    TopicGroupFactory(parent=aeg)
    ended = CommunityFactory(state=CommunityState.ARCHIVED)
    by = UserFactory()

    for old, new in [(aeg, CommunityFactory()), (ended, aeg), (CommunityFactory(), ended)]:
        with pytest.raises(NotPossible):
            actions.merge(old, into=new, by=by, now=NOW)
    alone = CommunityFactory()
    with pytest.raises(NotPossible):
        actions.merge(alone, into=alone, by=by, now=NOW)

    assert not Community.objects.exclude(merged_into=None).exists()


# Archiving


def test_archiving_declines_requests_ends_invitations_and_keeps_results_public():
    group = TopicGroupFactory()
    coordinator = CoordinationFactory(community=group)
    request, invited, unconfirmed = (
        MembershipFactory(community=group, requested_at=NOW, **fields)
        for fields in (
            {"state": STATE.REQUESTED},
            {"state": STATE.INVITED},
            {"state": STATE.REQUESTED, "email_confirmed_at": None},
        )
    )
    member, published = MembershipFactory(community=group), result(group)

    archived = actions.archive(group, by=UserFactory(), now=NOW)

    assert (archived.state, archived.archived_at) == (CommunityState.ARCHIVED, NOW)
    states = dict(group.memberships.values_list("pk", "state"))
    assert states == {
        coordinator.pk: STATE.ACTIVE,
        request.pk: STATE.DECLINED,
        invited.pk: STATE.WITHDRAWN,
        unconfirmed.pk: STATE.WITHDRAWN,
        member.pk: STATE.ACTIVE,
    }
    assert told() == {request.email, coordinator.email}
    assert "hat ihre Arbeit beendet" in Email.objects.get(to=request.email).text
    assert list(Result.objects.public()) == [published]
    assert list(coordinated_by(coordinator.user)) == []
    actions.archive(group, by=UserFactory(), now=NOW + DAY)
    assert Email.objects.count() == 2


def test_after_archiving_no_mail_goes_to_the_members():
    group = CommunityFactory()
    MembershipFactory(community=group)
    planned = GroupMessage.objects.create(
        community=group, roles=[Role.MEMBER], subject="Treffen", text="Bald"
    )
    from_coordinators.confirm(planned, send_at=NOW + DAY, now=NOW)

    actions.archive(group, by=UserFactory(), now=NOW)
    from_coordinators.deliver_due(now=NOW + DAY)

    assert told() == set()


def test_archiving_a_community_archives_its_topic_groups_and_no_others():
    group, other = TopicGroupFactory(), TopicGroupFactory()

    actions.archive(group.parent, by=UserFactory(), now=NOW)

    archived = Community.objects.filter(state=CommunityState.ARCHIVED)
    assert set(archived) == {group, group.parent}
    assert other.parent not in archived


@pytest.mark.parametrize("is_moved", [False, True])
def test_a_topic_group_archived_with_its_community_is_not_offered_to_be_taken_up_alone(is_moved):
    group = TopicGroupFactory()
    if is_moved:  # under a community that was made after it
        group.parent = CommunityFactory()
        group.save()
    coordinator = CoordinationFactory(community=group)

    actions.archive(group.parent, by=UserFactory(), now=NOW)

    text = Email.objects.get(to=coordinator.email).text
    assert "ist jetzt archiviert" in text
    assert "offene Anfragen sind abgelehnt." in text
    assert "War das ein Versehen?" not in text
    assert "wieder-aufnehmen" not in text


def test_a_topic_group_archived_alone_can_be_taken_up_from_the_email():
    group = TopicGroupFactory()
    coordinator = CoordinationFactory(community=group)

    actions.archive(group, by=UserFactory(), now=NOW)

    assert "War das ein Versehen?" in Email.objects.get(to=coordinator.email).text


def test_a_request_confirmed_too_late_does_not_count():
    request = MembershipFactory(state=STATE.REQUESTED, requested_at=NOW, email_confirmed_at=None)
    actions.archive(request.community, by=UserFactory(), now=NOW)

    with pytest.raises(Overtaken):
        actions.confirm(request, now=NOW)


def test_bringing_back_brings_back_members_and_rights():
    group = TopicGroupFactory()
    coordinator = CoordinationFactory(community=group)
    actions.archive(group.parent, by=UserFactory(), now=NOW)

    with pytest.raises(NotPossible, match="zuerst"):
        actions.reactivate(group, now=NOW)
    actions.reactivate(group.parent, now=NOW)
    back = actions.reactivate(group, now=NOW)

    assert (back.state, back.archived_at) == (CommunityState.ACTIVE, None)
    assert list(coordinated_by(coordinator.user)) == [group]


def test_what_was_absorbed_and_works_again_leads_nowhere_else_any_more(client):
    old, new = CommunityFactory(name="Alt"), CommunityFactory(name="Neu")
    actions.merge(old, into=new, by=UserFactory(), now=NOW)

    back = actions.reactivate(old, now=NOW)

    assert (back.is_active, back.merged_into) == (True, None)
    assert new.get_absolute_url() not in client.get(old.get_absolute_url()).text


def _experience(community) -> Experience:
    return Experience.objects.create(
        community=community,
        project=ProjectFactory(),
        kind=ExperienceKind.SUCCESS,
        title="Früh anfangen",
        what="Wir haben früh angefangen.",
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_run", range(3))
def test_merging_and_joining_at_once_lose_nobody(_run):
    old, new = CommunityFactory(), CommunityFactory()
    waiting = MembershipFactory(community=old, state=STATE.REQUESTED, requested_at=NOW)
    by, barrier, raised = UserFactory(), Barrier(3), []

    def work(action):
        barrier.wait()
        try:
            action()
        except (Overtaken, NotPossible) as error:
            raised.append(type(error))
        finally:
            connection.close()

    application = actions.Application(
        community=old, name="Eva", email="eva@kommune.example", project=ProjectFactory()
    )
    calls = [
        lambda: actions.merge(old, into=new, by=by, now=NOW),
        lambda: actions.approve(waiting, by=by, now=NOW),
        lambda: actions.request_membership(application, now=NOW),
    ]
    workers = [Thread(target=work, args=(call,)) for call in calls]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    # Either they came first and have moved, or they were told.
    assert not old.memberships.filter(state__in=LIVE).exists()
    assert new.memberships.filter(state__in=LIVE).count() == 2 - raised.count(NotPossible)
