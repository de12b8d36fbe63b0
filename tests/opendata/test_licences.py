"""Whoever takes a list along reads the same licence and the same source, wherever they look."""

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import feedparser
import pytest
from openpyxl import load_workbook
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from opendata import snapshot
from opendata.dcat import DCATDE
from opendata.licence import (
    LICENCES,
    OFFICIAL_BESIDE,
    OFFICIAL_SOURCE,
    Terms,
    mixed_terms,
    own_terms,
)
from opendata.lists import LISTS
from opendata.snapshot.tables import TABLES
from opendata.urls import urlpatterns
from projects.models import Municipality
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, ThemeFactory
from tests.factories.communities import ResultFactory
from tests.factories.events import EventFactory
from tests.opendata.test_personal_fields import paths_told
from tests.shipped import load_network

pytestmark = pytest.mark.django_db

OWN = "Modellprojekte Smart Cities, http://testserver"
OFFICIAL_URL = "http://testserver/daten/#amtliche-angaben"
# Lists that name Kommunen beside what the portal itself says.
MIXED = ("projekte", "loesungen")
# Told by method or by row, where no path tells that it is of the official list.
OF_KOMMUNEN = {"all_participations", "project.all_participations"}

Told = tuple[str, str]


def json_file(client, name: str) -> Told:
    told = json.loads(client.get(f"/daten/{name}.json").getvalue())
    return told["licence"], told["attribution"]


def interface(client, name: str) -> Told:
    told = client.get(f"/api/v1/{name}/").json()
    assert client.get("/api/v1/").json()["licences"][name] == told["licence"]
    return told["licence"], told["attribution"]


def description(client, name: str) -> Told:
    operation = client.get("/api/v1/schema").json()["paths"][f"/api/v1/{name}/"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert {"licence", "attribution"} <= set(schema["required"])
    words = [schema["properties"][key]["description"] for key in ("licence", "attribution")]
    assert words[1].startswith("Quelle: ")
    return words[0].rpartition(", ")[2], words[1].partition(": ")[2]


def search_engines(client, name: str) -> Told:
    (script,) = re.findall(r'ld\+json">(.+?)</script>', client.get("/daten/").text, re.DOTALL)
    (found,) = [one for one in json.loads(script)["dataset"] if one["@id"].endswith(f"#{name}")]
    return found["license"], found["creditText"]


def page(client, name: str) -> Told:
    part = unescape(client.get("/daten/").text).partition(f'<h3 id="{name}">')[2].partition("<h")[0]
    url, source = re.findall(r'href="([^"]+)" rel="license".+?Quelle: „(.+?)“\.', part)[0]
    return url, source


def feed(client, name: str) -> Told:
    told = feedparser.parse(client.get(f"/daten/{name}.atom").content).feed
    (url,) = [link.href for link in told.links if link.rel == "license"]
    words, _, source = told.rights.partition(". Quelle: ")
    assert words.endswith(f", {url}")
    return url, source.removesuffix(".")


def catalogue(client, name: str) -> Told:
    """In every distribution; DCAT-AP.de has addresses of its own for licences.

    It tells only what has to be named.
    """
    told = Graph().parse(data=client.get("/daten/katalog.ttl").content, format="turtle")
    found = {
        (
            str(told.value(one, DCTERMS.license)),
            str(told.value(one, DCATDE.licenseAttributionByText, default="")),
        )
        for one in told.objects(URIRef(f"http://testserver/daten/#{name}"), DCAT.distribution)
    }
    ((dcat, binding),) = found
    urls = {licence.dcat: licence.url for licence in LICENCES.values()}
    return urls.get(dcat, OFFICIAL_URL if dcat.endswith("/other-open") else dcat), binding


WAYS: list[Callable[..., Told]] = [
    json_file, interface, description, search_engines, page, feed,
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.OPEN_DATA_FOLDER = tmp_path / "offene-daten"


@pytest.mark.parametrize("chosen", LICENCES)
def test_every_way_of_telling_a_list_names_the_same_licence_and_source(chosen, client, settings):
    settings.OPEN_DATA_LICENCE = chosen
    chosen_url = LICENCES[chosen].url
    for name, of in LISTS.items():
        ways = [way for way in WAYS if way is not feed or of.has_feed]
        told = {way.__name__: way(client, name) for way in ways}
        terms = (of.terms().licence.url, of.terms().attribution)
        of_destatis = {"kommunen", *(MIXED if "zero" in chosen else ())}

        assert told == dict.fromkeys(told, terms), name
        assert terms[0] == (OFFICIAL_URL if name in of_destatis else chosen_url)
        assert OWN in terms[1]
        assert catalogue(client, name) == (terms[0], of.terms().binding), name


@pytest.mark.parametrize("chosen", LICENCES)
def test_what_gives_out_every_list_names_the_licence_of_the_strictest(chosen, client, settings):
    settings.OPEN_DATA_LICENCE = chosen
    url = OFFICIAL_URL if "zero" in chosen else LICENCES[chosen].url
    dcat = "other-open" if "zero" in chosen else LICENCES[chosen].dcat.partition("licenses/")[2]
    told = Graph().parse(data=client.get("/daten/katalog.ttl").content, format="turtle")
    service = told.value(None, RDF.type, DCAT.DataService)

    assert str(told.value(service, DCTERMS.license)).endswith(f"/licenses/{dcat}")
    assert client.get("/api/v1/").json()["licence"] == url
    assert client.get("/api/v1/schema").json()["info"]["license"]["url"] == url


@pytest.mark.parametrize("chosen", LICENCES)
def test_nothing_of_which_a_source_has_to_be_named_is_given_away_under_a_zero_licence(
    chosen, settings
):
    settings.OPEN_DATA_LICENCE = chosen
    for of in (*LISTS.values(), *TABLES):
        terms = of.terms()

        assert bool(terms.binding) is terms.licence.asks_for_source, of.name


@pytest.mark.parametrize("chosen", LICENCES)
def test_what_has_to_be_named_is_what_licence_and_destatis_ask_for(chosen, client, settings):
    """A zero licence asks for no source; for the facts of Destatis it changes nothing."""
    settings.OPEN_DATA_LICENCE = chosen
    is_wish = "zero" in chosen
    for name, of in LISTS.items():
        terms = of.terms()

        assert (OWN in terms.binding) is not is_wish, name
        assert (OFFICIAL_SOURCE in terms.binding) is (name in {"kommunen", *MIXED}), name
        assert (terms.attribution == terms.binding) is not is_wish, name

    text = unescape(client.get("/daten/").text)
    assert ("Nennen Sie als Quelle" in text, "Sie verlangt nicht" in text) == (not is_wish, is_wish)
    assert ("unabhängig von der Lizenz der Liste" in text) is not is_wish
    kept = f"was wir darin selbst angeben, bleibt unter {LICENCES[chosen].name}"
    assert (kept in text) is is_wish


def test_a_list_that_tells_what_the_official_list_says_names_destatis(client):
    """Rows of two sources name both."""
    named = {name for name, of in LISTS.items() if OFFICIAL_SOURCE in of.terms().attribution}
    beside = {name for name, of in LISTS.items() if OFFICIAL_BESIDE in of.terms().attribution}
    official = set()
    for name, of in LISTS.items():
        sources = {field.source for field in of.facts().fields.values()}
        told = set(paths_told(of.facts(), of.rows().model))
        keys = {"municipality_id", "municipality"}
        if sources & OF_KOMMUNEN or any(
            path.startswith("projects.Municipality.") and path.rpartition(".")[2] not in keys
            for path in told
        ):
            official.add(name)

    assert named == official == {"kommunen", *MIXED}
    assert beside == named - {"kommunen"}
    assert f'id="{OFFICIAL_URL.partition("#")[2]}"' in client.get("/daten/").text


# Pages for people, and what never answers with data.
NO_DATA = {"about", "interface", "api-nothing"}


def addresses() -> dict[str, tuple[str, Callable[[], Terms]]]:
    """One of each route with open data, and of each list every file; with the terms it stands under."""
    found: dict[str, tuple[str, Callable[[], Terms]]] = {}
    for name, of in LISTS.items():
        for ending in ("csv", "xlsx", "json", *(["atom"] if of.has_feed else [])):
            found[f"export {name} {ending}"] = (f"/daten/{name}.{ending}", of.terms)
        found[f"api-{name}-list"] = (f"/api/v1/{name}/?je_seite=1", of.terms)
        id_ = of.facts.tell(of.rows().first())["id"]
        found[f"api-{name}-detail"] = (f"/api/v1/{name}/{id_}/", of.terms)
    solution = SolutionFactory(
        open_source="ja", licence="EUPL-1.2", repository="https://gitlab.example/stadt/app"
    )
    others = {
        "catalogue": "/daten/katalog",
        "catalogue_file": "/daten/katalog.ttl",
        "publishers": "/daten/publiccode/publishers.yml",
        "publiccode": f"/daten/publiccode/{solution.slug}.yml",
        "everything_digest": "/daten/alles.sha256",
    }
    found |= {name: (address, own_terms) for name, address in others.items()}
    for name, address in {
        "everything": "/daten/alles.zip",
        "api": "/api/v1/",
        "api-schema": "/api/v1/schema",
    }.items():
        found[name] = (address, mixed_terms)
    return found


def read(client, address: str):
    answer = client.get(address)
    if answer.streaming:
        answer.getvalue()  # to its end, where the file is closed
    return answer


def licences_linked(answer) -> list[str]:
    return re.findall(r'<([^<>]+)>; rel="license"', answer.headers.get("Link", ""))


@pytest.mark.usefixtures("kept_megabytes")
@pytest.mark.parametrize("chosen", ["cc-by-4.0", "cc-zero"])
@pytest.mark.django_db(transaction=True)
def test_every_download_names_its_licence_in_a_header(chosen, client, settings):
    """Of those that are kept, too; and no program loses the links that it has when it asks again."""
    settings.OPEN_DATA_LICENCE = chosen
    SolutionFactory.create_batch(2, project=ProjectFactory())
    ThemeFactory()
    ProjectFactory().municipalities.add(MunicipalityFactory())
    EventFactory()
    ResultFactory()  # of a group
    SolutionFactory().reuses.create(name="Sichtbar", source="x")
    snapshot.write(snapshot.path())
    walked = addresses()

    routes = {name.partition(" ")[0] for name in walked}
    assert routes == {route.name for route in urlpatterns} - NO_DATA
    for name, (address, terms) in walked.items():
        first, again = read(client, address), read(client, address)
        assert (first.status_code, again.status_code) == (200, 200), name
        assert licences_linked(first) == [terms().licence.url], name
        assert again["Link"] == first["Link"]
        unchanged = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert unchanged.status_code == 304, name
        assert unchanged.headers.get("Link", first["Link"]) == first["Link"]
    for refused in ("/daten/gibtesnicht.csv", "/daten/loesungen.csv?gibtesnicht=1"):
        assert "Link" not in client.get(refused).headers


def test_a_table_tells_its_terms_on_a_sheet_behind_the_data(client):
    SolutionFactory()
    book = load_workbook(BytesIO(client.get("/daten/loesungen.xlsx").getvalue()))
    terms = LISTS["loesungen"].terms()

    assert book.sheetnames == ["Lösungen", "Lizenz und Quelle"]
    assert book.active.title == "Lösungen"
    assert list(book.worksheets[1].values) == [
        ("Lizenz", terms.licence.name),
        ("Adresse", terms.licence.url),
        ("Quelle", terms.attribution),
    ]


@pytest.mark.parametrize("chosen", LICENCES)
@pytest.mark.django_db(transaction=True)
def test_the_snapshot_says_of_each_file_under_which_terms_it_stands(chosen, settings):
    settings.OPEN_DATA_LICENCE = chosen
    target = snapshot.path()
    snapshot.write(target)
    with ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        readme = archive.read("LIESMICH.txt").decode()

    told = {name: (one["licence"], one["attribution"]) for name, one in manifest["files"].items()}
    terms = {f"{table.name}.jsonl": table.terms() for table in TABLES}
    assert told == {name: (one.licence.url, one.attribution) for name, one in terms.items()}
    assert terms["kommunen.jsonl"] == LISTS["kommunen"].terms()
    assert terms["projekte.jsonl"] == LISTS["projekte"].terms()
    assert (manifest["licence"], manifest["attribution"]) == told["projekte.jsonl"]
    for name, one in terms.items():
        assert len(re.findall(rf"\b{name}\b", readme)) == 2, name  # what it is, and its terms
        (part,) = [
            text for text in readme.split("\n\n") if text.endswith(f"Quelle: {one.attribution}.")
        ]
        assert name in part
        assert f"{one.licence.name}, {one.licence.url}" in part


@pytest.mark.django_db(transaction=True)
def test_what_in_the_snapshot_is_from_the_official_list_names_destatis():
    """Whatever holds a key of the list, or says itself that it knows something from Destatis."""
    load_network()
    target = snapshot.path()
    snapshot.write(target)
    keys = Municipality.objects.exclude(ars=None).values_list("ars", "ags")
    signs = [json.dumps(key) for pair in keys for key in pair if key]
    assert len(signs) > 200
    with ZipFile(target) as archive:
        texts = {table: archive.read(f"{table.name}.jsonl").decode() for table in TABLES}

    official = {
        table.name
        for table, text in texts.items()
        if "Destatis" in text or any(sign in text for sign in signs)
    }
    named = {table.name for table in TABLES if OFFICIAL_SOURCE in table.terms().binding}
    assert official == named == {"kommunen", "projekte", "schluessel"}


def test_the_impressum_names_the_official_list_as_the_data_do(client):
    assert OFFICIAL_SOURCE in unescape(client.get("/impressum/").text)
