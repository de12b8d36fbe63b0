"""What everybody sees of reuse: the list, its map, the counts, and nothing that nobody confirmed."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from projects.models import Product, Reuse
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db
LIST = "/nachnutzung/"


def words(answer) -> str:
    if answer.streaming:
        return answer.getvalue().decode()
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())


def names(answer) -> list[str]:
    return re.findall(r'class="card__link" href="[^"]*">([^<]*)<', answer.text)


def town(name: str, **values):
    place = {"latitude": 48.4, "longitude": 10.0, "population": 19_000}
    return MunicipalityFactory(name=name, **place | values)


def reuse(solution, name: str, **values) -> Reuse:
    values = {"stated_by": "nachnutzende", "confirmed_on": date(2026, 11, 12)} | values
    values.setdefault("municipality", town(name))
    return Reuse.objects.create(solution=solution, name=name, **values)


@pytest.fixture
def ulm():
    return ProjectFactory(name="Ulm", latitude=48.4, longitude=9.99)


@pytest.fixture
def pegel(ulm):
    return SolutionFactory(project=ulm, name="Pegelnetz", kind="sensorik")


@pytest.fixture
def planted(pegel) -> Reuse:
    """Confirmed by nobody, in no source: what editors of the project say alone."""
    return reuse(pegel, "Heimlichstadt", stated_by="anbietende", confirmed_on=None)


def test_the_list_says_who_what_from_whom_and_who_says_so(client, pegel):
    reuse(pegel, "Neustadt", how="Im Bauhof.", since="2025-09")
    reuse(
        pegel, "Altstadt", stated_by="quelle", confirmed_on=None, source="https://www.a.example/b"
    )

    answer = client.get(LIST)

    assert names(answer) == ["Altstadt: Pegelnetz", "Neustadt: Pegelnetz"]
    text = words(answer)
    assert "2 Übernahmen aus 1 Modellprojekt an 2 andere Stellen" in text
    assert "aus dem Modellprojekt Ulm" in text
    assert "seit September 2025" in text
    assert "Angabe der Kommune, bestätigt am 12.11.2026" in text
    assert "laut a.example" in text


def test_nobody_reads_what_nobody_confirmed(client, pegel, planted):
    reuse(pegel, "Neustadt")
    pages = [
        LIST,
        f"{LIST}?q=Heimlichstadt",
        pegel.get_absolute_url(),
        pegel.project.get_absolute_url(),
        planted.municipality.get_absolute_url(),
        "/",
        "/suche/?q=Heimlichstadt",
        "/api/v1/nachnutzungen/",
        "/api/v1/loesungen/",
        f"/api/v1/loesungen/{pegel.slug}/",
        "/api/v1/kommunen/",
        "/daten/nachnutzungen.json",
        "/daten/nachnutzungen.csv",
    ]

    for page in pages:
        answer = client.get(page, follow=True)
        assert answer.status_code == 200, page
        shown = re.sub(r'value="Heimlichstadt"|„Heimlichstadt“', "", words(answer) or answer.text)
        # The official list knows every Kommune by its name, but not what it uses.
        if page.startswith(("/suche/", "/kommunen/", "/nachnutzung/?q=")):
            assert "Pegelnetz" not in shown
        else:
            assert "Heimlichstadt" not in shown, page
    assert client.get(f"/api/v1/nachnutzungen/{planted.pk}/").status_code == 404
    assert client.get("/api/v1/nachnutzungen/").json()["count"] == 1


def test_nobody_reads_who_uses_what_is_not_public_yet(client):
    solution = SolutionFactory(name="Geheimnetz", project__is_public=False)
    hidden = [
        reuse(solution, "Verborgenstadt"),
        reuse(solution, "Vorhabenstadt", is_planned=True),
    ]
    pages = [
        LIST,
        f"{LIST}?q=Geheimnetz",
        "/",
        "/api/v1/kommunen/",
        "/daten/nachnutzungen.csv",
        *(row.municipality.get_absolute_url() for row in hidden),
    ]

    answers = [client.get(page) for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    shown = [words(answer) or answer.text for answer in answers]

    told = re.compile("Geheimnetz(?!“)|es vor")
    assert [page for page, text in zip(pages, shown, strict=True) if told.search(text)] == []
    assert client.get("/api/v1/nachnutzungen/").json()["count"] == 0
    assert client.get("/api/v1/kommunen/").json()["count"] == 0


def test_what_is_planned_is_told_as_such_and_counted_nowhere(client, pegel):
    planned = reuse(pegel, "Neustadt", is_planned=True, since="2027")

    text = words(client.get(pegel.get_absolute_url()))
    assert "Übernehmen möchten sie: Neustadt ab 2027" in text
    assert "weitere Stelle" not in text
    of_town = words(client.get(planned.municipality.get_absolute_url()))
    assert "Was Neustadt nachnutzen möchte Pegelnetz" in of_town
    assert "Was Neustadt nachnutzt" not in of_town
    listed = client.get(LIST)
    assert names(listed) == []
    assert "1 Kommune hat es vor." in words(listed)
    reuse(SolutionFactory(name="Andere"), "Altstadt")
    assert names(client.get("/loesungen/?nachnutzung=ja")) == ["Andere"]
    assert client.get("/api/v1/nachnutzungen/").json()["count"] == 1


def test_a_municipality_shows_what_it_uses_and_what_it_offers(client):
    here = town("Ulm an der Donau")
    own = SolutionFactory(project=ProjectFactory(municipalities=[here]), name="Eigene App")
    taken = SolutionFactory(name="Fremde App")
    reuse(taken, here.name, municipality=here)
    reuse(own, "Neustadt")

    text = words(client.get(here.get_absolute_url()))

    assert "Was Ulm an der Donau nachnutzt Fremde App" in text
    assert "Angabe der Kommune, bestätigt am 12.11.2026" in text
    assert "Was Ulm an der Donau anbietet" in text
    assert "Eigene App" in text
    assert "1 Nachnutzung" in text


def test_the_solution_tells_all_that_the_municipality_said(client, pegel):
    reuse(
        pegel, "Neustadt", cost_text="4.000 Euro", learned="Früh fragen.", contract_until="2027-12",
        project_note="Seither neu.",
    )  # fmt: skip

    answer = client.get(pegel.get_absolute_url())

    text = words(answer)
    for said in (
        "Kosten: 4.000 Euro", "Gelernt: Früh fragen.", "Vertrag bis Dezember 2027",
        "Das Projekt ergänzt: Seither neu.", "Angabe der Kommune, bestätigt am 12.11.2026",
    ):  # fmt: skip
        assert said in text
    form = reverse("projects:state_reuse", args=[pegel.slug])
    assert f'href="{form}?art=nutzt">Wir nutzen das auch</a>' in answer.text
    assert f'href="{form}?art=plant">Wir wollen das nutzen</a>' in answer.text
    assert 'value="plant" checked' in re.sub(
        r"\s+",
        " ",
        re.sub(r' (class|id|required)(="[^"]*")?', "", client.get(f"{form}?art=plant").text),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Altstadt: App", "Bergen: Pegelnetz", "Celle: Datenraum"]),
        ("?projekt=ulm", ["Bergen: Pegelnetz"]),
        ("?art=sensorik", ["Bergen: Pegelnetz"]),
        ("?land=NI", ["Celle: Datenraum"]),
        ("?groesse=unter-10000", ["Altstadt: App"]),
        ("?bestaetigt=ja", ["Altstadt: App", "Bergen: Pegelnetz"]),
        ("?q=pegel ulm", ["Bergen: Pegelnetz"]),
        ("?q=gibtesnicht", []),
        ("?sortierung=was", ["Altstadt: App", "Celle: Datenraum", "Bergen: Pegelnetz"]),
        ("?sortierung=bestaetigt", ["Bergen: Pegelnetz", "Altstadt: App", "Celle: Datenraum"]),
        ("?sortierung=seit", ["Altstadt: App", "Celle: Datenraum", "Bergen: Pegelnetz"]),
    ],
)
def test_the_list_is_filtered_and_sorted(client, pegel, query, expected):
    app = SolutionFactory(name="App", kind="app")
    product = Product.objects.create(name="Datenraum", slug="datenraum", source="Zeitung")
    small, north = town("Altstadt", population=900), town("Celle", land="NI", population=70_000)
    reuse(app, "Altstadt", municipality=small, since="2025-09", confirmed_on=date(2026, 1, 2))
    reuse(pegel, "Bergen")
    Reuse.objects.create(
        product=product, name="Celle", municipality=north, source="Zeitung", since="2024"
    )

    answer = client.get(LIST + query, HTTP_HX_REQUEST="true" if "q=" in query else "")
    assert names(client.get(LIST + query, follow=True)) == expected
    assert answer.status_code in (200, 302)


def test_the_map_draws_the_ways_and_is_quiet_where_a_place_is_not_known(client, ulm, pegel):
    far = town("Kiel", latitude=54.3, longitude=10.1)
    reuse(pegel, "Kiel", municipality=far)
    reuse(SolutionFactory(project=ulm), "Kiel", municipality=far)
    reuse(pegel, "Nirgendwo", municipality=town("Nirgendwo", latitude=None, longitude=None))

    answer = client.get(LIST)

    lines = re.search(r'<g class="map__transfers" aria-hidden="true">(.*?)</g>', answer.text)[1]
    assert lines.count("<path") == 1
    assert lines.count("<circle") == 1
    assert 'class="map__point" href="/kommunen/' in answer.text
    assert "Kiel: 2 Nachnutzungen" in answer.text
    assert "1 Treffer ohne Ortsangabe" in answer.text
    nothing = client.get(f"{LIST}?q=Nirgendwo")
    assert "map__transfers" not in nothing.text


def test_the_start_page_counts_what_went_from_one_to_another(client, pegel, planted):
    product = Product.objects.create(name="Datenraum", slug="datenraum", source="Zeitung")
    Reuse.objects.create(product=product, name="Celle", source="Zeitung")
    sentence = (
        "Eine weitere Nachnutzung betrifft ein Produkt, das nicht aus einem Modellprojekt stammt."
    )
    assert sentence in words(client.get(LIST))
    reuse(pegel, "Neustadt")
    reuse(pegel, "Altstadt", is_planned=True)

    answer = client.get("/")

    assert re.search(
        r'Übernahmen durch andere</dt><dd><a href="/nachnutzung/">1</a></dd>', answer.text
    )


def test_the_list_costs_the_same_for_few_and_for_many(client, pegel, django_assert_num_queries):
    for number in (2, 60):
        for one in range(number):
            reuse(pegel, f"Ort {number}-{one}")
        client.get("/projekte/")
        with django_assert_num_queries(3):  # the version, and the reuses once for it
            client.get(LIST)
        with django_assert_num_queries(1):
            client.get(f"{LIST}?sortierung=was&seite=2")
