from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulting.series import BERLIN, Recurrence, days, occurrences

TUESDAY = 1
SUNDAY = 6


def rule(**changes) -> Recurrence:
    """Tuesdays ten to twelve, 45 minutes, 15 minutes' pause, in March 2026."""
    return Recurrence(
        **{
            "weekday": TUESDAY,
            "from_time": time(10),
            "until_time": time(12),
            "length": timedelta(minutes=45),
            "pause": timedelta(minutes=15),
            "first_on": date(2026, 3, 1),
            "last_on": date(2026, 3, 31),
        }
        | changes
    )


def on_the_clock(series: Recurrence) -> list[str]:
    return [
        f"{one.starts_at.astimezone(BERLIN):%d.%m. %H:%M}–{one.ends_at.astimezone(BERLIN):%H:%M}"
        for one in occurrences(series)
    ]


def test_times_are_those_of_the_rule_and_the_last_one_fits():
    assert on_the_clock(rule(last_on=date(2026, 3, 10))) == [
        "03.03. 10:00–10:45",
        "03.03. 11:00–11:45",
        "10.03. 10:00–10:45",
        "10.03. 11:00–11:45",
    ]


def test_a_last_time_that_ends_exactly_with_the_window_belongs_to_it():
    series = rule(until_time=time(11, 45), last_on=date(2026, 3, 3))

    assert on_the_clock(series) == ["03.03. 10:00–10:45", "03.03. 11:00–11:45"]


def test_first_and_last_day_belong_to_the_series():
    assert list(days(rule(first_on=date(2026, 3, 3), last_on=date(2026, 3, 10)))) == [
        date(2026, 3, 3),
        date(2026, 3, 10),
    ]


def test_breaks_leave_out_their_first_and_last_day():
    breaks = [(date(2026, 3, 10), date(2026, 3, 17)), (date(2026, 3, 25), date(2026, 3, 30))]

    assert list(days(rule(breaks=breaks))) == [
        date(2026, 3, 3),
        date(2026, 3, 24),
        date(2026, 3, 31),
    ]


def test_every_second_week_counts_on_through_a_break():
    series = rule(every_weeks=2, breaks=[(date(2026, 3, 17), date(2026, 3, 17))])

    assert list(days(series)) == [date(2026, 3, 3), date(2026, 3, 31)]


@pytest.mark.parametrize(
    ("first_on", "utc"),
    [
        pytest.param(date(2026, 3, 24), ["09:00", "08:00"], id="to summer time, 29.03.2026"),
        pytest.param(date(2026, 10, 20), ["08:00", "09:00"], id="to winter time, 25.10.2026"),
    ],
)
def test_ten_stays_ten_when_the_clocks_change(first_on, utc):
    series = rule(first_on=first_on, last_on=first_on + timedelta(days=7), until_time=time(10, 45))

    assert [f"{one.starts_at:%H:%M}" for one in occurrences(series)] == utc
    assert [text[7:12] for text in on_the_clock(series)] == ["10:00", "10:00"]


def test_a_time_that_no_clock_shows_is_left_out():
    night = rule(
        weekday=SUNDAY,
        first_on=date(2026, 3, 29),
        last_on=date(2026, 3, 29),
        from_time=time(1, 30),
        until_time=time(4),
        length=timedelta(minutes=30),
        pause=timedelta(),
    )

    assert [one.starts_at for one in occurrences(night)] == [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    ]


def test_a_time_that_clocks_show_twice_means_the_first_and_keeps_its_length():
    night = rule(
        weekday=SUNDAY,
        first_on=date(2026, 10, 25),
        last_on=date(2026, 10, 25),
        from_time=time(2),
        until_time=time(3),
        length=timedelta(minutes=60),
        pause=timedelta(),
    )

    (one,) = occurrences(night)
    assert one.starts_at == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert one.ends_at == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


@given(
    weekday=st.integers(0, 6),
    first_on=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    lasts=st.integers(0, 400),
    begin=st.integers(0, 22),
    window=st.integers(1, 10),
    length=st.integers(10, 120),
    pause=st.integers(0, 60),
    every=st.integers(1, 4),
)
def test_whatever_the_rule_times_lie_in_its_windows_and_never_overlap(
    weekday, first_on, lasts, begin, window, length, pause, every
):
    series = rule(
        weekday=weekday,
        first_on=first_on,
        last_on=first_on + timedelta(days=lasts),
        from_time=time(begin),
        until_time=time(min(begin + window, 23), 59),
        length=timedelta(minutes=length),
        pause=timedelta(minutes=pause),
        every_weeks=every,
    )

    found = occurrences(series)

    for one in found:
        local = one.starts_at.astimezone(BERLIN)
        assert local.weekday() == weekday
        assert series.first_on <= local.date() <= series.last_on
        assert series.from_time <= local.time() < series.until_time
        assert one.ends_at - one.starts_at == series.length
    assert [one.starts_at for one in found] == sorted(one.starts_at for one in found)
