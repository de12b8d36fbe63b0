"""True counts: the index against counting by hand, and the pages against themselves."""

import itertools
import random
import re
from types import SimpleNamespace

import pytest

from finding.facets import Facet, FacetIndex, bits_of, in_order
from finding.selection import Selection
from tests.shipped import load_once, load_to_be_found

FACETS = [
    Facet("colour", "Farbe", {"red": "rot", "blue": "blau", "none": "keine"}),
    Facet("size", "Größe", {"s": "klein", "m": "mittel", "l": "groß"}),
    Facet("taste", "Geschmack", {"sweet": "süß"}),
]


@pytest.fixture
def rows():
    dice = random.Random(73)
    return [
        {
            "colour": dice.sample(["red", "blue"], dice.randint(0, 2)),
            "size": [dice.choice("sml")],
        }
        for _ in range(200)
    ]


def carries(row, chosen):
    return all(set(row.get(name, [])) & set(values) for name, values in chosen.items())


def test_hits_and_counts_are_those_found_by_looking_at_every_row(rows):
    index = FacetIndex(FACETS, rows)
    colours = [(), ("red",), ("none",), ("red", "blue")]
    sizes = [(), ("s",), ("s", "l")]
    for of_colour, of_size in itertools.product(colours, sizes):
        chosen = {"colour": of_colour, "size": of_size}
        chosen = {name: values for name, values in chosen.items() if values}
        found = [number for number, row in enumerate(rows) if carries(row, chosen)]

        assert in_order(index.hits(chosen, index.everything), range(200)) == found
        assert index.counts(chosen, index.everything) == {
            facet.name: {
                value: sum(carries(row, {**chosen, facet.name: [value]}) for row in rows)
                for value in facet.choices
            }
            for facet in FACETS[:2]
        }


def test_counts_stay_within_what_was_searched(rows):
    index = FacetIndex(FACETS, rows)
    among = bits_of([0, 7, 199], 200)

    assert sum(index.counts({}, among)["size"].values()) == 3
    assert in_order(among, [199, 5, 7, 0]) == [199, 7, 0]


def test_a_facet_of_which_nothing_is_known_is_not_offered(rows):
    assert [facet.name for facet in FacetIndex(FACETS, rows).facets] == ["colour", "size"]
    assert FacetIndex(FACETS, []).facets == ()


def test_whatever_is_chosen_anew_is_shown_from_its_first_page_on():
    home = SimpleNamespace(parameter="kommune", key="08421000", label="Ulm")
    third = Selection(
        q="Bus",
        chosen={"size": ("s",)},
        sorting="name",
        page=3,
        default_sorting="relevanz",
        here=home,
    )
    anew = {
        "?q=Bus&size=m&kommune=08421000&sortierung=name": third.with_values("size", ["m"]),
        "?q=Bus&kommune=08421000&sortierung=name": third.without("size", "s"),
        "?q=Bus&size=l&size=s&kommune=08421000&sortierung=name": third.toggled("size", "l"),
        "?q=Bus&size=s&kommune=08421000": third.sorted_by("relevanz"),
        "?q=Rad&size=s&kommune=08421000&sortierung=name": third.searching("Rad"),
        "?q=Bus&size=s&kommune=1&sortierung=name": third.seen_from(
            SimpleNamespace(parameter="kommune", key="1", label="X")
        ),
        "?q=Bus&size=s&sortierung=name": third.without_here(),
    }

    assert third.query() == "?q=Bus&size=s&kommune=08421000&sortierung=name&seite=3"
    assert {query: one.query() for query, one in anew.items()} == {query: query for query in anew}


# On the pages ----------------------------------------------------------------------------------

OPTION = re.compile(
    r'<input type="checkbox" id="[^"]+" name="(?P<name>\w+)" value="(?P<value>[^"]+)"'
    r'(?P<state>[^>]*)>.*?facet__count">(?P<count>[\d.]+)<'
)
COUNT = re.compile(r'id="treffer-titel" tabindex="-1">([\d.]+) ')


def number(text):
    return int(text.replace(".", ""))


def ask(client, path, parameters):
    """The number of hits that the page names, and for each value of each facet its count and state."""
    answer = client.get(path, parameters, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    options = {
        (found["name"], found["value"]): (number(found["count"]), found["state"].strip())
        for found in OPTION.finditer(answer.text)
    }
    return number(COUNT.search(answer.text)[1]), options


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "others"),
    [
        (
            "/projekte/",
            [
                {"land": ["NW"]},
                {"staffel": ["2019", "2021"]},
                {"art": ["landkreis"]},
                {"thema": ["energie", "wasser"]},
                {"groesse": ["unter-10000"], "erfahrungen": ["ja"]},
                {"q": "Daten"},
                {"q": "App", "land": ["BY", "BW"], "staffel": ["2020"]},
            ],
        ),
        (
            "/loesungen/",
            [
                {"art": ["app"]},
                {"reife": ["betrieb", "unbekannt"]},
                {"land": ["HE"]},
                {"open_source": ["ja"]},
                {"kosten": ["bis-50000", "bis-250000"]},
                {"groesse": ["unter-10000"], "nachnutzung": ["ja"]},
                {"technologie": ["lorawan"], "erfahrungen": ["ja"]},
                {"q": "Sensor"},
                {"q": "Plattform", "land": ["NW"]},
            ],
        ),
    ],
)
def test_every_count_shown_is_the_number_of_hits_after_choosing_it(client, path, others):
    load_to_be_found()
    for chosen in [{}, *others]:
        _hits, options = ask(client, path, chosen)
        assert options
        for (facet, value), (count, state) in options.items():
            hits, _ = ask(client, path, {**chosen, facet: [value]})

            assert (facet, value, hits) == (facet, value, count)
            is_chosen = value in chosen.get(facet, [])
            assert state == ("checked" if is_chosen else "" if count else "disabled")


@pytest.mark.django_db
def test_values_of_one_facet_add_up_and_facets_narrow(client):
    load_once()
    both, _ = ask(client, "/projekte/", {"staffel": ["2019", "2020"]})
    narrowed, _ = ask(client, "/projekte/", {"staffel": ["2019", "2020"], "land": "BY"})
    in_2019, _ = ask(client, "/projekte/", {"staffel": ["2019"], "land": "BY"})
    in_2020, _ = ask(client, "/projekte/", {"staffel": ["2020"], "land": "BY"})

    assert both == 13 + 32
    assert narrowed == in_2019 + in_2020
