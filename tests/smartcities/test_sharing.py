"""What other programs show of a page: every public one says it, and no address of one person goes along."""

import re
import struct
from html import unescape

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from bench.share_picture import HEIGHT, WIDTH, markup
from smartcities.sitemaps import PAGES
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db


def said(client, path: str) -> dict[str, str]:
    html = client.get(path).text
    found = re.findall(r'<meta property="og:([a-z_:]+)" content="([^"]*)">', html)
    assert len(dict(found)) == len(found)
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_in_the_sitemap_says_what_it_is(client, name):
    path = reverse(name)
    html = client.get(path).text

    page = said(client, path)

    title = " ".join(unescape(re.search("<title>(.*?)</title>", html, re.S)[1]).split())
    description = unescape(re.search(r'name="description" content="([^"]*)"', html)[1])
    assert title == f"{page['title']} – Modellprojekte Smart Cities"
    assert page["description"] == description
    assert page["url"] == f"{settings.SITE_URL}{path}"
    assert page["image"] == f"{settings.SITE_URL}/static/img/share.png"


def test_things_say_their_own_name(client):
    solution = SolutionFactory(name="Smarte <Bänke>", description="Bänke & mehr")
    place = MunicipalityFactory(name="Gera")

    assert said(client, solution.project.get_absolute_url())["title"] == solution.project.name
    assert said(client, solution.get_absolute_url())["title"].startswith("Smarte <Bänke>")
    assert said(client, solution.get_absolute_url())["description"] == "Bänke & mehr"
    assert said(client, place.get_absolute_url())["title"] == "Gera (Bayern)"


def test_a_list_passes_on_its_shortest_address(client):
    ProjectFactory()

    assert said(client, "/projekte/?land=BY&seite=1&x=1")["url"] == (
        f"{settings.SITE_URL}/projekte/?land=BY"
    )


@pytest.mark.parametrize(
    "path",
    ["/start-smart/ansehen/geheim/", "/meine-daten/geheim/", "/konto/anmelden/", "/gibt/es/nicht/"],
)
def test_addresses_of_one_person_and_of_nobody_are_not_passed_on(client, path):
    assert said(client, path) == {}


def test_the_picture_is_shipped_in_the_size_that_the_pages_name(client):
    with open(finders.find("img/share.png"), "rb") as file:
        head = file.read(24)

    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (WIDTH, HEIGHT) == (1200, 630)


def test_the_picture_is_made_of_nothing_from_elsewhere():
    page = markup()

    assert page.count("<circle") == 73
    assert "http" not in page
