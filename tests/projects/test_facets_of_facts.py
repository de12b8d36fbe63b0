"""What the facets of solutions and projects are made of: the facts of the sheets, and nothing hidden."""

import pytest
from django.utils import timezone

from projects.catalogue import catalogue
from projects.models import Cost, Lesson, Reuse, Technology
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory
from tests.factories.communities import ExperienceFactory

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"


@pytest.fixture
def solution():
    town = MunicipalityFactory(population=6_000)
    return SolutionFactory(project=ProjectFactory(municipalities=[town]))


def facets(solution):
    return catalogue().solutions.by_slug[solution.slug].facets


def offered(section):
    return {facet.name: list(facet.choices) for facet in section.index.facets}


def test_of_an_empty_sheet_all_is_unknown_and_nothing_claimed(solution):
    assert facets(solution) == {
        "thema": [],
        "art": [solution.kind],
        "reife": [solution.maturity or "unbekannt"],
        "kosten": ["unbekannt"],
        "open_source": ["unbekannt"],
        "groesse": ("unter-10000",),
        "land": tuple(solution.project.laender),
        "technologie": [],
        "nachnutzung": [],
        "erfahrungen": [],
    }


def test_the_cost_class_follows_the_costs(solution):
    Cost.objects.create(
        solution=solution, purpose="Einrichtung", amount=14_900, period="einmalig", source=PAGE
    )
    assert facets(solution)["kosten"] == ["bis-50000"]


def test_whoever_reuses_it_makes_it_found_among_their_size(solution):
    city = MunicipalityFactory(population=240_000)
    Reuse.objects.create(solution=solution, name="behauptet", stated_by="anbietende")
    assert facets(solution)["nachnutzung"] == []

    Reuse.objects.create(solution=solution, name="Großstadt", municipality=city, source=PAGE)
    assert facets(solution)["nachnutzung"] == ["ja"]
    assert facets(solution)["groesse"] == ("unter-10000", "ab-100000")


def test_a_confirmed_reuse_counts_without_a_source(solution):
    Reuse.objects.create(
        solution=solution,
        name="Neustadt",
        stated_by="anbietende",
        confirmed_on=timezone.localdate(),
    )
    assert facets(solution)["nachnutzung"] == ["ja"]


def test_lessons_and_published_experiences_count_alike(solution):
    other = SolutionFactory()
    ExperienceFactory(solution=other, state="entwurf")
    assert facets(other)["erfahrungen"] == []

    ExperienceFactory(solution=other, state="oeffentlich")
    Lesson.objects.create(solution=solution, kind="stolperfalle", text="Zu spät.", source=PAGE)
    assert facets(other)["erfahrungen"] == ["ja"]
    assert facets(solution)["erfahrungen"] == ["ja"]
    project = catalogue().projects.by_slug[solution.project.slug]
    assert project.facets["erfahrungen"] == []
    Lesson.objects.create(
        project=solution.project, kind="stolperfalle", text="Zu spät.", source=PAGE
    )
    project = catalogue().projects.by_slug[solution.project.slug]
    assert project.facets["erfahrungen"] == ["ja"]


def test_a_technology_is_offered_once_two_public_solutions_have_it(solution):
    lorawan = Technology.objects.create(name="LoRaWAN", slug="lorawan")
    solution.technologies.add(lorawan)
    SolutionFactory(project__is_public=False).technologies.add(lorawan)
    assert "technologie" not in offered(catalogue().solutions)

    SolutionFactory().technologies.add(lorawan)
    assert offered(catalogue().solutions)["technologie"] == ["lorawan"]
    assert facets(solution)["technologie"] == ["lorawan"]


def test_a_project_whose_municipalities_no_list_knows_has_the_size_of_the_whole():
    town = MunicipalityFactory(population=None)
    known = ProjectFactory(municipalities=[town], population=54_000)
    unknown = ProjectFactory(municipalities=[town], population=None)

    projects = catalogue().projects.by_slug
    assert projects[known.slug].facets["groesse"] == ("50000-100000",)
    assert projects[unknown.slug].facets["groesse"] == ["unbekannt"]


def test_solutions_without_any_text_come_last():
    SolutionFactory(name="Anfang", description="", problem="")
    SolutionFactory(name="Mitte", description="", problem="Es fehlt etwas.")
    SolutionFactory(name="Schluss", description="Tut etwas.", problem="")

    solutions = catalogue().solutions
    in_order = [solutions.entries[number].name for number in solutions.orders["name"]]

    assert in_order == ["Mitte", "Schluss", "Anfang"]
