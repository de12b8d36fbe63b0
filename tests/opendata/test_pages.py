"""What people see of the open data."""

import re

import pytest
from django.urls import resolve

from opendata.lists import LISTS
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db


def test_the_page_offers_every_list_in_every_format_and_every_link_answers(client):
    SolutionFactory()
    page = client.get("/daten/")
    paths = set(re.findall(r'href="(/(?:daten|api)/[^"#]+)"', page.text))

    assert page.status_code == 200
    assert "CC BY 4.0" in page.text
    assert "Destatis" in page.text
    for name, of in LISTS.items():
        endings = {"csv", "xlsx", "json", *(["atom"] if of.has_feed else [])}
        assert {f"/daten/{name}.{ending}" for ending in endings} <= paths
    assert [path for path in sorted(paths) if client.get(path).status_code != 200] == []


def test_the_description_names_every_parameter_and_every_field_without_another_host(client):
    SolutionFactory()
    page = client.get("/daten/schnittstelle/")

    assert page.status_code == 200
    for of in LISTS.values():
        for field in of.facts().fields:
            assert f"<code>{field}</code>" in page.text
    assert "<code>open_source</code>" in page.text
    assert "<script" not in page.text


def test_a_filtered_list_leads_to_the_files_of_just_this_selection(client):
    SolutionFactory()
    page = client.get("/loesungen/?art=app&land=BY&seite=1")
    links = re.findall(r'href="(/daten/loesungen\.[^"]+)"', page.text)

    assert links == [
        f"/daten/loesungen.{ending}?art=app&amp;land=BY"
        for ending in ("xlsx", "csv", "json", "atom")
    ]
    assert resolve("/daten/loesungen.csv").url_name == "export"
    assert "/daten/veranstaltungen.csv?" not in client.get("/veranstaltungen/").text
