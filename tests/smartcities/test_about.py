"""`/ueber/`: the network on one page, each statement with its source and its doubt."""

import re
from html import unescape

import pytest

from communities.models import PartnerOrganisation
from communities.network import COMMUNITIES
from projects.models import NetworkFact
from projects.network import CATALOGUE
from tests.factories import ProjectFactory
from tests.shipped import load_once
from tests.some import some

pytestmark = pytest.mark.django_db


def text_of(client) -> str:
    html = client.get("/ueber/").text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def test_the_network_stands_on_one_page_with_its_sources(client):
    load_once((*CATALOGUE, *COMMUNITIES))

    text = text_of(client)

    for said in (
        "13 Staffel 2019", "32 Staffel 2020", "28 Staffel 2021",
        "820 Mio. Euro bis 2030", "rund 11.000 Kommunen", "Sechs Regionalkonferenzen im Jahr",
        "6 Arbeits- und Entwicklungsgemeinschaften", "Initialberatung", "Themenwerkstatt",
        "Peer Learning", "Fraunhofer IESE", "Fraunhofer IAO", "Creative Climate Cities",
        "Urban Catalyst", "Kompetenzzentrum Wasser Berlin", "Deutsches Institut für Urbanistik",
    ):  # fmt: skip
        assert re.sub(r"\W+", "", said) in re.sub(r"\W+", "", _other_way_round(text, said)), said
    for fact in some(NetworkFact.objects.all()):
        assert fact.text in text
    assert (
        text.count("Quelle:") == NetworkFact.objects.count() + PartnerOrganisation.objects.count()
    )


def _other_way_round(text: str, said: str) -> str:
    """Figures stand after their words in the page and above them on the screen."""
    number, _, words = said.partition(" ")
    return f"{said}" if f"{words} {number}" in text else text


def test_a_doubt_stands_at_the_very_fact(client):
    NetworkFact.objects.create(
        topic="programm", text="Bis 2035", source="Blog", is_certain=False, note="Nur ein Blog."
    )
    NetworkFact.objects.create(topic="programm", text="Bis 2030", source="https://example.org/a")

    assert "Bis 2035 zu prüfen : Nur ein Blog. Quelle: Blog" in text_of(client)
    assert text_of(client).count("zu prüfen") == 1
    assert 'href="https://example.org/a"' in client.get("/ueber/").text


def test_a_source_that_is_no_address_is_no_link(client):
    PartnerOrganisation.objects.create(
        name="IQIB", source="https://iqib.de (Adresse unvollständig)"
    )

    assert 'href="https://iqib.de' not in client.get("/ueber/").text
    assert "https://iqib.de (Adresse unvollständig)" in text_of(client)


def test_an_empty_portal_has_the_page_too(client):
    assert "Zurzeit ist keine Einrichtung eingetragen." in text_of(client)


def test_the_page_costs_one_query_once_it_is_made(client, django_assert_num_queries):
    load_once((*CATALOGUE, *COMMUNITIES))
    client.get("/ueber/")

    with django_assert_num_queries(1):
        client.get("/ueber/")


def test_a_project_that_is_not_public_is_not_counted(client):
    ProjectFactory(is_public=False)
    ProjectFactory()

    assert "fördert 1 Modellprojekt dabei" in text_of(client)


def test_every_page_leads_there(client):
    page = client.get("/projekte/").text

    assert page.count('href="/ueber/"') == 2
    assert 'href="/themen/"' in page
