"""What the forms of the administration decide by themselves, so that nobody has to ask."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from communities import actions, undo_links
from communities.models import (
    Community,
    Experience,
    GroupMessage,
    MembershipState,
    MessageState,
    Result,
    ResultState,
    Role,
)
from mailing.models import Email
from tests.communities.answers import NO_FILES, sent_back
from tests.factories import ProjectFactory, UserFactory
from tests.factories.communities import (
    CommunityFactory,
    CoordinationFactory,
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)

pytestmark = pytest.mark.django_db

TAKE_UP = undo_links.Purpose.TAKE_UP
ADD_GROUP = reverse("admin:communities_community_add")
ADD_RESULT = reverse("admin:communities_result_add")


@pytest.fixture
def aeg():
    return CommunityFactory(name="Zwillinge")


@pytest.fixture
def client(client, aeg):
    client.force_login(CoordinationFactory(community=aeg, user=UserFactory()).user)
    return client


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Mobilität & Verkehr", "mobilitaet-verkehr"),
        ("Straße", "strasse"),
        ("Verkehr", "verkehr-2"),
        ("Intern", "intern-2"),
        ("!?", "neu"),
    ],
    ids=["umlaut", "sharp s", "taken", "reserved", "no letters"],
)
def test_a_topic_group_gets_an_address_of_its_own(client, aeg, name, slug):
    TopicGroupFactory(parent=aeg, name="Anders", slug="verkehr")
    TopicGroupFactory(slug="mobilitaet-verkehr")  # of another community

    answer = client.post(ADD_GROUP, {"parent": aeg.pk, "name": name})

    group = Community.objects.get(name=name)
    assert (group.parent, group.slug) == (aeg, slug)
    assert answer["Location"] == reverse("admin:communities_community_change", args=[group.pk])


def test_an_address_that_somebody_chooses_must_be_free(client, aeg):
    TopicGroupFactory(parent=aeg, slug="verkehr")

    answer = client.post(ADD_GROUP, {"parent": aeg.pk, "name": "Neu", "slug": "verkehr"})

    assert "Diese Adresse ist schon vergeben." in answer.text
    assert not Community.objects.filter(name="Neu").exists()


def test_a_public_result_without_a_licence_is_told_at_its_field(client, aeg):
    values = {
        "community": aeg.pk,
        "kind": "leitfaden",
        "title": "Leitfaden",
        "link": "https://ergebnisse.example/",
        "state": ResultState.PUBLIC,
    } | NO_FILES
    answer = client.post(ADD_RESULT, values)
    sentence = "Bevor ein Ergebnis öffentlich wird, braucht es eine Lizenz."
    assert answer.context["adminform"].form.errors == {"licence": [sentence]}

    client.post(ADD_RESULT, values | {"licence": "CC BY 4.0"})
    assert Result.objects.public().get().title == "Leitfaden"


def test_groups_stand_with_their_community_which_comes_first(client, aeg):
    TopicGroupFactory(parent=aeg, name="Akten")
    TopicGroupFactory(name="Fremd")

    for address in (ADD_RESULT, reverse("admin:events_event_add")):
        field = client.get(address).context["adminform"].form.fields["community"]
        names = [str(label) for value, label in field.choices if value]
        assert names == ["Zwillinge", "Zwillinge: Akten"]


def test_a_draft_offers_no_way_to_a_page_that_does_not_exist_yet(client, aeg):
    public = ExperienceFactory(community=aeg)
    draft = ExperienceFactory(community=aeg, state="entwurf", published_at=None)

    def offered(row):
        page = client.get(reverse("admin:communities_experience_change", args=[row.pk])).text
        return "Im Portal ansehen" in page

    assert (offered(public), offered(draft)) == (True, False)


def test_a_mail_that_was_sent_says_in_words_to_whom_and_to_how_many(client, aeg):
    MembershipFactory(community=aeg)
    sent = GroupMessage.objects.create(
        community=aeg,
        roles=["mitglied", "gast"],
        with_topic_groups=True,
        subject="Treffen",
        text="Am Montag.",
        state=MessageState.SENT,
        sent_at="2026-03-02T09:00:00+00:00",
        recipients={"mitglied": 12, "gast": 1},
    )

    page = client.get(reverse("admin:communities_groupmessage_change", args=[sent.pk])).text

    assert "Mitglied, Gast, auch in den Themengruppen" in page
    assert "2. März 2026, 10:00" in page
    assert '<div class="readonly">13</div>' in page
    assert 'name="_save"' not in page


def test_saving_keeps_links_to_what_is_not_public_yet(client, aeg):
    result = ResultFactory(community=aeg)
    seen, unseen = ProjectFactory(), ProjectFactory(is_public=False)
    result.projects.set([unseen])
    page = reverse("admin:communities_result_change", args=[result.pk])
    values = {
        "community": aeg.pk,
        "kind": result.kind,
        "title": "Neuer Titel",
        "slug": result.slug,
        "link": result.link,
        "licence": result.licence,
        "state": result.state,
        "projects": [seen.pk],
    } | NO_FILES

    values["_seen"] = client.get(page).context["seen"]
    assert client.post(page, values).status_code == 302

    assert set(result.projects.all()) == {seen, unseen}
    assert unseen.name not in client.get(page).text


def test_a_group_leaves_its_community_only_by_those_who_look_after_both(client, aeg):
    """Who looks after a topic group and another community cannot take it away."""
    foreign = TopicGroupFactory(parent=CommunityFactory())
    user = MembershipFactory(community=foreign, user=UserFactory(), role="koordination").user
    CoordinationFactory(community=aeg, user=user)
    client.force_login(user)
    step = reverse("admin:communities_community_step", args=[foreign.pk, "umhaengen"])

    client.post(step, {"to": aeg.pk})

    foreign.refresh_from_db()
    assert foreign.parent_id != aeg.pk
    # The group itself is theirs to run.
    assert client.get(step.replace("umhaengen", "archivieren")).status_code == 200


def test_moving_and_merging_are_offered_only_where_there_is_somewhere_to_go(client):
    coordination = CoordinationFactory()
    group = TopicGroupFactory(parent=coordination.community)
    client.force_login(coordination.user)
    address = reverse("admin:communities_community_change", args=[group.pk])

    def offered() -> list[str]:
        return [step.slug for step, _url in client.get(address).context["steps"]]

    # The AEG above is one to merge with, but there is no other to move to.
    assert offered() == ["zusammenfuehren", "archivieren"]
    CoordinationFactory(user=coordination.user)
    assert offered() == ["umhaengen", "zusammenfuehren", "archivieren"]
    # Who coordinates a topic group alone has nothing to choose from.
    alone = CoordinationFactory(community=group)
    client.force_login(alone.user)
    assert offered() == ["archivieren"]


def test_who_could_archive_a_topic_group_can_take_it_up_again_and_is_told_so(client):
    """Although the archived group gives no rights: by a link that nobody else gets."""
    mine = CoordinationFactory(community=TopicGroupFactory(), user=UserFactory())
    colleague = CoordinationFactory(community=mine.community, email="kollegin@stadt.example")
    group = mine.community
    page = reverse("admin:communities_community_change", args=[group.pk])
    step = reverse("admin:communities_community_step", args=[group.pk, "archivieren"])
    client.force_login(mine.user)
    assert "30 Tage lang wieder aufnehmen" in client.get(step).text

    answer = client.post(step, follow=True)

    group.refresh_from_db()
    assert not group.is_active
    link = re.search(
        r"href='(/gemeinschaften/wieder-aufnehmen/[^']+)'>Wieder aufnehmen", answer.text
    )[1]
    (mail,) = Email.objects.filter(key__contains=":archived:")
    assert mail.to == colleague.email
    assert (
        f"nehmen Sie die Gruppe hier wieder auf:\n{settings.SITE_URL}/gemeinschaften/wieder"
        in mail.text
    )
    in_mail = re.search(r"https?://[^/]+(/gemeinschaften/wieder-aufnehmen/\S+)", mail.text)[1]
    for path in (link, in_mail):
        for _time in range(5):
            assert client.get(path).status_code == client.head(path).status_code == 200
    group.refresh_from_db()
    assert not group.is_active
    # Its page in the administration is closed to them meanwhile.
    assert client.get(page).status_code != 200

    assert "Die Gruppe arbeitet wieder." in client.post(in_mail, follow=True).text
    group.refresh_from_db()
    assert group.is_active
    assert client.get(page).status_code == 200
    assert "Es ist nichts zu tun." in client.post(link).text
    # Archived once more, the old links are worth nothing; nor after a month the new one.
    actions.archive(group, by=colleague.user, now=timezone.now())
    assert client.post(link).status_code == 410
    group.refresh_from_db()
    newest = undo_links.open_token(undo_links.token_for(group), TAKE_UP, now=group.archived_at)
    late = group.archived_at + undo_links.LASTS
    assert newest.is_valid
    assert not undo_links.open_token(undo_links.token_for(group), TAKE_UP, now=late).is_valid


def test_a_whole_community_comes_back_only_by_the_network(client):
    coordination = CoordinationFactory()
    actions.archive(coordination.community, by=UserFactory(), now=timezone.now())

    coordination.community.refresh_from_db()
    assert undo_links.path_for(coordination.community) == ""
    assert "wieder-aufnehmen" not in Email.objects.get(key__contains=":archived:").text


def test_of_results_drafts_alone_are_deleted_as_others_link_to_the_rest(client, aeg):
    def is_deleted(state: ResultState) -> bool:
        values = {
            "published_at": timezone.now(),
            "licence": "CC BY 4.0",
            "link": "https://a.example/",
        }
        row = ResultFactory(community=aeg, state=state, **values)
        address = reverse("admin:communities_result_delete", args=[row.pk])
        assert (client.get(address).status_code == 200) is (state == ResultState.DRAFT)
        client.post(address, {"post": "yes"})
        return not Result.objects.filter(pk=row.pk).exists()

    assert {state for state in ResultState if is_deleted(state)} == {ResultState.DRAFT}


def test_who_writes_an_experience_here_has_it_among_their_own(client, aeg):
    """Else nobody finds it in their account, and it is in no file of what is stored of them."""
    typed = {"kind": "stolperfalle", "title": "Zu spät", "what": "Wir haben", "community": aeg.pk}

    assert client.post(reverse("admin:communities_experience_add"), typed).status_code == 302

    assert Experience.objects.get().written_by == aeg.memberships.get().user


def test_the_table_of_members_says_of_each_what_the_list_says(client, aeg):
    eva = MembershipFactory(
        community=aeg, name="Eva Beispiel", email="eva@kommune.example", organisation="Hochschule"
    )
    chosen = {"action": "export", "_selected_action": [eva.pk]}

    answer = client.post(reverse("admin:communities_membership_changelist"), chosen)

    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Name;E-Mail;Gruppe;Rolle;Stand;vertritt",
        "Eva Beispiel;eva@kommune.example;Zwillinge;Mitglied;aktiv;Hochschule",
    ]


def test_the_coordination_is_handed_to_members_of_the_very_group(client, aeg):
    eva = MembershipFactory(community=aeg)
    MembershipFactory(community=aeg, state=MembershipState.LEFT)
    MembershipFactory(community=TopicGroupFactory(parent=aeg))
    own = aeg.memberships.get(role=Role.COORDINATION)

    page = client.get(reverse("admin:communities_membership_step", args=[own.pk, "uebergeben"]))

    assert list(page.context["form"].fields["to"].queryset) == [eva]


def test_the_list_of_groups_counts_members_and_the_requests_that_one_can_see(client, aeg):
    now = timezone.now()
    asked = {"community": aeg, "state": MembershipState.REQUESTED, "requested_at": now}
    MembershipFactory(**asked, email_confirmed_at=now)
    MembershipFactory(**asked, email_confirmed_at=None)
    MembershipFactory(community=aeg, state=MembershipState.LEFT)

    (row,) = client.get(reverse("admin:communities_community_changelist")).context["cl"].result_list

    assert (row.members, row.requests) == (1, 1)


def test_what_is_published_again_keeps_the_day_on_which_it_first_was(client, aeg):
    first = timezone.now() - timedelta(days=400)
    row = ResultFactory(community=aeg, state=ResultState.MEMBERS, published_at=first)
    address = reverse("admin:communities_result_change", args=[row.pk])

    sent = sent_back(client, address, state=ResultState.PUBLIC)
    assert client.post(address, sent).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.published_at) == (ResultState.PUBLIC, first)
