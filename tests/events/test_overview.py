"""„Six regional conferences a year“, counted."""

from datetime import UTC, datetime

import pytest

from events.models import Event, EventKind, EventState
from events.overview import conferences_by_year
from tests.shipped import load_network

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def conference(day: str, state=EventState.PUBLISHED, **facts) -> Event:
    begin = datetime.fromisoformat(f"{day}T09:00+00:00")
    facts = {"kind": EventKind.REGIONAL_CONFERENCE} | facts
    return Event(starts_at=begin, ends_at=begin.replace(hour=15), state=state, **facts)


def test_every_conference_counts_once_and_other_things_do_not():
    years = conferences_by_year(
        [
            conference("2025-05-01"),
            conference("2026-03-01"),
            conference("2026-03-02", EventState.CANCELLED),
            conference("2026-03-03", EventState.DRAFT),  # was never announced
            conference("2026-09-01"),
            conference("2026-10-01", EventState.DRAFT),
            conference("2026-11-01", EventState.CANCELLED),
            conference("2026-09-02", kind=EventKind.CONGRESS),
            Event(kind=EventKind.REGIONAL_CONFERENCE, state=EventState.DRAFT),
        ],
        now=NOW,
    )

    assert [(year.year, year.held, year.planned, year.cancelled) for year in years] == [
        (2026, 1, 2, 2),
        (2025, 1, 0, 0),
    ]
    assert [year.missing for year in years] == [3, 5]


def test_the_current_year_is_there_before_anything_is_planned():
    years = conferences_by_year([conference("2024-05-01")], now=NOW)

    assert [(year.year, year.missing) for year in years] == [(2026, 6), (2024, 5)]
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert [year.year for year in conferences_by_year([], now=new_year)] == [2027]


def test_a_conference_on_new_years_eve_counts_in_the_german_year():
    late = conference("2025-12-31")
    late.starts_at = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    late.ends_at = datetime(2026, 1, 1, 3, tzinfo=UTC)

    assert [year.year for year in conferences_by_year([late], now=NOW)] == [2026]


@pytest.mark.django_db
def test_the_years_of_the_network_are_counted_as_they_were():
    load_network()

    years = {year.year: year for year in conferences_by_year(Event.objects.all(), now=NOW)}

    assert {number: year.held for number, year in years.items()} == {
        2026: 0,
        2022: 4,
        2023: 6,
        2024: 5,
        2025: 5,
    }
    assert years[2023].missing == 0
