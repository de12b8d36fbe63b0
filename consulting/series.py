"""What a series of times means: a recurrence in, times out. No database, so it can be previewed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from ground.calendar import BERLIN
from ground.holidays import holiday


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """„dienstags 10–12 Uhr, 45 Minuten, 15 Minuten Pause, bis 30. Juni, nicht in den Ferien“

    Times are those on a clock in Germany. First and last days belong to what they delimit.
    """

    weekday: int
    from_time: time
    until_time: time
    length: timedelta
    pause: timedelta
    first_on: date
    last_on: date
    every_weeks: int = 1
    breaks: Sequence[tuple[date, date]] = ()
    # When the advisor is away.
    absences: Sequence[tuple[date, date]] = ()
    # Whose public holidays count beside those of all Länder.
    land: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that would have had times, and why it has none."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time, in UTC."""

    starts_at: datetime
    ends_at: datetime


def occurrences(recurrence: Recurrence) -> list[Occurrence]:
    """All times of a recurrence, in order.

    10:00 stays 10:00 when the clocks change, and a time lasts as long as it says even across the
    change. A time that no clock in Germany shows on that day (02:30 in the night to summer time) is
    left out; one that is shown twice means the first.
    """
    return [occurrence for day in days(recurrence) for occurrence in _on(day, recurrence)]


def days(recurrence: Recurrence) -> Iterator[date]:
    """The days on which a recurrence publishes times. Weeks are counted from the first such weekday."""
    return (day for day in _all_days(recurrence) if not _why_not(day, recurrence))


def left_out(recurrence: Recurrence) -> list[LeftOut]:
    """The days on which a recurrence would publish times, were it not for what it says here."""
    found = (LeftOut(day, _why_not(day, recurrence)) for day in _all_days(recurrence))
    return [one for one in found if one.why]


def _all_days(recurrence: Recurrence) -> Iterator[date]:
    day = recurrence.first_on + timedelta(
        days=(recurrence.weekday - recurrence.first_on.weekday()) % 7
    )
    while day <= recurrence.last_on:
        yield day
        day += timedelta(weeks=recurrence.every_weeks)


def _why_not(day: date, recurrence: Recurrence) -> str:
    if _falls_into(day, recurrence.breaks):
        return _("Unterbrechung der Reihe")
    if _falls_into(day, recurrence.absences):
        return _("abwesend")
    return holiday(day, recurrence.land)


def _falls_into(day: date, breaks: Iterable[tuple[date, date]]) -> bool:
    return any(first_on <= day <= last_on for first_on, last_on in breaks)


def _on(day: date, recurrence: Recurrence) -> Iterator[Occurrence]:
    # Counted on the wall clock, so that a day of 23 hours has the same times as any other.
    begin = datetime.combine(day, recurrence.from_time)
    latest = datetime.combine(day, recurrence.until_time) - recurrence.length
    while begin <= latest:
        starts_at = begin.replace(tzinfo=BERLIN).astimezone(UTC)
        if starts_at.astimezone(BERLIN).replace(tzinfo=None) == begin:
            yield Occurrence(starts_at, starts_at + recurrence.length)
        begin += recurrence.length + recurrence.pause
