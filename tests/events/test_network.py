"""The researched events, loaded as the release brings them."""

from datetime import UTC, datetime

import pytest

from events.models import Event
from events.network import EVENTS, period
from projects.models import Project
from projects.network import CATALOGUE, load
from tests.shipped import load_once

pytestmark = pytest.mark.django_db

TABLES = (*CATALOGUE, *EVENTS)


def test_all_are_loaded_and_loading_again_writes_nothing():
    first = load(tables=TABLES)["event"]
    again = load(tables=TABLES)["event"]

    assert (first.created, again.created, again.updated, again.unchanged) == (43, 0, 0, 43)
    assert Event.objects.public().count() == 42


def test_what_has_no_date_stays_a_draft():
    load_once(TABLES)

    (draft,) = Event.objects.filter(state="entwurf")

    assert (draft.kind, draft.starts_at, draft.date_text) == (
        "themenwerkstatt",
        None,
        "Termin nicht bekannt",
    )


def test_hosts_are_linked_both_ways():
    load_once(TABLES)

    ulm = Project.objects.get(slug="ulm")

    assert {str(event) for event in ulm.hosted_events.all()} == {
        "Virtuelle Regionalkonferenz – Gastgeber Ulm",
        "MPSC-Treffen zur Öffentlichkeitsarbeit",
    }
    for event in ulm.hosted_events.all():
        assert list(event.host_projects.all()) == [ulm]


def test_a_roadshow_stop_on_the_day_of_a_conference_is_one_visit():
    load_once(TABLES)

    stops = Event.objects.filter(kind="roadshow").order_by("starts_at")

    assert [(stop.city, stop.part_of.kind_and_number) for stop in stops] == [
        ("Aalen", "8. Regionalkonferenz"),
        ("Rostock", "9. Regionalkonferenz"),
        ("Iserlohn", "10. Regionalkonferenz"),
    ]
    assert Event.objects.public().visits().count() == 39


def test_every_event_names_its_source_and_doubtful_ones_say_so():
    load_once(TABLES)

    assert not Event.objects.public().filter(sources=None).exists()
    lemgo = Event.objects.get(slug__startswith="peer-learning-werkzeugkasten")
    assert "Ostersonntag" in lemgo.check_note


@pytest.mark.parametrize(
    ("known", "begin", "end"),
    [
        (("2023-11-07", "2023-11-09", ""), "2023-11-06T23:00", "2023-11-09T23:00"),
        (("2023-06-14", None, ""), "2023-06-13T22:00", "2023-06-14T22:00"),
        # Over the change of the clocks a day has 23 hours.
        (("2026-03-29", None, ""), "2026-03-28T23:00", "2026-03-29T22:00"),
        (("2024-10", "2025-08", ""), "2024-09-30T22:00", "2025-08-31T22:00"),
        (("2024-12", None, ""), "2024-11-30T23:00", "2024-12-31T23:00"),
        ((None, None, "März/April 2022"), "2022-02-28T23:00", "2022-04-30T22:00"),
    ],
)
def test_a_period_is_the_german_midnights_around_what_is_known(known, begin, end):
    assert period(*known) == tuple(
        datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (begin, end)
    )


@pytest.mark.parametrize("words", ["", "demnächst", "im Frühjahr", "Mai", "2022"])
def test_words_without_month_and_year_are_no_period(words):
    assert period(None, None, words) == (None, None)
