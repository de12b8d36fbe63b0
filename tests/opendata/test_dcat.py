"""The catalogue as other catalogues check it."""

import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF

from opendata.lists import LISTS
from tests.shared import SHARED, needs_shared
from tests.shipped import load_network

DCAT_FILES = SHARED / "dcat"
# rdflib reads JSON-LD with a class of its own that it calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
ENDINGS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}


def shapes() -> Graph:
    found = Graph()
    found.parse(DCAT_FILES / "semic-3.0.0" / "dcat-ap-SHACL.ttl")
    for name in ("dcat-ap-SHACL-DE", "dcat-ap-de-deprecated", "dcat-ap-spec-german-additions"):
        found.parse(DCAT_FILES / "shacl-3.0" / f"{name}.ttl")
    found.remove((None, OWL.imports, None))
    return found


@needs_shared(DCAT_FILES)
@pytest.mark.parametrize(
    ("loaded", "licence"),
    [(False, "cc-by-4.0"), (False, "dl-de-zero-2.0"), (True, "cc-by-4.0")],
    ids=["an empty network", "a zero licence", "the shipped network"],
)
def test_the_catalogue_conforms_to_dcat_ap_de_without_a_remark(
    loaded, licence, client, db, settings
):
    settings.OPEN_DATA_LICENCE = licence
    if loaded:
        load_network()
    told = Graph().parse(data=client.get("/daten/katalog.ttl").content, format="turtle")
    conforms, _report, text = pyshacl.validate(
        told,
        shacl_graph=shapes(),
        ont_graph=Graph().parse(DCAT_FILES / "vcard.ttl"),
        advanced=True,
        inference="none",
        do_owl_imports=False,
        allow_warnings=True,
    )

    assert conforms, text
    assert len(list(told.subjects(RDF.type, DCAT.Dataset))) == len(LISTS)


def test_the_three_formats_say_the_same(client, db):
    graphs = [
        Graph().parse(data=client.get(f"/daten/katalog.{ending}").content, format=name)
        for ending, name in ENDINGS.items()
    ]

    assert graphs[0].isomorphic(graphs[1])
    assert graphs[0].isomorphic(graphs[2])
    assert len(graphs[0]) > 200


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/rdf+xml;q=0.9, text/html;q=0.1", "application/rdf+xml; charset=utf-8"),
        ("application/ld+json", "application/ld+json; charset=utf-8"),
        ("application/json", "application/ld+json; charset=utf-8"),
        ("text/html", "text/turtle; charset=utf-8"),
    ],
)
def test_one_address_answers_in_the_format_that_is_asked_for(accept, content_type, client, db):
    answer = client.get("/daten/katalog", headers={"Accept": accept})

    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert "Accept" in answer["Vary"]


def test_every_distribution_can_be_fetched_and_has_a_licence(client, db):
    told = Graph().parse(data=client.get("/daten/katalog.ttl").content, format="turtle")
    distributions = list(told.subjects(RDF.type, DCAT.Distribution))

    assert len(distributions) > 30
    for one in distributions:
        # What comes from the official list bears the terms of Destatis.
        named = "other-open" if "kommunen" in str(one) else "cc-by/4.0"
        assert str(told.value(one, DCTERMS.license)) == f"http://dcat-ap.de/def/licenses/{named}"
        address = str(told.value(one, DCAT.accessURL)).removeprefix("http://testserver")
        assert client.get(address).status_code == 200, address
