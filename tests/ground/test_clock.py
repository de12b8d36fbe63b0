"""Times and days as people in Germany count them."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import DateTimeField

from ground.clock import deadline, in_words, out_of_reach, reachable_until, working_days_from

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


CHRISTMAS_EVE = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("day", "count", "land", "expected"),
    [
        (CHRISTMAS_EVE, 1, "", date(2026, 12, 28)),
        (date(2026, 12, 28), -1, "", CHRISTMAS_EVE),
        (date(2027, 1, 5), 1, "", date(2027, 1, 6)),
        (date(2027, 1, 5), 1, "BY", date(2027, 1, 7)),
    ],
)
def test_holidays_are_no_working_days_those_of_a_land_only_there(day, count, land, expected):
    assert working_days_from(day, count, land=land) == expected


def test_what_is_sent_before_a_holiday_can_be_answered_until_noon_of_the_day_after():
    sent = datetime(2027, 1, 5, 18, tzinfo=ZoneInfo("Europe/Berlin"))
    days = {
        land: reachable_until(sent, at_least=timedelta(hours=1), land=land) for land in ("", "BY")
    }
    assert {land: f"{until:%d.%m. %H:%M}" for land, until in days.items()} == {
        "": "06.01. 12:00",
        "BY": "07.01. 12:00",
    }


def at(day: int, clock: str) -> datetime:
    """A moment in November 2026 on German clocks; the 27th is a Friday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("sent", "until"),
    [
        (at(26, "08:00"), at(26, "09:00")),
        (at(26, "16:00"), at(26, "17:00")),
        (at(26, "16:01"), at(27, "12:00")),
        (at(26, "23:30"), at(27, "12:00")),
        (at(27, "07:59"), at(27, "12:00")),
        (at(27, "18:00"), at(30, "12:00")),
        (at(28, "10:00"), at(30, "12:00")),
        (at(29, "23:59"), at(30, "12:00")),
        # On the Sunday in between the clocks go back.
        (
            datetime(2026, 10, 23, 20, tzinfo=ZoneInfo("Europe/Berlin")),
            datetime(2026, 10, 26, 12, tzinfo=ZoneInfo("Europe/Berlin")),
        ),
    ],
)
def test_what_is_sent_outside_office_hours_can_be_answered_until_noon_of_the_next_working_day(
    sent, until
):
    assert reachable_until(sent, at_least=timedelta(hours=1)) == until


@pytest.mark.parametrize(
    ("sent", "until"),
    [
        (at(26, "09:00"), at(28, "09:00")),
        (at(27, "07:00"), at(30, "12:00")),
        (at(27, "18:00"), at(30, "12:00")),
        (at(28, "10:00"), at(30, "12:00")),
        (at(28, "13:00"), at(30, "13:00")),
        (at(29, "10:00"), at(29, "10:00") + timedelta(days=2)),
    ],
)
def test_what_lasts_for_days_does_not_end_before_a_desk_was_manned(sent, until):
    assert reachable_until(sent, at_least=timedelta(days=2)) == until


def test_what_is_out_of_reach_is_just_what_could_be_answered_until_now():
    """Every three hours through holidays, weekends and the change of clocks in March."""
    two_days = timedelta(days=2)
    for hours in range(0, 24 * 120, 3):
        now = datetime(2026, 12, 20, 11, tzinfo=UTC) + timedelta(hours=hours)
        last = out_of_reach(now, at_least=two_days)
        assert reachable_until(last, at_least=two_days) <= now
        assert reachable_until(last + timedelta.resolution, at_least=two_days) > now


def test_a_deadline_is_a_day_and_a_time_of_day():
    assert deadline(at(30, "12:00")) == "Montag, 30. November, 12:00 Uhr"


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(minutes=60), "60 Minuten"),
        (timedelta(hours=2), "2 Stunden"),
        (timedelta(hours=24), "24 Stunden"),
        (timedelta(days=3), "3 Tage"),
    ],
)
def test_a_duration_is_said_in_the_largest_unit_of_which_there_are_several(duration, words):
    assert in_words(duration) == words


def test_what_a_row_is_called_names_the_day_and_hour_of_german_clocks():
    """The database gives moments in UTC, and half past midnight in July is the day before there."""
    called = {}
    for model in apps.get_models():
        moments = [one for one in model._meta.concrete_fields if isinstance(one, DateTimeField)]
        row = model(**{one.attname: datetime(2026, 6, 30, 22, 30, tzinfo=UTC) for one in moments})
        # What is called by another row has no name without it, and what has no day says nothing here.
        with suppress(ObjectDoesNotExist, AttributeError, TypeError, ValueError, KeyError):
            called[model._meta.label] = str(row)

    by_moment = {name for name, text in called.items() if "2026" in text}
    assert {"accounts.NetworkUse", "consulting.Message", "projects.OwnerAsk"} <= by_moment
    assert [called[name] for name in by_moment if "30.06." in called[name]] == []
    assert called["accounts.NetworkUse"] == "01.07.2026 00:30"
