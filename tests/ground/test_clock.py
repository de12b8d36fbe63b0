"""Times and days as people in Germany count them."""

from datetime import date

import pytest

from ground.clock import working_days_from

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (FRIDAY, 1, MONDAY),
        (MONDAY, -1, FRIDAY),
        (FRIDAY, 5, date(2026, 12, 4)),
        (date(2026, 11, 28), 1, MONDAY),
        (date(2026, 11, 29), -1, FRIDAY),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),
        (FRIDAY, 0, FRIDAY),
    ],
)
def test_weekends_are_no_working_days(day, count, expected):
    assert working_days_from(day, count) == expected
