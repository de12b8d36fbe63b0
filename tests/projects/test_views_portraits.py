import json
import re
from datetime import date

import pytest

from projects.models import ProjectMunicipality
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    SolutionFactory,
    SourceFactory,
    ThemeFactory,
)
from tests.pages import words
from tests.shipped import load_once


def json_ld(answer):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text)[1]
    return json.loads(found)


@pytest.fixture
def aue():
    themes = [ThemeFactory(name="Wasser & Klima", slug="wasser"), ThemeFactory(name="App")]
    lead = MunicipalityFactory(
        name="Zellstadt", population=12_345, population_on=date(2020, 12, 31), designation="Stadt"
    )
    project = ProjectFactory(
        name="Smarte Aue",
        title="Fluss <im> Blick",
        slug="smarte-aue",
        summary="Pegel messen.\n\nRechtzeitig warnen.",
        laender=["BY", "HE"],
        themes=themes,
        municipalities=[MunicipalityFactory(name="Aach"), lead],
        website="https://www.aue.example/start",
        contact_email="team@aue.example",
        latitude=48.4,
        longitude=10.0,
        check_note="Nur eine Startseite als Quelle.",
        checked_on=date(2023, 5, 4),
    )
    ProjectMunicipality.objects.filter(municipality=lead).update(is_lead=True)
    SolutionFactory(project=project, name="Pegelnetz", kind="sensorik", maturity="betrieb")
    SourceFactory(project=project, text="https://aue.example/bericht", checked_on=date(2023, 1, 2))
    SourceFactory(project=project, text="https://aue.example/ab…", is_truncated=True)
    return project


@pytest.mark.django_db
def test_a_portrait_says_what_is_known_and_what_is_not(client, aue):
    answer = client.get("/projekte/smarte-aue/")
    text = words(answer)

    for part in [
        "Modellprojekt · Staffel 2020 · Bayern, Hessen Smarte Aue Fluss <im> Blick",
        "Dieser Eintrag ist noch zu prüfen Nur eine Startseite als Quelle.",
        "Zuletzt geprüft am 4. Mai 2023. Manches kann sich inzwischen geändert haben.",
        "Pegel messen. Rechtzeitig warnen.",
        "Pegelnetz Sensorik in Betrieb noch ohne Beschreibung",
        "Zellstadt federführend Stadt, Bayern, 12.345 Einwohner (31.12.2020)",
        "Aach Gemeinde, Bayern, Einwohnerzahl nicht bekannt",
        "https://aue.example/bericht geprüft am 02.01.2023",
        "https://aue.example/ab…",
        "Noch nicht bekannt: Stand des Projekts, Förderzeitraum, Budget. Gehört das zu Ihrem Projekt?",
        "Website aue.example",
        "team@aue.example",
        "Geprüft am 04.05.2023",
    ]:
        assert part in text
    assert text.index("Zellstadt") < text.index("Aach")
    # What only the office can mend.
    assert "Adresse unvollständig" not in text
    assert 'href="https://aue.example/ab…"' not in answer.text
    assert 'href="/themen/wasser/"' in answer.text


@pytest.mark.django_db
def test_a_mistake_is_reported_by_a_form_that_knows_the_page(client, aue):
    address = re.search(r'href="(/fragen/fehler/[^"]+)"', client.get("/projekte/smarte-aue/").text)

    assert address[1] == "/fragen/fehler/?seite=/projekte/smarte-aue/"
    form = client.get(address[1]).context["form"]
    assert form["page"].value() == "/projekte/smarte-aue/"


@pytest.mark.django_db
def test_search_engines_read_the_facts_and_nothing_unknown(client, aue):
    data = json_ld(client.get("/projekte/smarte-aue/"))

    assert data == {
        "@context": "https://schema.org",
        "@type": "Project",
        "@id": "http://testserver/projekte/smarte-aue/",
        "name": "Smarte Aue",
        "alternateName": "Fluss <im> Blick",
        "description": "Pegel messen.\n\nRechtzeitig warnen.",
        "url": "https://www.aue.example/start",
        "areaServed": [
            {"@type": "AdministrativeArea", "name": "Zellstadt"},
            {"@type": "AdministrativeArea", "name": "Aach"},
            {"@type": "State", "name": "Bayern"},
            {"@type": "State", "name": "Hessen"},
        ],
        "keywords": ["App", "Wasser & Klima"],
        "location": {
            "@type": "Place",
            "geo": {"@type": "GeoCoordinates", "latitude": 48.4, "longitude": 10.0},
        },
    }


@pytest.mark.django_db
def test_no_text_can_leave_the_data_block(client):
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    project = ProjectFactory(slug="boese", summary=evil, title=evil)
    solution = SolutionFactory(project=project, slug="auch", description=evil)
    for row in (project, solution):
        row.refresh_from_db()  # the database keeps no line separator: an end of line
    for url, text in [
        ("/projekte/boese/", project.summary),
        ("/loesungen/auch/", solution.description),
    ]:
        answer = client.get(url)

        assert json_ld(answer)["description"] == text
        assert "<script>alert" not in answer.text


@pytest.mark.django_db
def test_neighbours_come_with_their_distance_and_the_similar_with_the_reason(client, aue):
    themes = list(aue.themes.all())
    ProjectFactory(name="Nah", slug="nah", latitude=48.5, longitude=10.0, themes=themes[:1])
    ProjectFactory(
        name="Fern", slug="fern", latitude=53.5, longitude=10.0, themes=themes,
        applicant_kind="landkreis",
    )  # fmt: skip
    ProjectFactory(name="Irgendwo", slug="irgendwo", applicant_kind="landkreis")
    text = words(client.get("/projekte/smarte-aue/"))

    assert "Nah 11 km Fern 567 km Ähnliche Modellprojekte" in text
    assert text.endswith("Ähnliche Modellprojekte Fern Gemeinsam: App, Wasser & Klima")


@pytest.mark.django_db
def test_a_portrait_with_nothing_known_says_so(client):
    ProjectFactory(slug="leer")
    answer = client.get("/projekte/leer/")
    text = words(answer)

    for part in [
        "Noch nicht bekannt: Zusammenfassung, Themen, beteiligte Kommunen, Stand des Projekts, "
        "Förderzeitraum, Budget, Website, Ansprechstelle. Gehört das zu Ihrem Projekt?",
        "Noch keine Maßnahme erfasst.",
        "Keine Quelle vermerkt.",
    ]:
        assert part in text
    assert text.lower().count("nicht bekannt") == 1
    assert "in der Nähe" not in text
    assert "None" not in text


@pytest.mark.django_db
def test_a_solution_leads_to_its_project_and_to_the_same_elsewhere(client, aue):
    SolutionFactory(name="Messnetz", kind="sensorik", project__name="Anderswo")
    SolutionFactory(name="Stadt-App", kind="app")
    solution = aue.solutions.get()
    answer = client.get(solution.get_absolute_url())
    text = words(answer)

    for part in [
        "Sensorik · Smarte Aue , Bayern, Hessen Pegelnetz",
        "Ähnliche Lösungen Messnetz Anderswo gleiche Art (Sensorik) Beide vergleichen",
        "2 Lösungen dieser Art",
        "Quellen des Modellprojekts https://aue.example/bericht",
        "Reife in Betrieb Größe der Kommune 10.000 bis 20.000 Einwohner",
        "Ansprechen team@aue.example",
        "Art Sensorik Modellprojekt Smarte Aue Land Bayern, Hessen",
    ]:
        assert part in text
    assert "Stadt-App" not in text
    assert json_ld(answer)["creator"]["name"] == "Smarte Aue"


@pytest.mark.django_db
def test_a_solution_with_sources_of_its_own_shows_those(client, aue):
    solution = aue.solutions.get()
    SourceFactory(project=aue, solution=solution, text="Amtsblatt vom 3. Mai 2022")
    text = words(client.get(solution.get_absolute_url()))

    assert "Quellen Amtsblatt vom 3. Mai 2022" in text
    assert "aue.example/bericht" not in text
    assert "Amtsblatt" not in words(client.get("/projekte/smarte-aue/"))


@pytest.mark.django_db
def test_open_code_is_linked_and_described_as_code(client):
    SolutionFactory(slug="hub", open_source="ja", repository="https://code.example/hub")
    answer = client.get("/loesungen/hub/")

    assert 'href="https://code.example/hub"' in answer.text
    assert json_ld(answer)["@type"] == "SoftwareSourceCode"
    assert json_ld(answer)["codeRepository"] == "https://code.example/hub"


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "cold"), [("/projekte/{}/", 13), ("/loesungen/{}-0/", 15)])
def test_a_portrait_costs_the_same_queries_however_much_there_is(
    client, path, cold, django_assert_num_queries
):
    for slug, number in (("klein", 1), ("gross", 12)):
        project = ProjectFactory(
            slug=slug,
            municipalities=MunicipalityFactory.create_batch(number),
            themes=ThemeFactory.create_batch(number),
        )
        for position in range(number):
            SolutionFactory(project=project, slug=f"{slug}-{position}")
            SourceFactory(project=project)
    client.get("/projekte/")
    client.get("/veranstaltungen/")
    for slug in ("klein", "gross"):
        with django_assert_num_queries(cold):
            client.get(path.format(slug))
        with django_assert_num_queries(1):
            client.get(path.format(slug))


@pytest.mark.django_db
def test_an_old_or_mistyped_address_leads_on(client):
    answer = client.get("/projekte/smarte-aue-alt/")

    assert answer.status_code == 404
    assert 'href="/projekte/?q=smarte%20aue%20alt"' in answer.text
    assert client.get("/loesungen/gibt-es-nicht/").status_code == 404


@pytest.mark.django_db
def test_every_real_portrait_can_be_read(client):
    load_once()
    pages = []
    for path in ("/projekte/", "/loesungen/"):
        number = 1
        while True:
            answer = client.get(path, {"seite": number})
            found = re.findall(r'card__link" href="([^"]+)"', answer.text)
            if found[0] in pages:
                break
            pages, number = pages + found, number + 1

    assert len(set(pages)) == 73 + 419
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200
        assert json_ld(answer)["@id"] == f"http://testserver{url}"
