"""How the date of an event is said: to people, and in the forms that machines read.

None of these ever says more than `Precision` knows. That nothing is known is "" or None.
"""

from datetime import date, datetime, timedelta
from typing import Protocol

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Precision(models.TextChoices):
    """How well the date is known. Only a date with its time can be registered for or reminded of."""

    TIME = "zeit", gettext_lazy("mit Uhrzeit")
    DAY = "tag", gettext_lazy("auf den Tag")
    MONTH = "monat", gettext_lazy("auf den Monat")
    ROUGH = "ungefaehr", gettext_lazy("nur ungefähr, in Worten")


class Dated(Protocol):
    precision: str
    starts_at: datetime | None
    ends_at: datetime | None
    date_text: str


def in_words(event: Dated) -> str:
    """„Dienstag, 14. Januar 2025, 10:00 bis 12:00 Uhr“, „7. bis 9. November 2023“, „März/April 2022“."""
    if event.precision == Precision.ROUGH or event.starts_at is None:
        return event.date_text
    first, last = first_day(event), last_day(event)
    if event.precision == Precision.MONTH:
        return _months(first, last)
    if event.precision == Precision.DAY:
        return _days(first, last)
    return _times(timezone.localtime(event.starts_at), timezone.localtime(event.ends_at))


def month_in_words(event: Dated) -> str:
    """The month in which it begins, „Oktober 2024“; of a rough date its own words."""
    if event.precision == Precision.ROUGH or event.starts_at is None:
        return event.date_text
    return _month(first_day(event))


def for_machines(event: Dated) -> str:
    """The beginning for `<time datetime="…">`: a moment with its offset, a day, a month, or ""."""
    if event.precision == Precision.ROUGH or event.starts_at is None:
        return ""
    if event.precision == Precision.TIME:
        return timezone.localtime(event.starts_at).isoformat(timespec="minutes")
    first = first_day(event)
    return f"{first:%Y-%m}" if event.precision == Precision.MONTH else first.isoformat()


def end_for_machines(event: Dated) -> str:
    """The end in the same form as the beginning; of days and months the last that belongs to it."""
    if event.precision == Precision.ROUGH or event.ends_at is None:
        return ""
    if event.precision == Precision.TIME:
        return timezone.localtime(event.ends_at).isoformat(timespec="minutes")
    last = last_day(event)
    return f"{last:%Y-%m}" if event.precision == Precision.MONTH else last.isoformat()


def first_day(event: Dated) -> date | None:
    """The first day in Germany; unless the day is known, only good for sorting."""
    return timezone.localdate(event.starts_at) if event.starts_at else None


def last_day(event: Dated) -> date | None:
    """The last day in Germany: what ends at midnight does not take place on the day that begins."""
    if event.ends_at is None:
        return None
    return timezone.localdate(event.ends_at - timedelta(microseconds=1))


def years(event: Dated) -> range:
    """The years it touches: what goes from October to August belongs to both."""
    if event.starts_at is None:
        return range(0)
    return range(first_day(event).year, last_day(event).year + 1)


def _times(begin: datetime, end: datetime) -> str:
    if begin.date() == end.date():
        return _("%(day)s, %(begin)s bis %(end)s Uhr") % {
            "day": _day(begin, weekday=True),
            "begin": f"{begin:%H:%M}",
            "end": f"{end:%H:%M}",
        }
    return _("%(first)s, %(begin)s Uhr bis %(last)s, %(end)s Uhr") % {
        "first": _day(begin, weekday=True),
        "begin": f"{begin:%H:%M}",
        "last": _day(end, weekday=True),
        "end": f"{end:%H:%M}",
    }


def _days(first: date, last: date) -> str:
    if first == last:
        return _day(first, weekday=True)
    if first.year != last.year:
        begin = _day(first)
    elif first.month != last.month:
        begin = date_format(first, "j. F")
    else:
        begin = date_format(first, "j.")
    return _span(begin, _day(last))


def _months(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return _month(first)
    if first.year == last.year:
        return _span(date_format(first, "F"), _month(last))
    return _span(_month(first), _month(last))


def _span(first: str, last: str) -> str:
    return _("%(first)s bis %(last)s") % {"first": first, "last": last}


def _day(day: date, *, weekday: bool = False) -> str:
    return date_format(day, "l, j. F Y" if weekday else "j. F Y")


def _month(day: date) -> str:
    return date_format(day, "F Y")
