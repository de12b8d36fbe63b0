"""What every calendar file of the portal has in common (RFC 5545): times as German clocks show them."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

BERLIN = ZoneInfo("Europe/Berlin")


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
