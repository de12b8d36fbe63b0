"""The fact sheet of a solution as a reader meets it: in order, with its sources, and no doubt hidden."""

import re

import pytest

from projects.models import BuildingBlock, Cost, Document, Lesson, Product, ReachedPhase, Reuse
from projects.wording import euros, first_sentence, partial_date
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, ThemeFactory
from tests.factories.communities import ExperienceFactory
from tests.pages import words

pytestmark = pytest.mark.django_db
PAGE = "https://example.org/bericht"


@pytest.fixture
def pegel():
    solution = SolutionFactory(
        name="Pegelnetz",
        slug="pegelnetz",
        kind="sensorik",
        problem="Das Wasser kam über Nacht. Niemand war gewarnt.",
        description="Messstellen melden den Stand.",
        how_it_works="Radar misst alle fünf Minuten.",
        maturity="betrieb",
        maturity_as_of="2024-09",
        open_source="ja",
        licence="MIT",
        unsure=["licence"],
        note="Die Lizenz nennt nur ein Vortrag.",
        project=ProjectFactory(
            name="Smarte Aue", contact_name="Amt für Wasser", contact_email="wasser@aue.example"
        ),
    )
    Cost.objects.create(
        solution=solution,
        purpose="Einrichtung",
        amount=14_900,
        period="einmalig",
        for_reusers=True,
        source=PAGE,
        is_certain=False,
        note="Ohne Datum.",
    )
    return solution


def test_it_is_read_in_the_order_in_which_one_decides(client, pegel):
    Reuse.objects.create(solution=pegel, name="Neustadt", source=PAGE)
    Lesson.objects.create(solution=pegel, kind="erfolgsfaktor", text="Früh fragen.", source=PAGE)
    Lesson.objects.create(solution=pegel, kind="stolperfalle", text="Zu spät.", source=PAGE)
    ExperienceFactory(
        solution=pegel, title="Strom fehlte", kind="stolperfalle", state="oeffentlich"
    )
    ExperienceFactory(solution=pegel, title="Geheimes", kind="stolperfalle", state="entwurf")
    ReachedPhase.objects.create(solution=pegel, phase="p3", evidence="Läuft.", source=PAGE)
    Document.objects.create(
        solution=pegel, kind="konzept", title="Feinkonzept", url="https://example.org/konzept"
    )
    text = words(client.get("/loesungen/pegelnetz/"))

    places = [
        "Reife in Betrieb Stand September 2024",
        "Kosten bis 50.000 Euro",
        "quelloffen MIT zu prüfen Die Lizenz nennt nur ein Vortrag.",
        "1 weitere Stelle nutzt sie",
        "Ansprechen Amt für Wasser wasser@aue.example",
        "Das Problem Das Wasser kam",
        "Die Lösung Messstellen",
        "So funktioniert es Radar",
        "P3 Pilot : Läuft.",
        "14.900 Euro einmalig, Preis für Nachnutzende: Einrichtung Quelle: example.org",
        "zu prüfen Ohne Datum.",
        "Übernommen haben sie: Neustadt",
        "Was gut lief Früh fragen.",
        "Was man vermeiden sollte Zu spät. Quelle: example.org Strom fehlte",
        "Unterlagen Feinkonzept",
    ]
    assert [place for place in places if place not in text] == []
    assert sorted(places, key=text.index) == places
    assert "Geheimes" not in text


def test_what_is_unknown_is_said_once_with_a_call_to_those_who_know(client):
    SolutionFactory(name="Leer", slug="leer")
    answer = client.get("/loesungen/leer/")
    text = words(answer)

    assert (
        "Noch nicht bekannt: Problem, Beschreibung, Funktionsweise, Reife, Kosten, ob quelloffen, "
        "Lizenz, Nachnutzung, Erfahrungen, Technik. Gehört das zu Ihrem Projekt?" in text
    )
    assert text.lower().count("nicht bekannt") == 1
    assert "zu prüfen" not in text


def test_only_what_is_in_doubt_carries_the_mark(client, pegel):
    pegel.unsure, pegel.note = [], "Bestätigt im Mai."
    pegel.save()
    Cost.objects.update(is_certain=True)
    text = words(client.get("/loesungen/pegelnetz/"))

    assert "zu prüfen" not in text
    assert "Anmerkung Bestätigt im Mai." in text


def test_a_claim_without_source_is_not_shown(client, pegel):
    Reuse.objects.create(solution=pegel, name="Behauptstadt", stated_by="anbietende")
    text = words(client.get("/loesungen/pegelnetz/"))

    assert "Behauptstadt" not in text
    assert "Übernommen" not in text


def test_what_one_source_says_of_many_is_said_once(client, pegel):
    for name in ("Aach", "Berg", "Calw"):
        Reuse.objects.create(solution=pegel, name=name, how="Nutzt es.", source=PAGE)
    Reuse.objects.create(solution=pegel, name="Daun", how="Anders.", source=PAGE)
    text = words(client.get("/loesungen/pegelnetz/"))

    assert "Aach, Berg, Calw Nutzt es." in text
    assert text.count("Nutzt es.") == 1
    assert "Daun Anders." in text


def test_a_product_used_by_many_has_one_page(client, pegel):
    baukasten = Product.objects.create(name="Baukasten", slug="baukasten", source=PAGE)
    other = SolutionFactory(name="Nachbau", project__name="Anderswo")
    hidden = SolutionFactory(name="Geheimbau", project__is_public=False)
    for one in (other, hidden):
        BuildingBlock.objects.create(solution=one, product=baukasten, text="Kern", source=PAGE)
    own_page = client.get("/produkte/baukasten/")
    assert "Lösungen, die darauf aufbauen 1 Nachbau Anderswo" in words(own_page)
    assert "Geheimbau" not in own_page.text

    pegel.product = baukasten
    pegel.save()
    moved = client.get("/produkte/baukasten/")
    assert (moved.status_code, moved["Location"]) == (301, "/loesungen/pegelnetz/")
    sheet = client.get("/loesungen/pegelnetz/")
    assert "Darauf bauen auf: Nachbau (Anderswo)" in words(sheet)
    assert "Geheimbau" not in sheet.text
    assert 'href="/loesungen/pegelnetz/"' in client.get(other.get_absolute_url()).text


def test_similar_solutions_come_with_their_reasons(client, pegel):
    water, app = ThemeFactory(name="Wasser"), ThemeFactory(name="App")
    pegel.themes.set([water, app])
    SolutionFactory(name="Messnetz", kind="sensorik", themes=[water])
    SolutionFactory(name="Flussapp", kind="app", themes=[water, app])
    SolutionFactory(name="Nur Wasser", kind="app", themes=[water])
    text = words(client.get("/loesungen/pegelnetz/"))

    assert "gleiche Art (Sensorik) · gleiche Themen (Wasser)" in text
    assert "gleiche Themen (App, Wasser)" in text
    assert "Nur Wasser" not in text


def test_a_sheet_costs_the_same_queries_for_one_fact_and_for_a_hundred(
    client, django_assert_num_queries
):
    product = Product.objects.create(name="Baukasten", slug="baukasten", source=PAGE)
    for slug, number in (("klein", 1), ("gross", 100)):
        solution = SolutionFactory(slug=slug)
        town = MunicipalityFactory()
        for i in range(number):
            of_it = {"solution": solution, "source": PAGE}
            Cost.objects.create(purpose=f"Teil {i}", amount=i, period="einmalig", **of_it)
            Lesson.objects.create(kind="stolperfalle", text=f"Satz {i}", **of_it)
            Reuse.objects.create(name=f"Ort {i}", municipality=None if i else town, **of_it)
            BuildingBlock.objects.create(text=f"Baustein {i}", product=product, **of_it)
            ExperienceFactory(solution=solution, state="oeffentlich")
    client.get("/loesungen/")
    for slug in ("klein", "gross"):
        with django_assert_num_queries(15):
            client.get(f"/loesungen/{slug}/")
        with django_assert_num_queries(1):
            client.get(f"/loesungen/{slug}/")


def test_a_project_tells_its_status_funding_end_and_whom_to_ask(client):
    project = ProjectFactory(
        slug="aue",
        status_text="Die Förderung läuft aus.",
        funding_from="2020-01",
        funding_to="2024-09",
        budget=15_000_000,
        federal_share=9_750_000,
        ended_on="2024-09",
        status_source=PAGE,
        status_is_certain=False,
        status_note="Zwei Quellen nennen verschiedene Summen.",
        contact_name="Stabsstelle",
        contact_url="https://aue.example/kontakt",
    )
    Lesson.objects.create(
        project=project, kind="erfolgsfaktor", text="Klein anfangen.", source=PAGE
    )
    Document.objects.create(
        project=project, kind="konzept", title="Strategie", url="https://example.org/strategie"
    )
    text = words(client.get("/projekte/aue/"))

    for part in [
        "Die Förderung läuft aus.",
        "Gefördert ab Januar 2020 bis September 2024 Abgeschlossen September 2024",
        "Budget 15.000.000 Euro Davon vom Bund 9.750.000 Euro",
        "zu prüfen Zwei Quellen nennen verschiedene Summen. Quelle: example.org",
        "Was gut lief Klein anfangen.",
        "Unterlagen Strategie",
        "Ansprechen Stabsstelle Kontaktseite",
    ]:
        assert part in text


def test_cards_say_what_one_chooses_by(client, pegel):
    Reuse.objects.create(solution=pegel, name="Neustadt", source=PAGE)
    SolutionFactory(name="Aal", slug="aal")
    text = words(client.get("/loesungen/"))

    assert (
        "Das Wasser kam über Nacht. Sensorik in Betrieb bis 50.000 Euro quelloffen "
        "1 weitere Stelle nutzt es" in text
    )
    assert "Niemand war gewarnt" not in text
    assert "App noch ohne Beschreibung" in text
    assert text.index("Pegelnetz") < text.index("Aal")


def test_a_filtered_list_has_a_title_of_its_own(client, pegel):
    def title(address, **headers):
        return re.search("<title>(.*?)</title>", client.get(address, headers=headers).text)[1]

    end = " – Modellprojekte Smart Cities"
    assert title("/loesungen/") == f"Lösungen{end}"
    chosen = "/loesungen/?art=sensorik&land=BY"
    assert title(chosen) == f"Lösungen: Sensorik, Bayern{end}"
    assert title(chosen, **{"HX-Request": "true"}) == f"Lösungen: Sensorik, Bayern{end}"


def test_long_facets_fold_after_seven_that_lead_anywhere(client):
    for number in range(12):
        SolutionFactory(themes=[ThemeFactory(name=f"Thema {number:02}", slug=f"t{number:02}")])
    ThemeFactory(name="Thema 00 leer", slug="t000")
    answer = client.get("/loesungen/")
    facet = re.search(r'<div id="facet-thema".*?</details></div>', answer.text, re.DOTALL)[0]
    first, rest = facet.split("<details")

    assert re.findall('value="(.*?)"', first) == [f"t{number:02}" for number in range(7)]
    assert re.findall('value="(.*?)"', rest) == ["t000", *(f"t{n:02}" for n in range(7, 12))]
    assert " open" not in rest.partition(">")[0]
    chosen = client.get("/loesungen/?thema=t11").text
    assert 'id="mehr-thema" open' in chosen


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Kurz.", "Kurz."),
        ("Erster Satz. Zweiter Satz.", "Erster Satz."),
        ("Es fehlt z. B. Wasser. Und Strom.", "Es fehlt z. B. Wasser."),
        ("Am 3. Mai kam Wasser. Dann nicht.", "Am 3. Mai kam Wasser."),
        ("Ohne Punkt\n\nNeuer Absatz.", "Ohne Punkt"),
        ("Wer hilft? Das Amt.", "Wer hilft?"),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_where_it_ends(text, sentence):
    assert first_sentence(text) == sentence


def test_dates_are_as_exact_as_they_are_known_and_sums_are_german():
    dates = [partial_date(text) for text in ("2025", "2025-09", "2025-09-18", "", "2025-02-30")]
    assert dates == ["2025", "September 2025", "18.09.2025", "", "2025-02-30"]
    assert [euros(sum_) for sum_ in (14_900, 2.5, 0)] == ["14.900 Euro", "2,50 Euro", "kostenlos"]
