"""What lies in the Ruhr is found by „Ruhrgebiet“, though no text says so."""

import csv
import gzip
from itertools import combinations

import pytest

from finding.search import find
from projects.gemeindeverzeichnis.shipped import SHIPPED
from projects.models import Solution
from projects.regions import REGIONS
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory


def test_every_region_is_made_of_places_of_the_official_list_each_once():
    lines = gzip.decompress(SHIPPED.read_bytes()).decode().splitlines()[1:]
    listed = {
        row["land"] + row["rb"] + row["kreis"] + row["vb"] + row["gem"]
        for row in csv.DictReader(lines, delimiter=";")
    }

    for region, keys in REGIONS.items():
        parts = keys.split()
        assert [key for key in parts if not any(ars.startswith(key) for ars in listed)] == [], (
            region
        )
        assert not any(
            one.startswith(other) or other.startswith(one) for one, other in combinations(parts, 2)
        ), region


@pytest.mark.django_db
def test_solutions_and_projects_are_found_by_the_region_they_lie_in_and_others_are_not():
    for slug, ars in (("im-revier", "059110000000"), ("im-westerwald", "071385004041")):
        project = ProjectFactory(slug=slug)
        project.participations.create(municipality=MunicipalityFactory(ars=ars))
        SolutionFactory(project=project, slug=slug, name="Lernwerkstatt")
    wanted = Solution.objects.get(slug="im-revier")

    found = find("Lernwerkstatt Ruhrgebiet", kinds=["project", "solution"]).ids

    assert (*found["project"], *found["solution"]) == (wanted.project_id, wanted.pk)
    # The forest of the name is none.
    assert list(find("Wald", kinds=["solution"]).ids["solution"]) == []
    assert len(find("Westerwald", kinds=["solution"]).ids["solution"]) == 1
