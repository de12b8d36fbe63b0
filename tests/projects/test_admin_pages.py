"""The pages of the catalogue: found, counted, quick whatever the number of rows."""

import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ground.land import Land
from projects.models import Municipality, Project, ProjectMunicipality, Solution
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def names(answer):
    return [row.name for row in answer.context["cl"].result_list]


def counts(answer, title):
    """The values of one filter as shown, with their counts."""
    (spec,) = [spec for spec in answer.context["cl"].filter_specs if str(spec.title) == title]
    return [str(choice["display"]) for choice in spec.choices(answer.context["cl"])][1:]


PROJECTS = "admin:projects_project_changelist"
MUNICIPALITIES = "admin:projects_municipality_changelist"


@pytest.mark.parametrize("q", ["Münster", "Muenster", "MÜNSTER", "muenst"])
def test_names_are_found_whatever_the_spelling(admin_client, q):
    MunicipalityFactory(name="Münster")
    MunicipalityFactory(name="Munster")
    assert names(admin_client.get(reverse(MUNICIPALITIES), {"q": q})) == ["Münster"]


@pytest.mark.parametrize("q", ["09100777", "099", "86919"])
def test_digits_are_keys_and_postcodes(admin_client, q):
    MunicipalityFactory(name="Andernorts", ags="08100777", ars="081000777777", postcode="70173")
    MunicipalityFactory(name="Hier", ags="09100777", ars="099000777777", postcode="86919")
    assert names(admin_client.get(reverse(MUNICIPALITIES), {"q": q})) == ["Hier"]


def test_a_project_is_found_by_its_municipalities_once(admin_client):
    towns = [MunicipalityFactory(name="Unterdießen"), MunicipalityFactory(name="Oberdießen")]
    ProjectFactory(name="Smart Region AUF", municipalities=towns)
    ProjectFactory(name="Woanders")
    answer = admin_client.get(reverse(PROJECTS), {"q": "diessen"})
    assert names(answer) == ["Smart Region AUF"]


def test_a_project_in_three_laender_counts_and_is_found_under_each(admin_client):
    ProjectFactory(name="Rhein-Neckar", laender=[Land.BW, Land.HE, Land.RP])
    ProjectFactory(name="Bamberg", laender=[Land.BY])
    answer = admin_client.get(reverse(PROJECTS), {"land": "HE"})
    assert names(answer) == ["Rhein-Neckar"]
    shown = counts(admin_client.get(reverse(PROJECTS)), "Land")
    assert "Hessen (1)" in shown
    assert "Rheinland-Pfalz (1)" in shown
    assert "Bremen (0)" in shown


def test_what_needs_checking_can_be_listed(admin_client):
    ProjectFactory(name="Offen", check_note="Quelle fehlt")
    ProjectFactory(name="Fertig", checked_on=date(2026, 5, 1))
    ProjectFactory(name="Unberührt")
    answer = admin_client.get(reverse(PROJECTS), {"zu-pruefen": "ja"})
    assert names(answer) == ["Offen"]
    assert counts(answer, "schon geprüft") == ["ja (0)", "nein (1)"]


def test_funded_municipalities_are_told_from_others(admin_client):
    funded = MunicipalityFactory(name="Jena")
    MunicipalityFactory(name="Nebenan")
    ProjectFactory(municipalities=[funded])
    answer = admin_client.get(reverse(MUNICIPALITIES), {"modellprojekt": "ja"})
    assert names(answer) == ["Jena"]
    assert counts(answer, "Modellprojekt") == ["beteiligt (1)", "nicht beteiligt (1)"]


def test_suggestions_begin_with_what_was_most_likely_meant(admin_client):
    kreis = MunicipalityFactory(kreis_level=True, name="Kreis Mitte")
    MunicipalityFactory(name="Neu-Jena", kreis=kreis, population=90_000)
    MunicipalityFactory(name="Jenalöbnitz", kreis=kreis, population=200)
    MunicipalityFactory(name="Jena", kreis=kreis, population=110_000)
    MunicipalityFactory(name="Jena", kreis=None, ended_on=date(1994, 7, 1), designation="Stadt")
    answer = admin_client.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "projects",
            "model_name": "projectmunicipality",
            "field_name": "municipality",
            "term": "jena",
        },
    )
    assert [row["text"] for row in answer.json()["results"]] == [
        "Jena (Gemeinde, BY, Kreis Mitte)",
        "Jenalöbnitz (Gemeinde, BY, Kreis Mitte)",
        "Neu-Jena (Gemeinde, BY, Kreis Mitte)",
        "Jena (Stadt, BY, aufgelöst)",
    ]


def test_what_the_official_list_says_is_only_shown(admin_client):
    listed, own = MunicipalityFactory(), MunicipalityFactory(unlisted=True)
    form = admin_client.get(reverse("admin:projects_municipality_change", args=[listed.pk]))
    assert list(form.context["adminform"].form.fields) == ["name"]
    form = admin_client.get(reverse("admin:projects_municipality_change", args=[own.pk]))
    assert "population" in form.context["adminform"].form.fields


def queries(client, address):
    client.get(address)  # what Django remembers for good, it remembers now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(number):
    """One project with `number` municipalities, solutions and sources, and `number` others."""
    kreis = MunicipalityFactory(kreis_level=True)
    towns = MunicipalityFactory.create_batch(number, kreis=kreis)
    project = ProjectFactory(municipalities=towns, themes=[ThemeFactory()])
    SolutionFactory.create_batch(number, project=project)
    SourceFactory.create_batch(number, project=project)
    ProjectFactory.create_batch(number)
    return project


@pytest.mark.parametrize(
    "page",
    [
        "project_changelist",
        "municipality_changelist",
        "solution_changelist",
        "theme_changelist",
        "project_change",
        "project_history",
        "autocomplete",
    ],
)
def test_a_page_costs_the_same_queries_with_a_hundred_times_the_rows(admin_client, page):
    project = fill(2)
    if page == "autocomplete":
        address = reverse("admin:autocomplete") + (
            "?app_label=projects&model_name=projectmunicipality&field_name=municipality&term=m"
        )
    elif page.endswith("changelist"):
        address = reverse(f"admin:projects_{page}") + "?q=e"
    else:
        address = reverse(f"admin:projects_{page}", args=[project.pk])
    before = queries(admin_client, address)
    towns = MunicipalityFactory.create_batch(200, kreis=project.municipalities.first().kreis)
    ProjectMunicipality.objects.bulk_create(
        ProjectMunicipality(project=project, municipality=town, position=position)
        for position, town in enumerate(towns, 10)
    )
    Solution.objects.bulk_create(
        Solution(project=project, slug=f"s-{n}", name=f"Lösung Nr. {n}", kind="app")
        for n in range(200)
    )
    ProjectFactory.create_batch(50)
    assert queries(admin_client, address) == before


def test_no_page_takes_a_second_with_all_municipalities(admin_client):
    Municipality.objects.bulk_create(
        MunicipalityFactory.build(name=f"Gemeinde {n}", land=Land.values[n % 16])
        for n in range(11_500)
    )
    towns = list(Municipality.objects.order_by("pk")[:730])
    projects = Project.objects.bulk_create(ProjectFactory.build_batch(730))
    ProjectMunicipality.objects.bulk_create(
        ProjectMunicipality(project=project, municipality=town)
        for project, town in zip(projects, towns, strict=True)
    )
    addresses = [
        reverse(MUNICIPALITIES),
        reverse(MUNICIPALITIES) + "?q=gemeinde+99&modellprojekt=nein",
        reverse(MUNICIPALITIES) + "?p=200",
        reverse(PROJECTS) + "?q=gemeinde",
        reverse("admin:projects_municipality_change", args=[towns[0].pk]),
        reverse("admin:projects_project_change", args=[projects[0].pk]),
        reverse("admin:autocomplete")
        + "?app_label=projects&model_name=projectmunicipality&field_name=municipality&term=9",
    ]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself once such rows are committed
    slow = {}
    for address in addresses:
        admin_client.get(address)
        start = time.perf_counter()
        assert admin_client.get(address).status_code == 200
        if (seconds := time.perf_counter() - start) > 1:
            slow[address] = seconds
    assert slow == {}
