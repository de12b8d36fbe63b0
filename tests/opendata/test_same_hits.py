"""Page, interface, table and feed are one list: the same things in the same order."""

import csv
import random
import re
from io import BytesIO, StringIO
from urllib.parse import urlencode

import feedparser
import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from events.models import Event
from finding.search import refresh
from finding.versions import current
from opendata.lists import LISTS
from projects.models import Project, Solution
from tests.around import around_tests
from tests.shipped import load_network

PAGES = {name: of for name, of in LISTS.items() if of.words}
PATHS = {
    "projekte": "/projekte/",
    "loesungen": "/loesungen/",
    "veranstaltungen": "/veranstaltungen/",
    "ergebnisse": "/gemeinschaften/ergebnisse/",
}


KEPT_OF = {Solution: 7, Project: 2, Event: 2}


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told_once")]


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    """Of the shipped network every second or seventh thing: each question fetches five whole lists."""
    with around_tests(django_db_blocker):
        load_network()
        for model, every in KEPT_OF.items():
            pks = list(model.objects.order_by("pk").values_list("pk", flat=True))
            model.objects.filter(pk__in=set(pks) - set(pks[::every])).delete()
        refresh(wait=True)
        yield


def questions(of, *, seed: int, combinations: int):
    """Every value of every facet alone, then some chosen together at random."""
    facets = of.facets(current())
    singles = [[(facet.name, value)] for facet in facets for value in facet.choices]
    chance = random.Random(seed)
    together = []
    for _ in range(combinations if facets else 0):
        picked = chance.sample(facets, k=min(len(facets), chance.randint(1, 3)))
        pairs = [
            (facet.name, value)
            for facet in picked
            for value in chance.sample(
                list(facet.choices), k=min(len(facet.choices), chance.randint(1, 4))
            )
        ]
        if of.sortings():
            pairs.append(
                ("sortierung", chance.choice([one for one in of.sortings() if one != "relevanz"]))
            )
        together.append(pairs)
    return [[], *singles, *together]


def ids_on_page(client, path, pairs):
    """From the links of the cards, page by page."""
    found, number = [], 1
    while True:
        answer = client.get(path, [*pairs, ("seite", str(number))], headers={"HX-Request": "true"})
        listing = answer.context["listing"]
        found += [entry.slug for entry in listing.entries]
        for entry in listing.entries:
            assert entry.url in answer.text
        if not listing.page.has_next():
            return found
        number += 1


def ids_of_interface(client, name, pairs):
    found, url = [], f"/api/v1/{name}/?{urlencode([*pairs, ('je_seite', '100')])}"
    while url:
        answer = client.get(url).json()
        found += [thing["id"] for thing in answer["results"]]
        url = answer["next"]
    assert answer["count"] == len(found)
    return found


def ids_in_csv(body: bytes):
    return [
        row["Kennung"] for row in csv.DictReader(StringIO(body.decode("utf-8-sig")), delimiter=";")
    ]


def ids_in_xlsx(body: bytes):
    rows = load_workbook(BytesIO(body), read_only=True).active.iter_rows(values_only=True)
    column = next(rows).index("Kennung")
    return [row[column] for row in rows]


def ids_in_feed(client, name, query):
    found, url = [], f"/daten/{name}.atom?{query}"
    while url:
        feed = feedparser.parse(client.get(url).content)
        assert not feed.bozo
        found += [re.search(r"([^/]+)/$", entry.id)[1] for entry in feed.entries]
        url = next((link.href for link in feed.feed.links if link.rel == "next"), None)
    return found


@pytest.fixture(scope="class")
def whole_network(network, django_db_blocker):
    with around_tests(django_db_blocker):
        call_command("load_municipalities", verbosity=0)
        load_network()
        yield


@pytest.mark.usefixtures("whole_network")
class TestWithoutAPage:
    @pytest.mark.parametrize("name", sorted(LISTS.keys() - PAGES.keys()))
    def test_interface_tables_and_feed_of_a_list_without_a_page_say_the_same(self, name, client):
        of = LISTS[name]
        for pairs in questions(of, seed=17, combinations=50):
            query = urlencode(pairs)
            expected = ids_of_interface(client, name, pairs)
            told = {
                "csv": ids_in_csv(b"".join(client.get(f"/daten/{name}.csv?{query}"))),
                "xlsx": ids_in_xlsx(b"".join(client.get(f"/daten/{name}.xlsx?{query}"))),
            }
            if of.has_feed:
                told["atom"] = ids_in_feed(client, name, query)
            assert told == dict.fromkeys(told, expected), query
            assert expected or pairs, "the whole list is empty"


@pytest.mark.parametrize("name", PAGES)
def test_page_interface_tables_and_feed_list_the_same_things_in_the_same_order(
    name, client, network
):
    compared = 0
    for pairs in questions(PAGES[name], seed=17, combinations=50):
        query = urlencode(pairs)
        expected = ids_on_page(client, PATHS[name], pairs)
        files = {
            ending: b"".join(client.get(f"/daten/{name}.{ending}?{query}"))
            for ending in ("csv", "xlsx")
        }
        told = {
            "interface": ids_of_interface(client, name, pairs),
            "csv": ids_in_csv(files["csv"]),
            "xlsx": ids_in_xlsx(files["xlsx"]),
            "atom": ids_in_feed(client, name, query),
        }
        assert told == dict.fromkeys(told, expected), query
        compared += bool(expected)
    assert compared or name == "ergebnisse"
