"""The same words find the same things in the same order, wherever they are asked."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from finding.search import refresh
from projects.models import Project, Solution
from tests.finding.judged_queries import JUDGED
from tests.opendata.test_same_hits import (
    PATHS,
    ids_in_csv,
    ids_in_feed,
    ids_of_interface,
    ids_on_page,
)
from tests.shipped import load_network

# Of every kind of word some, questions with „als Open Source“ and the like among them.
ASKED = [judged.query for judged in JUDGED[::5]] + [
    "Gibt es einen Mängelmelder als Open Source?",
    "App in Bayern",
    "Parken für kleine Gemeinden",
    "Wasser Berlin",
    "Quarkspeise",
    '"digitaler Zwilling"',
]
SHOWN = 5


@pytest.fixture
def network(db):
    """Of the shipped network every third or sixth thing: each question fetches whole lists."""
    load_network()
    for model, every in ((Solution, 6), (Project, 3)):
        pks = list(model.objects.order_by("pk").values_list("pk", flat=True))
        model.objects.filter(pk__in=set(pks) - set(pks[::every])).delete()
    refresh(wait=True)


def as_one_asks(client, path: str, q: str) -> list[tuple[str, str]]:
    """What stands in the address after the page has understood the words."""
    answer = client.get(path, {"q": q})
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    selection = answer.context["selection"]
    chosen = [(name, value) for name, values in selection.chosen.items() for value in values]
    return [("q", selection.q)] * bool(selection.q) + chosen


def test_page_interface_table_feed_and_site_search_agree_on_judged_queries(
    client, network, told_once
):
    assert len(ASKED) >= 65
    found_some = 0
    for q in ASKED:
        for name in ("projekte", "loesungen"):
            on_page = ids_on_page(client, PATHS[name], as_one_asks(client, PATHS[name], q))
            told = {
                "interface": ids_of_interface(client, name, [("q", q)]),
                "table": ids_in_csv(
                    b"".join(client.get(f"/daten/{name}.csv?{urlencode({'q': q})}"))
                ),
                "feed": ids_in_feed(client, name, urlencode({"q": q})),
            }
            assert told == dict.fromkeys(told, on_page), (q, name)
            found_some += bool(on_page)
        # The last list asked for is that of the solutions.
        groups = client.get(reverse("search"), {"q": q}).context["groups"]
        of_solutions = [group for group in groups if group.label == "Lösungen"]
        shown = [entry.slug for group in of_solutions for entry in group.entries]
        assert shown == on_page[:SHOWN], q
        assert [group.count for group in of_solutions] == [len(on_page)] * bool(on_page), q
    assert found_some > len(ASKED) / 2
