"""What people see of the open data."""

import re
from html import unescape

import pytest
from django.urls import resolve

from opendata import snapshot
from opendata.lists import LISTS
from tests.factories import SolutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.OPEN_DATA_FOLDER = tmp_path / "offene-daten"


def test_the_page_offers_every_list_in_every_format_and_every_link_answers(client):
    SolutionFactory()
    page = client.get("/daten/")
    paths = set(re.findall(r'href="(/(?:daten|api)/[^"#]+)"', unescape(page.text)))
    # The first snapshot is written in the next night.
    assert "/daten/alles.zip" not in paths

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


def test_the_page_says_how_old_the_snapshot_is_and_shows_how_to_embed(client):
    before = client.get("/daten/")
    assert "morgen früh" in before.text
    snapshot.path().parent.mkdir()
    snapshot.path().write_bytes(b"x" * 2048)
    after = client.get("/daten/", headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert 'href="/daten/alles.zip"' in after.text
    assert "2,0\xa0KB" in after.text
    for address in re.findall(r'href="(/[^"]+einbetten=[^"]+)"', after.text):
        assert "X-Frame-Options" not in client.get(address.replace("&amp;", "&"))
    assert "&lt;iframe src=" in after.text


@pytest.mark.parametrize(
    ("setting", "value", "shown"),
    [
        ("OPEN_DATA_LICENCE", "cc-zero", "CC0 1.0"),
        ("EMBEDDING_HOSTS", ["https://www.bayern.example"], "https://www.bayern.example"),
    ],
)
def test_who_asks_again_is_told_what_the_operator_has_changed(
    setting, value, shown, client, settings
):
    tag = {"If-None-Match": client.get("/daten/")["ETag"]}
    assert client.get("/daten/", headers=tag).status_code == 304

    setattr(settings, setting, value)
    after = client.get("/daten/", headers=tag)

    assert after.status_code == 200
    assert shown in after.text


def test_the_example_leads_to_a_list_and_to_the_same_as_a_table(client):
    SolutionFactory(name="Klein und offen", open_source="ja", project__population=9000)
    SolutionFactory(name="Groß und offen", open_source="ja", project__population=900_000)
    page = client.get("/daten/")
    lists = re.findall(r'href="(/loesungen/\?groesse[^"]+)"', page.text)
    tables = re.findall(r'href="(/daten/loesungen\.xlsx\?groesse[^"]+)"', page.text)

    assert len(lists) == len(tables) == 1
    listed = client.get(lists[0].replace("&amp;", "&")).text
    assert ("Klein und offen" in listed, "Groß und offen" in listed) == (True, False)
    assert lists[0].partition("?")[2] == tables[0].partition("?")[2]
