"""What the forms of the administration decide by themselves, so that nobody has to ask."""

import pytest
from django.urls import reverse

from communities.models import Community, GroupMessage, MessageState, Result, ResultState
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
    }
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
    }

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
