"""„Kommunen wie wir“: named once in the address, carried along everywhere, and each hit says why."""

import re
from html import unescape

import pytest

from finding.versions import current
from ground.land import Land
from projects.catalogue import build
from projects.models import ApplicantKind
from projects.near_home import home_of, projects_in_order, solutions_in_order, why
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def polch():
    return MunicipalityFactory(
        name="Polch", ags="07137089", population=7_000, land=Land.RP, latitude=50.3, longitude=7.3
    )


@pytest.fixture
def projects():
    """By how like Polch they are."""
    return [
        ProjectFactory(
            name="Zell", population=8_000, laender=[Land.RP], latitude=50.3, longitude=7.84
        ),
        ProjectFactory(
            name="Yburg", population=8_000, laender=[Land.BY], latitude=48.3, longitude=11.0
        ),
        ProjectFactory(
            name="Xanten", population=30_000, applicant_kind=ApplicantKind.MITTELSTADT,
            laender=[Land.BY], latitude=48.1, longitude=11.6,
        ),
        ProjectFactory(name="Anderswo", applicant_kind=ApplicantKind.GROSSSTADT),
    ]  # fmt: skip


def names(answer):
    return [
        unescape(name) for name in re.findall(r'card__link" href="[^"]+">([^<]+)<', answer.text)
    ]


def reasons(answer):
    return [unescape(text) for text in re.findall(r'card__why">([^<]+)<', answer.text)]


def links(answer):
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', answer.text)]


def test_the_list_shows_the_likest_first_and_says_why(client, polch, projects):
    answer = client.get("/projekte/?kommune=07137089")

    assert names(answer) == ["Zell", "Yburg", "Xanten", "Anderswo"]
    assert reasons(answer) == [
        "ähnlich groß, auch Kleinstadt oder Landgemeinde, 38 km entfernt, im selben Land",
        "ähnlich groß, auch Kleinstadt oder Landgemeinde, 348 km entfernt",
        "größer, 397 km entfernt",
        "in einem anderen Land",
    ]


def test_solutions_are_as_like_as_their_project_and_those_without_text_come_last(
    client, polch, projects
):
    SolutionFactory(name="Aus der Ferne", project=projects[2], problem="Stau")
    SolutionFactory(name="Noch leer", project=projects[0])
    SolutionFactory(name="Von nebenan", project=projects[0], problem="Hochwasser")

    answer = client.get("/loesungen/?kommune=07137089")

    assert names(answer) == ["Von nebenan", "Aus der Ferne", "Noch leer"]
    assert len(reasons(answer)) == 3


def test_who_names_no_kommune_sees_no_reasons_and_no_such_sorting(client, projects):
    answer = client.get("/projekte/?sortierung=naehe")

    assert names(answer) == ["Anderswo", "Xanten", "Yburg", "Zell"]
    assert reasons(answer) == []
    assert 'value="naehe"' not in answer.text


def test_the_kommune_survives_every_click_and_can_be_taken_back(client, polch, projects):
    answer = client.get("/projekte/?kommune=07137089&land=BY")
    with_htmx = client.get("/projekte/?kommune=07137089&land=BY", headers=HTMX)

    assert names(answer) == names(with_htmx) == ["Yburg", "Xanten", "Anderswo"]
    assert with_htmx["HX-Push-Url"] == "/projekte/?land=BY&kommune=07137089"
    assert 'name="kommune" value="07137089"' in answer.text
    assert 'name="kommune" value="07137089"' in with_htmx.text
    assert "/projekte/?kommune=07137089" in links(answer)  # without the Land
    assert "/projekte/?land=BY" in links(answer)  # without the Kommune
    assert "Ihre Kommune: Polch" in answer.text


def test_pages_carry_it_along(client, polch):
    for number in range(30):
        ProjectFactory(name=f"Ort {number:02}")

    assert "?kommune=07137089&seite=2" in links(client.get("/projekte/?kommune=07137089"))


def test_another_sorting_stays_possible_and_the_shortest_address_leaves_out_the_usual(
    client, polch, projects
):
    by_name = client.get("/projekte/?kommune=07137089&sortierung=name")
    usual = client.get("/projekte/?kommune=07137089&sortierung=naehe", headers=HTMX)

    assert names(by_name) == ["Anderswo", "Xanten", "Yburg", "Zell"]
    assert usual["HX-Push-Url"] == "/projekte/?kommune=07137089"


def test_who_searches_is_one_click_away_from_the_likest_among_the_hits(client, polch, projects):
    for number, name in ((2, "Hochwasser in der Ferne"), (0, "Pegel"), (1, "Sirene")):
        SolutionFactory(name=name, project=projects[number], problem="Hochwasser")

    for headers in ({}, HTMX):
        by_relevance = client.get("/loesungen/?kommune=07137089&q=Hochwasser", headers=headers)
        [way] = re.findall(
            r'<a class="kern-link" href="([^"]+)">Kommunen wie Polch zuerst</a>', by_relevance.text
        )
        likest = client.get(unescape(way), headers=headers)
        assert names(likest)[:2] == ["Pegel", "Sirene"]
        assert "Kommunen wie Polch zuerst" not in likest.text
    assert "zuerst</a>" not in client.get("/loesungen/?kommune=07137089").text


def test_search_engines_get_one_list_and_not_one_for_every_kommune(client, polch, projects):
    html = client.get("/projekte/?kommune=07137089&land=BY").text

    canonical = re.search(r'rel="canonical" href="[^"/]*//[^"/]*([^"]*)"', html)[1]
    assert canonical == "/projekte/?land=BY"


def test_without_scripts_a_typed_name_leads_to_its_key(client, polch, projects):
    answer = client.get("/projekte/?wo=polch&q=&kommune=&sortierung=")

    assert (answer.status_code, answer["Location"]) == (302, "/projekte/?kommune=07137089")


def test_several_of_a_name_are_offered_and_the_filters_stay(client, projects):
    MunicipalityFactory(name="Neustadt", ags="06534014", land=Land.HE)
    MunicipalityFactory(name="Neustadt", ags="14628270", land=Land.SN)

    answer = client.get("/projekte/?wo=Neustadt&land=BY")

    assert answer.status_code == 200
    assert "Welche meinen Sie?" in answer.text
    offered = [link for link in links(answer) if "kommune=" in link]
    assert sorted(offered) == [
        "/projekte/?land=BY&kommune=06534014",
        "/projekte/?land=BY&kommune=14628270",
    ]


@pytest.mark.parametrize(
    "address",
    ["?kommune=99999999", "?kommune=%00", "?kommune=nr-999999999999", "?wo=gibtesnicht", "?wo=%00"],
)
@pytest.mark.parametrize("path", ["/projekte/", "/loesungen/"])
def test_nonsense_shows_the_ordinary_list(client, projects, path, address):
    answer = client.get(path + address, follow=True)

    assert answer.status_code == 200
    assert reasons(answer) == []


def test_who_was_dissolved_is_nobodys_home(client, projects):
    MunicipalityFactory(name="Altdorf", ags="09999001", ended_on="2020-01-01")

    assert "kennen wir nicht" in client.get("/projekte/?kommune=09999001").text


def test_a_union_of_small_towns_is_of_ones_own_size(polch):
    small = MunicipalityFactory(population=4_000)
    union = ProjectFactory(
        population=60_000, applicant_kind=ApplicantKind.KOOPERATION, municipalities=[small]
    )
    shown = build(current())

    assert why(home_of(polch), shown.projects.by_slug[union.slug]) == (
        "mit einer Kommune Ihrer Größe"
    )


def test_a_kreis_is_compared_with_kreise_and_a_kreisfreie_stadt_with_cities():
    kreis = MunicipalityFactory(kreis_level=True, population=200_000)
    city = MunicipalityFactory(kreis_level=True, designation="Kreisfreie Stadt", population=200_000)

    assert home_of(kreis).kind == ApplicantKind.LANDKREIS
    assert home_of(city).kind == ApplicantKind.GROSSSTADT


def test_a_list_seen_from_somewhere_costs_the_same_queries_for_few_and_for_many(
    client, polch, projects, django_assert_num_queries
):
    def ask():
        client.get("/projekte/?kommune=07137089")
        # Once the catalogue and the Kommune are known: whether anything has changed.
        with django_assert_num_queries(1):
            assert client.get("/projekte/?kommune=07137089&land=RP").status_code == 200

    ask()
    for number in range(200):
        SolutionFactory(name=f"Lösung {number}", project=projects[number % 4])
        ProjectFactory(name=f"Weiteres {number}", latitude=50 + number / 100, longitude=9)
    ask()


def test_every_entry_has_its_place_in_the_order_once(polch, projects):
    for project in projects:
        SolutionFactory(project=project)
    shown, here = build(current()), home_of(polch)

    assert sorted(projects_in_order(shown, here)) == list(range(4))
    assert sorted(solutions_in_order(shown, here)) == list(range(4))
