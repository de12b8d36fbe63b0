import re
import threading
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from finding import conditional
from finding.models import Synonyms
from finding.search import ENOUGH
from projects import catalogue
from projects.models import CallYear, Cost, Project, Solution
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, ThemeFactory
from tests.shipped import load_once

HTMX = {"HX-Request": "true"}
LISTS = ["/projekte/", "/loesungen/"]


def heading(answer):
    found = re.search(r'<h2[^>]* id="treffer-titel"[^>]*>(.*?)</h2>', answer.text)[1]
    return " ".join(re.sub("<[^>]+>", "", found).split())


def names(answer):
    return [
        unescape(name) for name in re.findall(r'card__link" href="[^"]+">([^<]+)<', answer.text)
    ]


def links(answer):
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', answer.text)]


# What it must show -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_network_is_shown_as_it_is(client):
    load_once()
    shown = {
        query: heading(client.get(f"/projekte/{query}"))
        for query in ["", "?staffel=2019", "?staffel=2020", "?staffel=2021", "?land=HB"]
    }

    assert shown == {
        "": "73 Modellprojekte",
        "?staffel=2019": "13 Modellprojekte von 73",
        "?staffel=2020": "32 Modellprojekte von 73",
        "?staffel=2021": "28 Modellprojekte von 73",
        "?land=HB": "0 Modellprojekte von 73",
    }
    assert heading(client.get("/loesungen/")) == "419 Lösungen"


@pytest.mark.django_db
@pytest.mark.parametrize("land", ["BW", "HE", "RP"])
def test_a_project_in_three_laender_is_found_under_each(client, land):
    load_once()

    assert "Verband Region Rhein-Neckar" in names(client.get(f"/projekte/?land={land}"))


@pytest.mark.django_db
def test_a_land_without_hits_is_shown_but_leads_nowhere(client):
    ProjectFactory(laender=["BY"])
    answer = client.get("/projekte/")

    assert 'name="land" value="HB" disabled' in answer.text
    assert "<title>Bremen: 0 Modellprojekte</title>" in answer.text
    assert not [link for link in links(answer) if "land=HB" in link]
    assert [link for link in links(answer) if "land=BY" in link]


@pytest.mark.django_db
def test_list_and_map_show_the_same_projects(client):
    load_once()
    answer = client.get("/projekte/", {"land": "SN"})
    on_map = re.findall(r'map__point" href="([^"]+)"', answer.text)

    assert len(on_map) > 3
    assert sorted(on_map) == sorted(re.findall(r'card__link" href="([^"]+)"', answer.text))


# Choosing, sorting, paging ---------------------------------------------------------------------


@pytest.mark.django_db
def test_every_choice_can_be_taken_back_one_by_one_or_all_together(client):
    ProjectFactory()
    answer = client.get("/projekte/?land=BY&land=BW&staffel=2020&q=Haus&seite=2")
    active = re.search(r'<ul class="active-filters".*?</ul>', answer.text, re.DOTALL)[0]

    assert [unescape(link) for link in re.findall(r' href="([^"]+)"', active)] == [
        "/projekte/?land=BW&land=BY&staffel=2020",
        "/projekte/?q=Haus&land=BY&staffel=2020",
        "/projekte/?q=Haus&land=BW&staffel=2020",
        "/projekte/?q=Haus&land=BW&land=BY",
        "/projekte/",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sorting", "expected"),
    [
        ("name", ["Ähren", "Berg", "Zell"]),
        ("staffel", ["Zell", "Ähren", "Berg"]),
        ("einwohner", ["Berg", "Ähren", "Zell"]),
        ("massnahmen", ["Zell", "Ähren", "Berg"]),
        ("unsinn", ["Ähren", "Berg", "Zell"]),
        ("relevanz", ["Ähren", "Berg", "Zell"]),
    ],
)
def test_projects_are_sorted_as_asked_and_by_name_among_equals(client, sorting, expected):
    zell = ProjectFactory(name="Zell", call_year=CallYear.Y2019)
    ProjectFactory(name="Berg", slug="berg", population=9_000)
    ProjectFactory(name="Ähren", slug="aehren", population=8_000)
    SolutionFactory(project=zell)

    assert names(client.get("/projekte/", {"sortierung": sorting})) == expected


@pytest.mark.django_db
def test_solutions_are_sorted_by_use_and_by_project(client):
    far, near = ProjectFactory(name="Zell"), ProjectFactory(name="Aach")
    SolutionFactory(name="Eins", project=far, maturity="betrieb")
    SolutionFactory(name="Zwei", project=near, maturity="")
    SolutionFactory(name="Drei", project=near, maturity="geplant")

    assert names(client.get("/loesungen/?sortierung=reife")) == ["Eins", "Drei", "Zwei"]
    assert names(client.get("/loesungen/?sortierung=projekt")) == ["Drei", "Zwei", "Eins"]


@pytest.mark.django_db
def test_those_of_which_most_is_known_can_stand_first(client):
    SolutionFactory(name="Nichts")
    priced = SolutionFactory(name="Preis", problem="Stau")
    Cost.objects.create(
        solution=priced, purpose="Betrieb", amount=0, period="je-jahr", source="Vermerk"
    )
    SolutionFactory(name="Lizenz", problem="Stau", licence="MIT", open_source="ja")

    answer = client.get("/loesungen/?sortierung=auskunft")

    assert names(answer) == ["Lizenz", "Preis", "Nichts"]
    assert "Kosten, Lizenz und mehr bekannt" in answer.text


@pytest.mark.django_db
def test_pages_hold_24_and_a_page_beyond_the_end_is_the_last(client):
    ProjectFactory.create_batch(50)
    pages = [names(client.get(f"/projekte/?seite={number}")) for number in (1, 2, 3)]

    assert [len(page) for page in pages] == [24, 24, 2]
    assert len({name for page in pages for name in page}) == 50
    assert names(client.get("/projekte/?seite=99999")) == pages[2]
    assert names(client.get("/projekte/?seite=abc")) == pages[0]


@pytest.mark.django_db
def test_the_page_names_its_shortest_address(client):
    ProjectFactory(laender=["BY", "BW"])
    answer = client.get("/projekte/?staffel=2020&land=BY&land=BW&land=BY&sortierung=name&x=1")

    assert "http://testserver/projekte/?land=BW&land=BY&staffel=2020" in links(answer)


@pytest.mark.django_db
def test_the_empty_fields_of_a_form_do_not_stay_in_the_address(client):
    ProjectFactory()
    answer = client.get("/projekte/?q=&sortierung=&staffel=2020")

    assert (answer.status_code, answer["Location"]) == (302, "/projekte/?staffel=2020")
    assert client.get("/projekte/?q=&land=", follow=True).redirect_chain == [("/projekte/", 302)]


@pytest.mark.django_db
def test_unknown_values_are_named_and_otherwise_ignored(client):
    ProjectFactory()
    answer = client.get("/projekte/?staffel=1999&staffel=2020&aeg=zwillinge&farbe=rot")

    assert heading(answer) == "1 Modellprojekt von 1"
    assert "Unbekannt und deshalb nicht berücksichtigt: Staffel: 1999." in answer.text
    assert "zwillinge" not in answer.text.partition("<main")[2]


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 500,
        "q=" + "wort " * 100,
        "q=%22'%25_%5C",
        "q=a%00b",
        "q=%00",
        "q=%F0%9F%8F%99%EF%B8%8F",
        "q=%FF%FE",
        "q=(((%26|!*:",
        "q=<script>alert(1)</script>",
        "q=%3Cb%3E&q=zwei",
        "seite=abc",
        "seite=-1",
        "seite=0",
        "seite=99999",
        "seite=" + "9" * 400,
        "seite=%C2%B2",
        "land=%00&land=<b>&thema=" + "y" * 3000,
        "land=BY&land=BY&land=by&sortierung=a&sortierung=b",
        "&&&=&a",
    ],
)
def test_whatever_stands_in_the_address_the_page_stays_calm(client, path, query):
    SolutionFactory()
    for headers in ({}, HTMX):
        answer = client.get(f"{path}?{iri_to_uri(query)}", headers=headers, follow=True)

        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<b>" not in answer.text.partition("<main")[2]


@pytest.mark.django_db
def test_a_search_that_is_too_long_says_what_was_searched(client):
    ProjectFactory()
    answer = client.get("/projekte/", {"q": "Hochwasser " * 50})

    assert "Gesucht wurde nach den ersten 200 Zeichen." in answer.text


@pytest.mark.django_db
def test_a_search_marks_what_it_found_and_puts_the_best_first(client):
    theme = ThemeFactory()
    found = ProjectFactory(
        name="Auental", summary="Pegel warnen vor Hochwasser, bevor es da ist.", themes=[theme]
    )
    SolutionFactory(project=found, name="Warnung vor Hochwasser")
    ProjectFactory(name="Trockenberg", summary="Hier geht es um Schulen.")
    answer = client.get("/projekte/?q=Hochwasser")

    assert heading(answer) == "1 Modellprojekt von 2"
    assert "<mark>Hochwasser</mark>, bevor es da ist" in answer.text
    assert "Warnung vor <mark>Hochwasser</mark>" in answer.text
    assert '<option value="" selected>Beste Treffer zuerst</option>' in answer.text


@pytest.mark.django_db
def test_inside_of_a_filter_a_list_is_searched_more_widely_with_the_best_first(client):
    Synonyms.objects.create(words="Bürgerbus", narrower="Mitfahrbank")
    far, near = ProjectFactory(laender=["BY"]), ProjectFactory(laender=["HE"])
    for number in range(ENOUGH):
        SolutionFactory(name=f"Mitfahrbank {number}", project=far)
    bus, bank = (SolutionFactory(name=name, project=near) for name in ("Bürgerbus", "Mitfahrbank"))

    everywhere = client.get("/loesungen/?q=Mitfahrbank")
    inside = client.get("/loesungen/?q=Mitfahrbank&land=HE")

    assert heading(everywhere) == f"{ENOUGH + 1} Lösungen von {ENOUGH + 2}"
    assert heading(inside) == f"2 Lösungen von {ENOUGH + 2}"
    places = [inside.text.index(f'href="{one.get_absolute_url()}') for one in (bank, bus)]
    assert places == sorted(places)


@pytest.mark.django_db
def test_where_nothing_is_found_the_page_says_which_filter_to_drop(client):
    ProjectFactory.create_batch(2, laender=["BY"], call_year=2020)
    ProjectFactory(laender=["HE"], call_year=2019)
    answer = client.get("/projekte/?land=HE&staffel=2020")
    ways = re.findall(r'<li><a class="kern-link" href="([^"]+)"[^>]*>(Ohne[^<]+)', answer.text)

    assert heading(answer) == "0 Modellprojekte von 3"
    assert ways == [
        ("/projekte/?staffel=2020", "Ohne den Filter „Land“: 2 Modellprojekte"),
        ("/projekte/?land=HE", "Ohne den Filter „Staffel“: 1 Modellprojekt"),
    ]
    for url, label in ways:
        hits = heading(client.get(url)).removesuffix(" von 3")
        assert label.endswith(f": {hits}")


@pytest.mark.django_db
def test_an_empty_catalogue_has_a_page_too(client):
    assert heading(client.get("/projekte/")) == "0 Modellprojekte"
    assert heading(client.get("/loesungen/?art=app")) == "0 Lösungen"


# What must not leak ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_project_that_is_not_public_leaves_no_trace(client):
    theme = ThemeFactory()
    place = {"latitude": 48.4, "longitude": 10.0, "laender": ["BY"], "themes": [theme]}
    shown = ProjectFactory(name="Sichtbar", **place)
    hidden = ProjectFactory(
        name="Geheimdorf", is_public=False, summary="Geheimdorf plant etwas.", **place
    )
    SolutionFactory(project=shown, name="Offene App", slug="offen")
    SolutionFactory(project=hidden, name="Geheimapp", slug="geheimapp", themes=[theme])
    pages = [
        "/projekte/",
        "/projekte/?q=Geheimdorf",
        "/projekte/?land=BY&staffel=2020",
        "/loesungen/",
        "/loesungen/?q=Geheimapp",
        shown.get_absolute_url(),
        "/loesungen/offen/",
    ]
    for url in pages:
        for headers in ({}, HTMX):
            # What was typed comes back as it was typed, and nothing else of it.
            text = re.sub("(q|frage)=Geheim(dorf|app)", "", client.get(url, headers=headers).text)
            text = re.sub('„Geheim(dorf|app)“|value="Geheim(dorf|app)"', "", text)
            assert "Geheim" not in text
    assert heading(client.get("/projekte/")) == "1 Modellprojekt"
    assert "Bayern: 1 Modellprojekt<" in client.get("/projekte/").text
    assert heading(client.get("/loesungen/")) == "1 Lösung"
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get("/loesungen/geheimapp/").status_code == 404

    Project.objects.filter(pk=hidden.pk).update(is_public=True)
    assert heading(client.get("/projekte/")) == "2 Modellprojekte"


# Fragments, caching, cost ----------------------------------------------------------------------


@pytest.mark.django_db
def test_htmx_gets_the_same_hits_without_the_frame_and_the_clean_address(client):
    ProjectFactory(name="Auental", slug="auental")
    whole = client.get("/projekte/?staffel=2020")
    part = client.get("/projekte/?q=&staffel=2020&sortierung=", headers=HTMX)

    assert part["HX-Push-Url"] == "/projekte/?staffel=2020"
    assert part["Vary"] == whole["Vary"] == "HX-Request, Accept-Encoding"
    assert "<header" not in part.text
    assert names(part) == names(whole) == ["Auental"]
    assert '<p id="meldung" data-hx-swap-oob="innerHTML">1 Modellprojekt gefunden</p>' in part.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*LISTS, "/projekte/ulm/", "/loesungen/app/"])
def test_an_unchanged_page_is_not_made_again(client, path, django_assert_num_queries):
    ulm = ProjectFactory(slug="ulm")
    SolutionFactory(project=ulm, slug="app")
    first = client.get(path)
    tag = first["ETag"]
    with django_assert_num_queries(1):
        again = client.get(path, headers={"If-None-Match": tag})
    Project.objects.update(summary="Etwas Neues.")
    changed = client.get(path, headers={"If-None-Match": tag})

    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert "HX-Request" in again.get("Vary", "") or path not in LISTS
    assert changed.status_code == 200
    assert changed["ETag"] != tag


@pytest.mark.django_db
def test_each_address_and_each_form_of_the_page_has_its_own_etag(client):
    ProjectFactory()
    tags = {
        client.get("/projekte/")["ETag"],
        client.get("/projekte/", headers=HTMX)["ETag"],
        client.get("/projekte/?land=BY")["ETag"],
        client.get("/loesungen/")["ETag"],
    }

    assert len(tags) == 4


@pytest.mark.django_db
def test_whatever_a_page_is_made_of_gives_it_another_etag(
    client, settings, monkeypatch, time_machine
):
    ProjectFactory()
    operator = settings.OPERATOR | {"name": "Andere Stelle"}
    changes = {
        "packed": lambda: client.defaults.update(HTTP_ACCEPT_ENCODING="gzip"),
        # Each page names who runs the portal, and its own address.
        "operator": lambda: setattr(settings, "OPERATOR", operator),
        "address": lambda: setattr(settings, "SITE_URL", "https://anders.example"),
        "code": lambda: monkeypatch.setattr(conditional, "revision", lambda: "neu"),
        # „heute“ and what is over are other ones tomorrow.
        "day": lambda: time_machine.move_to(timezone.now() + timedelta(days=1)),
    }

    def tag() -> str:
        # That it is weak says nothing to who asks whether it has changed.
        return client.get("/projekte/")["ETag"].removeprefix("W/")

    tags = [tag()]
    for change in changes.values():
        change()
        tags.append(tag())

    assert len(set(tags)) == 1 + len(changes)


@pytest.mark.django_db
def test_a_search_is_always_answered_anew(client):
    ProjectFactory()

    assert "ETag" not in client.get("/projekte/?q=Haus")


@pytest.mark.django_db
def test_who_carries_a_session_gets_a_fresh_page_and_nobody_gets_theirs(client, django_user_model):
    ProjectFactory(slug="ulm")
    person = django_user_model.objects.create_user("erika@example.org", name="Erika Mustermann")
    client.force_login(person)
    for path in ("/projekte/", "/projekte/ulm/"):
        signed_in, stranger = client.get(path), Client().get(path)

        assert "ETag" not in signed_in
        assert "Cookie" not in stranger["Vary"]
        assert "Erika" not in stranger.text
        assert "erika@" not in stranger.text


def many_projects(number):
    """As the network's, but without names for places: what counts here is how many."""
    themes = [ThemeFactory() for _ in range(5)]
    projects = Project.objects.bulk_create(
        Project(
            name=f"Nummer {i}",
            slug=f"nummer-{i}",
            call_year=2019 + i % 3,
            applicant_kind="kleinstadt",
            laender=["BY"] if i % 2 else ["HE", "RP"],
            latitude=48 + i % 50 / 10,
            longitude=8 + i % 40 / 10,
        )
        for i in range(number)
    )
    Project.themes.through.objects.bulk_create(
        Project.themes.through(project=project, theme=themes[project.pk % 5])
        for project in projects
    )
    Solution.objects.bulk_create(
        Solution(project=project, name="App", slug=f"app-{project.pk}", kind="app")
        for project in projects
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_queries_for_73_and_for_7300(
    client, path, django_assert_num_queries, monkeypatch
):
    for number in (73, 7300):
        Project.objects.all().delete()
        many_projects(number)
        monkeypatch.setattr(catalogue, "_latest", None)
        with django_assert_num_queries(10):  # the version, and what is then kept in memory
            client.get(path)
        for query in ("", "?land=BY", "?land=HE&staffel=2020&sortierung=name&seite=3"):
            with django_assert_num_queries(1):
                answer = client.get(path + query)
        assert answer.status_code == 200


@pytest.mark.django_db
def test_thousands_of_hits_are_counted_by_land_on_the_map_and_few_are_points(client):
    many_projects(400)
    whole = client.get("/projekte/")
    few = client.get("/projekte/?land=BY")

    assert "map__point" not in whole.text
    assert re.findall(r'dy="\.36em">(\d+)<', whole.text) == ["200", "200", "200"]
    assert few.text.count("map__point") == 200
    assert "map__bubble" not in few.text


@pytest.mark.django_db
def test_a_project_without_coordinates_is_missing_on_the_map_only_and_the_page_says_so(client):
    ProjectFactory(name="Ohne Ort")
    answer = client.get("/projekte/")

    assert names(answer) == ["Ohne Ort"]
    assert "1 Treffer ohne Ortsangabe stehen nur in der Liste." in answer.text


@pytest.mark.django_db
def test_solutions_that_share_a_place_are_all_on_the_map(client):
    SolutionFactory.create_batch(3, project=ProjectFactory(latitude=48.4, longitude=10.0))
    assert "ohne Ortsangabe" not in client.get("/loesungen/").text

    SolutionFactory.create_batch(2, project=ProjectFactory())
    answer = client.get("/loesungen/")
    assert "2 Treffer ohne Ortsangabe stehen nur in der Liste." in answer.text


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_build_the_catalogue_once(monkeypatch):
    ProjectFactory(name="Ulm")
    built, together = [], threading.Barrier(6)
    original = catalogue.build

    def build(version):
        built.append(version)
        return original(version)

    monkeypatch.setattr(catalogue, "build", build)
    monkeypatch.setattr(catalogue, "_latest", None)
    headings = []

    def visit():
        together.wait(10)
        headings.append(heading(Client().get("/projekte/")))
        connection.close()

    threads = [threading.Thread(target=visit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert headings == ["1 Modellprojekt"] * 6
    assert len(built) == 1


@pytest.mark.django_db
def test_a_change_shows_at_once_even_in_a_theme_or_a_municipality(client):
    theme = ThemeFactory(name="Alt", slug="alt")
    project = ProjectFactory(slug="ulm", themes=[theme], municipalities=[MunicipalityFactory()])
    client.get("/projekte/")
    client.get("/projekte/ulm/")
    theme.name = "Neu"
    theme.save()
    project.municipalities.update(name="Neudorf")

    assert "<li>Neu</li>" in client.get("/projekte/").text
    assert "Neudorf" in client.get("/projekte/ulm/").text
