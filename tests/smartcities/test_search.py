import pytest
from django.urls import reverse

from projects.funding import Funding, FundingKind
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def searched(client, q: str) -> dict:
    return client.get(reverse("search"), {"q": q}).context


def test_one_box_finds_projects_solutions_and_municipalities(client):
    ulm = MunicipalityFactory(name="Ulm")
    project = ProjectFactory(name="Ulm", slug="ulm")
    project.participations.create(municipality=ulm)
    SolutionFactory(project=project, name="Parken in Ulm")
    MunicipalityFactory(name="Gera")

    context = searched(client, "ulm")

    assert [(group.label, group.count) for group in context["groups"]] == [
        ("Lösungen", 1),
        ("Modellprojekte", 1),
    ]
    [place] = context["municipalities"]
    assert (place.municipality, place.funding) == (ulm, Funding(FundingKind.OWN, (project,)))


def test_what_is_not_public_is_in_no_group(client):
    place = MunicipalityFactory(name="Heimlichstadt")
    hidden = ProjectFactory(name="Heimlichstadt", is_public=False)
    hidden.participations.create(municipality=place)
    SolutionFactory(project=hidden, name="Heimlichstadt-App")

    context = searched(client, "Heimlichstadt")

    assert context["groups"] == []
    [found] = context["municipalities"]
    assert (found.municipality, found.funding) == (place, Funding(FundingKind.NONE))


def test_a_municipality_that_is_not_funded_learns_who_is_nearest(client):
    MunicipalityFactory(name="Gera", latitude=50.88, longitude=12.08)
    ProjectFactory(name="Fern", latitude=48.4, longitude=9.99)
    ProjectFactory(name="Nah", latitude=50.93, longitude=11.59)

    html = client.get(reverse("search"), {"q": "Gera"}).content.decode()

    assert ">Nah</a> (35 km)" in html
    assert "Fern" not in html


def test_a_misspelt_word_is_offered_in_the_right_spelling(client):
    ProjectFactory(summary="Ein digitaler Zwilling.")

    assert searched(client, "zwiling")["suggestion"] == "Zwilling"


@pytest.mark.parametrize(
    "nonsense", ["", " ", "%", "\0", "'", '"', "<script>alert(1)</script>", "😀", "x" * 500, "\\"]
)
def test_nonsense_gets_a_calm_page_and_is_never_echoed_as_markup(client, nonsense):
    answer = client.get(reverse("search"), {"q": nonsense})

    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_searching_costs_the_same_however_much_is_found(client, django_assert_num_queries):
    for number in range(3):
        ProjectFactory(name=f"Sensoren {number}")
    searched(client, "Sensoren")
    with django_assert_num_queries(2):  # whether documents and catalogue are still the same
        searched(client, "Sensoren")
    for number in range(20):
        ProjectFactory(name=f"Sensoren und {number}")
    searched(client, "Sensoren")
    with django_assert_num_queries(2):
        searched(client, "Sensoren")
