"""What everybody sees of groups: true, complete, and nothing that is meant for members."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import (
    Community,
    CommunityKind,
    CommunitySource,
    CommunityState,
    PartnerOrganisation,
    PartnerSupport,
    ResultState,
)
from tests.factories.accounts import UserFactory
from tests.factories.communities import (
    CommunityFactory,
    ExperienceFactory,
    MembershipFactory,
    ResultFactory,
    TopicGroupFactory,
)
from tests.factories.events import EventFactory
from tests.factories.projects import ProjectFactory, SolutionFactory, ThemeFactory
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins() -> Community:
    community = CommunityFactory(
        name="Urbane Digitale Zwillinge",
        slug="zwillinge",
        also_called="UDZ",
        purpose="Ein Abbild der Stadt.\n\nGemeinsam gebaut.",
        questions="Wozu dient es?\n\nWer pflegt es?\n",
        working_mode="Vier Treffen im Jahr.",
        theme=ThemeFactory(name="Daten", slug="daten"),
        founded_year=2022,
        founded_month=11,
        open_to_non_funded=True,
        contact_name="Geschäftsstelle",
        contact_email="zwillinge@gruppe.example",
        check_note="Nur eine Quelle nennt den Namen.",
        editors_note="Nicht für die Öffentlichkeit.",
    )
    TopicGroupFactory(parent=community, name="Mobilität", slug="mobilitaet", purpose="Verkehr.")
    TopicGroupFactory(parent=community, name="Denkmäler", slug="alt", state=CommunityState.ARCHIVED)
    partner = PartnerOrganisation.objects.create(name="Klimastadtbüro", role="Moderation")
    PartnerSupport.objects.create(community=community, partner=partner)
    CommunitySource.objects.create(community=community, text="https://quelle.example/zwillinge")
    CommunitySource.objects.create(community=community, text="Zeitung, 16.03.2023")
    community.projects.add(ProjectFactory(name="Hagen"), ProjectFactory(is_public=False, name="X9"))
    community.example_projects.add(ProjectFactory(name="Soest"))
    return community


def test_the_list_tells_what_each_works_on_and_how_to_join(client, twins):
    CommunityFactory(name="City Apps", kind=CommunityKind.EARLIER, state=CommunityState.ARCHIVED)
    workshop = EventFactory(
        title="Werkstatt",
        community=twins,
        starts_at=timezone.now() + timedelta(days=3),
        ends_at=timezone.now() + timedelta(days=3, hours=2),
    )
    ResultFactory(title="Leitfaden Zwilling", community=twins)

    answer = client.get("/gemeinschaften/")
    text = words(answer)

    for part in [
        "Urbane Digitale Zwillinge Ein Abbild der Stadt. Gemeinsam gebaut. Themengruppen Mobilität",
        "So machen Sie mit",
        "Leitfaden Zwilling Leitfaden CC BY 4.0 Urbane Digitale Zwillinge",
        "Frühere Gruppen City Apps",
        "Werkstatt",
    ]:
        assert part in text
    assert "Denkmäler" not in text
    assert f'href="{workshop.get_absolute_url()}"' in answer.text
    assert text.index("So machen Sie mit") < text.index("City Apps")


def test_an_empty_portal_says_so(client):
    text = words(client.get("/gemeinschaften/"))

    assert "Noch ist keine Gemeinschaft eingetragen." in text
    assert "Frühere Gruppen" not in text


@pytest.mark.parametrize(
    "name",
    [
        "projects:list",
        "projects:solutions",
        "projects:reuses",
        "communities:results",
        "communities:experiences",
    ],
)
def test_a_list_in_which_nothing_stands_yet_offers_no_more_of_it(client, name):
    text = words(client.get(reverse(name), {"q": "Hochwasser"}))

    assert "Noch ist nichts eingetragen." in text
    assert "Alle 0" not in text


def test_a_group_page_says_what_is_known_and_what_is_not(client, twins):
    answer = client.get("/gemeinschaften/zwillinge/")
    text = words(answer)

    for part in [
        "Arbeits- und Entwicklungsgemeinschaft Urbane Digitale Zwillinge Auch genannt: UDZ",
        "Dieser Eintrag ist noch zu prüfen Nur eine Quelle nennt den Namen.",
        "Ein Abbild der Stadt. Gemeinsam gebaut.",
        "Ihre Leitfragen Wozu dient es? Wer pflegt es? Wie sie arbeitet Vier Treffen im Jahr.",
        "Themengruppen 1 Mobilität Verkehr. Frühere Themengruppen: Denkmäler",
        "Zurzeit ist kein Treffen angekündigt.",
        "Noch ist kein Ergebnis veröffentlicht.",
        "Beteiligte Modellprojekte 1 Hagen Beispiele für das Thema",
        "Ob sie in der Gruppe mitarbeiten, sagen sie nicht. Soest",
        "https://quelle.example/zwillinge Zeitung, 16.03.2023",
        "Offen für Modellprojekte und für Kommunen, die nicht gefördert werden. Mitmachen",
        "Gegründet November 2022 Thema Daten Begleitet von Klimastadtbüro Moderation",
        "Kontakt Geschäftsstelle zwillinge@gruppe.example",
    ]:
        assert part in text, part
    assert 'href="/gemeinschaften/zwillinge/mitmachen/"' in answer.text
    assert 'href="/gemeinschaften/zwillinge/mobilitaet/"' in answer.text
    assert "Nicht für die Öffentlichkeit" not in answer.text
    assert "X9" not in answer.text


def test_a_topic_group_has_its_own_page_below_its_community(client, twins):
    answer = client.get("/gemeinschaften/zwillinge/mobilitaet/")
    text = words(answer)

    assert "Themengruppe der Gemeinschaft Urbane Digitale Zwillinge Mobilität" in text
    assert "Gegründet nicht bekannt" in text
    assert 'href="/gemeinschaften/zwillinge/mobilitaet/mitmachen/"' in answer.text
    assert client.get("/gemeinschaften/mobilitaet/").status_code == 404
    assert client.get("/gemeinschaften/zwillinge/gibt-es-nicht/").status_code == 404


def test_an_archived_group_keeps_its_results_but_nobody_joins(client, twins):
    old = twins.topic_groups.get(slug="alt")
    old.merged_into = twins.topic_groups.get(slug="mobilitaet")
    old.save()
    ResultFactory(title="Alter Leitfaden", community=old)

    answer = client.get("/gemeinschaften/zwillinge/alt/")
    text = words(answer)

    assert "Diese Gruppe arbeitet nicht mehr Sie ist aufgegangen in: " in text
    assert "Alter Leitfaden" in text
    assert "mitmachen/" not in answer.text
    assert "Alter Leitfaden" in words(client.get("/gemeinschaften/zwillinge/"))


def test_a_group_that_has_ended_promises_its_work_only_where_there_is_some(client):
    empty, other = CommunityFactory.create_batch(2, state=CommunityState.ARCHIVED)
    ResultFactory(community=other)

    def promises(group):
        text = words(client.get(group.get_absolute_url()))
        assert "Diese Gruppe arbeitet nicht mehr" in text
        at_the_door = words(client.get(f"{group.get_absolute_url()}mitmachen/"))
        assert (
            "Die Seite der Gruppe ist weiter da. Andere Gemeinschaften ansehen Zur Seite der"
            in at_the_door
        )
        return "Was sie erarbeitet hat, bleibt hier zu finden." in text

    assert (promises(empty), promises(other)) == (False, True)


def test_workshops_wander_from_next_to_past_and_drafts_are_never_there(client, twins, time_machine):
    now = timezone.now()
    topic_group = twins.topic_groups.get(slug="mobilitaet")
    EventFactory(
        title="Bald",
        community=topic_group,
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
    )
    EventFactory(
        title="Geheim",
        community=twins,
        state="entwurf",
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
    )
    first = client.get("/gemeinschaften/zwillinge/")
    assert "Bald" in words(first).partition("Treffen und Workshops")[2].partition("Zuletzt")[0]
    assert "Zuletzt" not in words(first)
    assert "Geheim" not in first.text
    again = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get("/gemeinschaften/zwillinge/", **again).status_code == 304

    time_machine.move_to(now + timedelta(hours=3))
    later = client.get("/gemeinschaften/zwillinge/", **again)

    assert later.status_code == 200
    assert "Zurzeit ist kein Treffen angekündigt. Zuletzt" in words(later)


@pytest.mark.parametrize("path", ["/gemeinschaften/", "/gemeinschaften/zwillinge/"])
def test_pages_answer_not_modified_until_something_changes(client, twins, path):
    first = client.get(path)
    assert (first["Cache-Control"], first.cookies) == ("no-cache", {})
    assert "Cookie" not in first.get("Vary", "")
    known = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(path, **known).status_code == 304

    Community.objects.filter(pk=twins.pk).update(purpose="Etwas ganz Neues.")

    assert "Etwas ganz Neues." in words(client.get(path, **known))


def test_that_groups_are_open_to_who_is_not_funded_is_said_only_where_it_is_so(client):
    closed = CommunityFactory(name="Nur für Projekte")
    open_topic = TopicGroupFactory(parent=closed, open_to_non_funded=True)
    everywhere = "Manche Gruppen sind auch für Kommunen offen, die nicht gefördert werden"
    assert everywhere in words(client.get("/gemeinschaften/"))

    # An archived one takes in no one.
    Community.objects.filter(pk=open_topic.pk).update(state=CommunityState.ARCHIVED)
    listed = words(client.get("/gemeinschaften/"))
    assert everywhere not in listed
    assert "Die Gruppen sind für die Modellprojekte Smart Cities und ihre Kommunen da." in listed


def test_who_is_signed_in_sees_their_own_way_and_nobody_keeps_that_page(client, twins):
    member = MembershipFactory(community=twins, user=UserFactory(), name="Erika Muster")
    before = client.get("/gemeinschaften/zwillinge/")
    client.force_login(member.user)

    own = client.get("/gemeinschaften/zwillinge/")

    assert "Sie gehören dazu Zum Mitgliederbereich" in words(own)
    assert "no-store" in own["Cache-Control"]
    assert "private" in own["Cache-Control"]
    assert "ETag" not in own
    assert "Schon Mitglied? Zum Mitgliederbereich" in words(before)
    assert "Sie gehören dazu" not in before.text
    assert "Erika Muster" not in own.text + before.text
    assert 'href="/gemeinschaften/zwillinge/intern/"' in client.get("/gemeinschaften/").text


@pytest.mark.parametrize(
    "path", ["/gemeinschaften/", "/gemeinschaften/gruppe/", "/gemeinschaften/ergebnisse/"]
)
def test_pages_cost_the_same_however_much_there_is(client, django_assert_max_num_queries, path):
    group = CommunityFactory(slug="gruppe")
    cold = []
    for number in (1, 15):
        for _ in range(number):
            topic_group = TopicGroupFactory(parent=group)
            result = ResultFactory(community=topic_group)
            result.solutions.add(SolutionFactory())
            ExperienceFactory(community=topic_group, project=ProjectFactory())
            EventFactory(
                community=topic_group,
                starts_at=timezone.now() + timedelta(days=1),
                ends_at=timezone.now() + timedelta(days=2),
            )
        with django_assert_max_num_queries(60) as counted:
            assert client.get(path).status_code == 200
        cold.append(len(counted))
        with django_assert_max_num_queries(6):
            client.get(path)
    assert cold[0] == cold[1]


def test_projects_and_solutions_show_what_groups_say_about_them(client, twins):
    project = ProjectFactory(slug="ort", name="Ort")
    solution = SolutionFactory(slug="ding", name="Ding", project=project)
    twins.projects.add(project)
    result = ResultFactory(title="Leitfaden Ding", community=twins)
    result.projects.add(project)
    result.solutions.add(solution)
    hidden = ResultFactory(title="Internes", community=twins, state=ResultState.MEMBERS)
    hidden.projects.add(project)
    ExperienceFactory(title="Früh fragen", project=project, community=None)
    ExperienceFactory(title="Spät fragen", solution=solution, community=None, kind="stolperfalle")

    of_project = words(client.get("/projekte/ort/"))
    of_solution = words(client.get("/loesungen/ding/"))

    assert "arbeitet mit in: Urbane Digitale Zwillinge" in of_project
    assert "Erfahrungen Was gut lief Früh fragen Erfahrung aus einer Gemeinschaft" in of_project
    assert "Unterlagen Leitfaden Ding Leitfaden CC BY 4.0" in of_project
    assert "Spät fragen" not in of_project
    assert (
        "Erfahrungen Was man vermeiden sollte Spät fragen Erfahrung aus einer Gemeinschaft"
        in of_solution
    )
    assert "Unterlagen Leitfaden Ding Leitfaden CC BY 4.0" in of_solution
    assert "Internes" not in of_project
    example = words(client.get(f"/projekte/{twins.example_projects.get().slug}/"))
    assert "als Beispiel für das Thema von Urbane Digitale Zwillinge" in example
    assert "arbeitet mit in" not in example


def test_the_start_page_the_search_and_the_sitemap_lead_to_groups(client, twins):
    result = ResultFactory(title="Leitfaden Pegel", community=twins)
    ResultFactory(title="Pegel intern", state=ResultState.MEMBERS, slug="pegel-intern")
    experience = ExperienceFactory(title="Pegel früh prüfen", community=twins)

    assert "Gemeinsam arbeiten" in words(client.get("/"))
    found = client.get("/suche/?q=Pegel").text
    assert f'href="{result.get_absolute_url()}"' in found
    assert f'href="{experience.get_absolute_url()}"' in found
    assert "pegel-intern" not in found
    group = client.get("/suche/?q=Zwillinge").text
    assert 'href="/gemeinschaften/zwillinge/"' in group
    sitemap = client.get("/sitemap.xml").text
    for path in ("/gemeinschaften/zwillinge/mobilitaet/", result.get_absolute_url()):
        assert f"{path}</loc>" in sitemap
    assert f"{experience.get_absolute_url()}</loc>" in sitemap
    assert "pegel-intern" not in sitemap


def test_a_mistake_can_be_reported_with_the_page_s_address(client, twins):
    answer = client.get("/gemeinschaften/zwillinge/")

    assert 'href="/fragen/fehler/?seite=/gemeinschaften/zwillinge/"' in answer.text
