"""Dates in words and for machines: never more than is known."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from events import dates
from events.dates import Precision

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Dated:
    precision: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    date_text: str = ""


def dated(precision: str, begin: str, end: str, words: str = "") -> Dated:
    moments = (datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (begin, end))
    return Dated(precision, *moments, words)


MORNING = dated(Precision.TIME, "2025-01-14T10:00", "2025-01-14T12:00")
TWO_DAYS = dated(Precision.TIME, "2025-01-14T10:00", "2025-01-15T16:30")
CLOCKS_GO_BACK = dated(Precision.TIME, "2026-10-25T09:00", "2026-10-25T17:00")
ONE_DAY = dated(Precision.DAY, "2023-03-16", "2023-03-17")
IN_A_MONTH = dated(Precision.DAY, "2023-11-07", "2023-11-10")
OVER_TWO_MONTHS = dated(Precision.DAY, "2023-11-30", "2023-12-02")
OVER_NEW_YEAR = dated(Precision.DAY, "2023-12-31", "2024-01-02")
ONE_MONTH = dated(Precision.MONTH, "2024-10-01", "2024-11-01")
TWO_MONTHS = dated(Precision.MONTH, "2024-10-01", "2024-12-01")
MONTHS_OF_TWO_YEARS = dated(Precision.MONTH, "2024-10-01", "2025-09-01")
ROUGH = dated(Precision.ROUGH, "2022-03-01", "2022-05-01", "März/April 2022")
UNKNOWN = Dated(Precision.ROUGH, date_text="Termin nicht bekannt")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (MORNING, "Dienstag, 14. Januar 2025, 10:00 bis 12:00 Uhr"),
        (TWO_DAYS, "Dienstag, 14. Januar 2025, 10:00 Uhr bis Mittwoch, 15. Januar 2025, 16:30 Uhr"),
        (CLOCKS_GO_BACK, "Sonntag, 25. Oktober 2026, 09:00 bis 17:00 Uhr"),
        (ONE_DAY, "Donnerstag, 16. März 2023"),
        (IN_A_MONTH, "7. bis 9. November 2023"),
        (OVER_TWO_MONTHS, "30. November bis 1. Dezember 2023"),
        (OVER_NEW_YEAR, "31. Dezember 2023 bis 1. Januar 2024"),
        (ONE_MONTH, "Oktober 2024"),
        (TWO_MONTHS, "Oktober bis November 2024"),
        (MONTHS_OF_TWO_YEARS, "Oktober 2024 bis August 2025"),
        (ROUGH, "März/April 2022"),
        (UNKNOWN, "Termin nicht bekannt"),
    ],
)
def test_people_read_what_is_known(event, words):
    assert dates.in_words(event) == words


@pytest.mark.parametrize(
    ("event", "begin", "end"),
    [
        (MORNING, "2025-01-14T10:00+01:00", "2025-01-14T12:00+01:00"),
        (CLOCKS_GO_BACK, "2026-10-25T09:00+01:00", "2026-10-25T17:00+01:00"),
        (ONE_DAY, "2023-03-16", "2023-03-16"),
        (IN_A_MONTH, "2023-11-07", "2023-11-09"),
        (MONTHS_OF_TWO_YEARS, "2024-10", "2025-08"),
        (ROUGH, "", ""),
        (UNKNOWN, "", ""),
    ],
)
def test_machines_read_the_same(event, begin, end):
    assert (dates.for_machines(event), dates.end_for_machines(event)) == (begin, end)


@pytest.mark.parametrize(
    ("event", "month"),
    [
        (MORNING, "Januar 2025"),
        (MONTHS_OF_TWO_YEARS, "Oktober 2024"),
        (ROUGH, "März/April 2022"),
    ],
)
def test_a_month_view_puts_it_where_it_begins(event, month):
    assert dates.month_in_words(event) == month


@pytest.mark.parametrize(
    ("event", "years"),
    [
        (MORNING, [2025]),
        (MONTHS_OF_TWO_YEARS, [2024, 2025]),
        (dated(Precision.DAY, "2023-12-31", "2024-01-01"), [2023]),
        (ROUGH, [2022]),
        (UNKNOWN, []),
    ],
)
def test_it_belongs_to_every_year_that_it_touches(event, years):
    assert list(dates.years(event)) == years
