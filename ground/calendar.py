"""What every calendar file of the portal has in common (RFC 5545): times as German clocks show them."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vUri

BERLIN = ZoneInfo("Europe/Berlin")
CONTENT_TYPE = "text/calendar; charset=utf-8"
# How often a calendar should look for changes.
REFRESH = timedelta(hours=6)


def new(product: str) -> Calendar:
    """An empty calendar file."""
    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    # Not UTC: a person who reads the file, or moves the entry by hand, sees the time on the clock.
    calendar.add_component(berlin())
    return calendar


def followed(product: str, *, name: str, url: str) -> Calendar:
    """An empty calendar to subscribe to, under this address."""
    calendar = new(product)
    calendar.add("name", name)
    # What most calendars read instead of NAME and REFRESH-INTERVAL, which are younger.
    calendar.add("x-wr-calname", name)
    refresh = vDuration(REFRESH)
    refresh.params["VALUE"] = "DURATION"
    calendar["refresh-interval"] = refresh
    calendar["x-published-ttl"] = vDuration(REFRESH)
    calendar["source"] = vUri(url)
    return calendar


def as_webcal(url: str) -> str:
    """The same address for a program that subscribes instead of opening a file once."""
    return f"webcal://{url.partition('://')[2]}"


def berlin() -> Timezone:
    """The rule of the European Union since 1996, in the two lines that every calendar understands.

    What the library makes of a zone is a list of single days, which not all of them follow.
    """
    zone = Timezone()
    zone.add("tzid", "Europe/Berlin")
    for part, name, onset, month, before, after in (
        (TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), 3, 1, 2),  # noqa: DTZ001 -- RFC 5545: local time
        (TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), 10, 2, 1),  # noqa: DTZ001 -- the same
    ):
        part.add("dtstart", onset)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def uid(name: str) -> str:
    """A name that no other portal gives to an entry, and that stays as long as the portal's address."""
    return f"{name}@{urlsplit(settings.SITE_URL).hostname}"
