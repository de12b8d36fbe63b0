"""Type-ahead over the whole official list: quick enough to keep up with typing, and right."""

import time
from io import StringIO
from statistics import quantiles

import pytest
from django.core.management import call_command
from django.db import connection

from projects.municipality_picker import distinguished, find_municipalities, offered

TYPED = (
    "Mu", "Mün", "Muenster", "Neustadt", "Neustadt Hessen", "Halle", "Hal", "AUF", "weissenthurm",
    "Wiesenburg/Mark", "Bad", "Sankt", "St. W", "Bielefeldt", "Gutersloh", "Landkreis Hof", "48143",
    "05515000", "0551", "Rothenburg Tauber", "xyzxyz", "Frankfurt", "Frankfurt Oder", "a", "ber", "Polch",
)  # fmt: skip


@pytest.mark.django_db
def test_the_database_answers_in_less_than_50_ms_and_finds_the_right_places():
    call_command("load_network", stdout=StringIO())
    call_command("load_municipalities", stdout=StringIO())
    with connection.cursor() as cursor:
        # What PostgreSQL does by itself in the background soon after an import.
        cursor.execute("ANALYZE projects_municipality")
        cursor.execute("SELECT gin_clean_pending_list('projects_municipality_near')")

    # The best of five: what neighbours on the machine take is not the query's.
    milliseconds = [min(_in_the_database(typed) for _ in range(5)) for typed in TYPED]

    assert quantiles(milliseconds, n=20)[-1] < 50
    assert _first("Muenster") == "Münster: Kreisfreie Stadt, Nordrhein-Westfalen"
    assert _first("Halle") == "Halle: Gemeinde, Holzminden, Niedersachsen"
    assert "Halle (Saale)" in [place.name for place in find_municipalities("Halle")]
    assert _first("05515000") == _first("48143") == _first("Muenster")
    assert {place.name for place in find_municipalities("AUF", limit=3)} == {
        "Apfeldorf",
        "Fuchstal",
        "Unterdießen",
    }
    assert _first("Wiesenburg").startswith("Wiesenburg/Mark: ")
    assert _first("Wiesenburg/Mark") == _first("Wiesenburg")
    for typed in ("Sankt Wendel", "St. Wendel", "St.Wendel", "st wendel"):
        assert find_municipalities(typed)[0].name == "St. Wendel", typed
    # Tables drop the zero at the beginning of a key.
    for key in ("01001000", "1001000", "010010000000", "10010000000"):
        assert _first(key) == "Flensburg: Kreisfreie Stadt, Schleswig-Holstein", key
    neustadt = [distinguished(place) for place in find_municipalities("Neustadt", limit=50)]
    assert len(neustadt) > 20


def _first(typed: str) -> str:
    place = find_municipalities(typed)[0]
    return f"{place.name}: {distinguished(place)}"


def _in_the_database(typed: str) -> float:
    spent = 0.0

    def timed(execute, *arguments):
        nonlocal spent
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent += time.perf_counter() - started

    with connection.execute_wrapper(timed):
        offered(typed)
    return spent * 1000
