"""What coordinators decide about many at once: what the page shows, what happens, and for whom."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.own_data import Person
from communities.access import inside
from communities.memberships_of_accounts import link_account
from communities.models import (
    Community,
    CommunityState,
    MailWish,
    Membership,
    MembershipState,
    Role,
)
from communities.on_account import municipalities
from mailing.models import Email
from tests.factories import MunicipalityFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    MembershipFactory,
    TopicGroupFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:communities_membership_changelist")
INVITE = reverse("admin:communities_invite")
NOW = timezone.now()
ASKED, ACTIVE = MembershipState.REQUESTED, MembershipState.ACTIVE


@pytest.fixture
def role():
    return CoordinationFactory(user__is_staff=True, user__name="Karla Koordination")


@pytest.fixture
def coordinator(client, role):
    client.force_login(role.user)
    return client


def asking(group, number):
    since = {"requested_at": NOW, "email_confirmed_at": NOW}
    return [MembershipFactory(community=group, state=ASKED, **since) for _one in range(number)]


def chosen(action, rows, **more):
    return {"action": action, "_selected_action": [row.pk for row in rows], **more}


def yes(page, **more):
    """What the confirming page sends back."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    sent = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    return sent | more


def states(rows):
    found = Membership.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk].state for row in rows]


def test_sixty_requests_are_decided_on_two_pages_with_as_many_queries_as_ten(coordinator, role):
    rows = asking(role.community, 60)
    counts = []
    for some in (rows[:10], rows):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = coordinator.post(LIST, chosen("aufnehmen", some)).text
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Betrifft 60 Einträge" in page
    assert set(states(rows)) == {ASKED}

    answer = coordinator.post(LIST, yes(page), follow=True).text

    assert "60 Personen sind aufgenommen." in answer
    assert set(states(rows)) == {ACTIVE}
    assert Email.objects.count() == 60
    again = coordinator.post(LIST, yes(page), follow=True).text
    assert "bei keinem der ausgewählten Einträge möglich" in again
    assert Email.objects.count() == 60


def test_sixty_requests_are_decided_with_three_exceptions_in_eight_clicks(coordinator, role):
    """Start page, all, action, go, three ticks, decide: the page itself has the words to decide by."""
    rows = asking(role.community, 60)
    Membership.objects.filter(pk=rows[0].pk).update(name="Eva", message="Wir <b>bauen</b> mit.")
    no = [row.pk for row in rows[:3]]
    page = coordinator.post(LIST, chosen("entscheiden", rows)).text
    assert "Betrifft 60 Einträge" in page
    assert "„Wir &lt;b&gt;bauen&lt;/b&gt; mit.“" in page

    without = coordinator.post(LIST, yes(page, declined=no)).text
    assert "Bitte begründen Sie die Ablehnung." in without
    assert set(states(rows)) == {ASKED}

    Membership.objects.filter(pk=no[2]).update(state=MembershipState.WITHDRAWN)
    late = coordinator.post(LIST, yes(without, declined=no, reason="Die Gruppe ist voll.")).text
    assert "ist nicht mehr offen" in late
    assert set(states(rows[3:])) == {ASKED}

    sent = yes(late, declined=no[:2], reason="Die Gruppe ist voll.")
    answer = coordinator.post(LIST, sent, follow=True).text

    assert "59 Anfragen sind entschieden." in answer
    assert states(rows[:2]) == [MembershipState.DECLINED] * 2
    assert set(states(rows[3:])) == {ACTIVE}
    letters = Email.objects.filter(text__contains="Die Gruppe ist voll.")
    assert {letter.to for letter in letters} == {row.email for row in rows[:2]}
    assert Email.objects.count() == 59


def test_what_changed_since_the_page_is_left_alone_and_told(coordinator, role):
    one, other, third = asking(role.community, 3)
    third.state = MembershipState.WITHDRAWN
    third.save()
    page = coordinator.post(LIST, chosen("ablehnen", [one, other, third])).text
    assert "Nicht dabei" in page
    Membership.objects.filter(pk=other.pk).update(version=9)

    without = coordinator.post(LIST, yes(page)).text
    answer = coordinator.post(LIST, yes(page, reason="Die Gruppe ist voll."), follow=True).text

    assert "Betrifft 2 Einträge" in without
    assert "1 Anfrage ist abgelehnt." in answer
    assert "inzwischen geändert" in answer
    assert states([one, other]) == [MembershipState.DECLINED, ASKED]
    assert "Die Gruppe ist voll." in Email.objects.get().text
    # The engine notes it of each row, for every list that uses it; of what was left alone nothing.
    noted = LogEntry.objects.values_list("object_id", "user", "change_message")
    assert list(noted) == [(str(one.pk), role.user_id, "Ablehnen")]


def test_who_was_not_on_the_page_is_left_alone_and_too_many_are_refused(
    coordinator, role, monkeypatch
):
    rows = asking(role.community, 3)
    page = coordinator.post(LIST, chosen("aufnehmen", rows[:1])).text

    answer = coordinator.post(LIST, yes(page) | chosen("aufnehmen", rows), follow=True).text

    assert "1 Person ist aufgenommen." in answer
    assert states(rows) == [ACTIVE, ASKED, ASKED]
    monkeypatch.setattr("office.together.MOST", 1)
    many = coordinator.post(LIST, chosen("aufnehmen", rows[1:]), follow=True).text
    assert "Bitte höchstens 1 auf einmal auswählen." in many
    assert "Betrifft" not in many


def test_forged_keys_and_groups_of_others_reach_nobody(coordinator, role):
    (theirs,) = asking(CommunityFactory(name="Fremde"), 1)
    member = MembershipFactory(community=role.community, state=ACTIVE)
    forged = chosen("aufnehmen", [theirs], confirmed="ja", seen=f"{theirs.pk}:{theirs.version}")
    coordinator.post(LIST, forged)
    away = chosen(
        "uebernehmen",
        [member],
        confirmed="ja",
        seen=f"{member.pk}:{member.version}",
        to=theirs.community_id,
        how="zusaetzlich",
    )
    answer = coordinator.post(LIST, away)
    promoted = chosen(
        "rolle",
        [member],
        confirmed="ja",
        seen=f"{member.pk}:{member.version}",
        role=Role.COORDINATION,
    )
    coordinator.post(LIST, promoted)

    assert states([theirs]) == [ASKED]
    assert "Fremde" not in answer.text
    assert Membership.objects.filter(community=theirs.community).count() == 1
    member.refresh_from_db()
    assert member.role == Role.MEMBER
    assert not Email.objects.exists()


def test_members_are_brought_nowhere_but_into_living_groups_that_one_looks_after(client):
    """Who coordinates a topic group has no say in the community above, nor in the group beside."""
    above = CommunityFactory(name="Oben")
    mine, beside = (TopicGroupFactory(parent=above, name=name) for name in ("Meine", "Daneben"))
    user = UserFactory(is_staff=True)
    CoordinationFactory(community=mine, user=user)
    member = MembershipFactory(community=mine, state=ACTIVE)
    client.force_login(user)
    page = client.post(LIST, chosen("uebernehmen", [member])).text
    assert offered(page) == [mine.pk]

    for group in (above, beside):
        client.post(LIST, yes(page, to=group.pk, how="zusaetzlich"))
        assert not Membership.objects.filter(community=group, email=member.email).exists()

    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    Community.objects.filter(pk=beside.pk).update(state=CommunityState.ARCHIVED, archived_at=NOW)
    page = client.post(LIST, chosen("uebernehmen", [member])).text
    assert sorted(offered(page)) == sorted([above.pk, mine.pk])


def offered(page: str) -> list[int]:
    select = re.search(r'<select name="to".*?</select>', page, re.DOTALL)[0]
    return [int(key) for key in re.findall(r'<option value="(\d+)"', select)]


def test_members_are_brought_to_a_topic_group_and_hear_how_to_leave(coordinator, role):
    group = TopicGroupFactory(parent=role.community, name="Sensorik")
    stays, moves, there = (
        MembershipFactory(community=role.community, state=ACTIVE, name=name)
        for name in ("Eva", "Uwe", "Ida")
    )
    MembershipFactory(community=group, state=ACTIVE, email=there.email)
    Membership.objects.filter(pk=stays.pk).update(mail_wish=MailWish.NONE, is_visible=True)

    def bring(rows, how):
        page = coordinator.post(LIST, chosen("uebernehmen", rows)).text
        return coordinator.post(LIST, yes(page, to=group.pk, how=how), follow=True).text

    told = bring([stays, there], "zusaetzlich")
    bring([moves], "statt")
    alone = bring([role], "statt")

    assert "1 Person ist übernommen." in told
    assert "ist dort schon Mitglied" in told
    assert states([stays, moves, there]) == [ACTIVE, MembershipState.LEFT, ACTIVE]
    inside = Membership.objects.filter(community=group, state=ACTIVE)
    assert sorted(row.name for row in inside.exclude(email=there.email)) == ["Eva", "Uwe"]
    # Who wants no mails of one group has not asked for those of another; being seen is asked anew.
    brought = inside.get(email=stays.email)
    assert (brought.mail_wish, brought.is_visible) == (MailWish.NONE, False)
    # Nobody would look after the group that they leave.
    assert "hätte dann keine Koordination mehr" in alone
    assert states([role]) == [ACTIVE]
    letters = Email.objects.order_by("pk")
    assert [letter.to for letter in letters] == [stays.email, moves.email]
    assert all("/austreten/" in letter.text for letter in letters)
    assert "Zur bisherigen Gruppe gehören Sie damit nicht mehr" in letters[1].text


def test_an_address_is_put_right_and_an_invitation_sent_again(coordinator, role):
    invited = MembershipFactory(
        community=role.community, state=MembershipState.INVITED, email="eva@atm.example"
    )
    known = MembershipFactory(community=role.community, state=ACTIVE, email="da@amt.example")

    def step(slug, **fields):
        invited.refresh_from_db()
        page = reverse("admin:communities_membership_step", args=[invited.pk, slug])
        return coordinator.post(page, {"version": invited.version, **fields}).text

    assert "schon einen Eintrag" in step("berichtigen", name="Eva", email=known.email)
    step("berichtigen", name="Eva", email="eva@amt.example")
    step("erneut-einladen")

    assert [letter.to for letter in Email.objects.all()] == ["eva@amt.example"] * 2
    invited.refresh_from_db()
    assert (invited.name, invited.email, invited.version) == ("Eva", "eva@amt.example", 3)
    # An account would go on getting in, to a group that knows its owner by another's address.
    Membership.objects.filter(pk=invited.pk).update(state=ACTIVE, user=UserFactory())
    refused = step("berichtigen", name="Eva", email="uwe@amt.example")
    assert "Zu dieser Adresse gehört ein Konto." in refused
    step("berichtigen", name="Eva A.", email="Eva+aeg@amt.example")
    invited.refresh_from_db()
    assert (invited.name, invited.email) == ("Eva A.", "Eva+aeg@amt.example")


def test_who_is_given_another_mailbox_is_in_with_its_answer_and_no_account_unasked(
    coordinator, role, client
):
    """Also not the account that has this address, and what rests on a proved one."""
    town = MunicipalityFactory()
    row = MembershipFactory(
        community=role.community, state=ACTIVE, email="eva@alt.example", municipality=town,
        is_visible=True, message="Ich kümmere mich um Parkplätze.", reason="Willkommen.",
    )  # fmt: skip
    other = UserFactory(email="eva@neu.example")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    page = reverse("admin:communities_membership_step", args=[row.pk, "berichtigen"])

    coordinator.post(page, {"version": row.version, "name": "Eva", "email": other.email})
    link_account(other)

    row.refresh_from_db()
    assert (row.state, row.user, row.is_visible) == (MembershipState.INVITED, None, False)
    assert (row.email_confirmed_at, row.message, row.reason) == (None, "", "")
    assert not inside(other).exists()
    assert not municipalities(Person.of_user(other)).exists()
    letter = Email.objects.get()
    link = re.search(r"/gemeinschaften/einladung/\S+", letter.text)[0]
    assert letter.to == other.email
    client.post(link, {"name": "Eva"})
    row.refresh_from_db()
    assert (row.state, row.user) == (ACTIVE, other)


def test_who_asks_with_a_proved_address_is_given_no_other(coordinator, role):
    [row] = asking(role.community, 1)
    Membership.objects.filter(pk=row.pk).update(email="eva@alt.example")
    page = reverse("admin:communities_membership_step", args=[row.pk, "berichtigen"])

    answer = coordinator.post(page, {"version": 1, "name": "Eva", "email": "eva@neu.example"})

    assert "hat die Person selbst bestätigt. Bitte laden Sie die neue Adresse ein" in answer.text
    coordinator.post(page, {"version": 1, "name": "Eva", "email": "Eva@Alt.example"})
    row.refresh_from_db()
    assert (row.state, row.email) == (ASKED, "Eva@alt.example")


def test_a_pasted_list_says_who_is_a_member_and_carries_ones_own_sentence_as_text(
    coordinator, role
):
    MembershipFactory(community=role.community, state=ACTIVE, email="da@amt.example")
    sentence = "Wir <b>brauchen</b> Sie!"
    form = {
        "community": role.community_id,
        "role": "mitglied",
        "people": "Da Drin <DA@amt.example>; Nina Neu <neu@amt.example>",
        "sentence": sentence,
    }

    preview = coordinator.post(INVITE, form).text
    answer = coordinator.post(INVITE, yes(preview), follow=True).text

    assert "1 Einladung, 1 schon Mitglied" in preview
    assert "Wir &lt;b&gt;brauchen&lt;/b&gt; Sie!" in preview
    assert "1 Einladung ist unterwegs." in answer
    assert "1 Person ist schon Mitglied und bekommt nichts." in answer
    letter = Email.objects.get()
    assert f"Karla Koordination schreibt Ihnen dazu:\n\n„{sentence}“" in letter.text
    assert sentence not in (letter.html or "")
