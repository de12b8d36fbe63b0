"""What search engines read of an event: only what its page shows, and never a day that is not known."""

from typing import Any

from django.conf import settings

from events import calendar, dates
from events.models import Event, Format
from ground.land import Land
from projects.schema_org import absolute, known, script

__all__ = ["event", "script"]

_MODES = {
    Format.ON_SITE: "OfflineEventAttendanceMode",
    Format.ONLINE: "OnlineEventAttendanceMode",
    Format.HYBRID: "MixedEventAttendanceMode",
}


def event(event: Event) -> dict[str, Any]:
    """Reads the hosts and themes, prefetch them along."""
    status = "EventCancelled" if event.is_cancelled else "EventScheduled"
    mode = _MODES.get(Format(event.format))
    return known(
        {
            "@type": "Event",
            "@id": absolute(event.get_absolute_url()),
            "url": absolute(event.get_absolute_url()),
            "name": event.title,
            "description": event.teaser,
            "startDate": dates.for_machines(event),
            "endDate": dates.end_for_machines(event),
            "eventStatus": f"https://schema.org/{status}",
            "eventAttendanceMode": mode and f"https://schema.org/{mode}",
            "location": _locations(event),
            "keywords": [theme.name for theme in event.themes.all()],
            "organizer": _organisers(event),
        }
    )


def _locations(event: Event) -> list[dict[str, Any]]:
    locations = []
    if event.format != Format.ONLINE and calendar.place_on_site(event):
        locations.append(_place(event))
    if event.format in (Format.ONLINE, Format.HYBRID):
        # Where people learn how to take part; the video room itself is for those with a seat.
        url = absolute(event.get_absolute_url())
        locations.append({"@type": "VirtualLocation", "url": url})
    return locations


def _place(event: Event) -> dict[str, Any]:
    geo = None
    if event.latitude is not None:
        geo = {
            "@type": "GeoCoordinates",
            "latitude": event.latitude,
            "longitude": event.longitude,
        }
    return known(
        {
            "@type": "Place",
            "name": event.venue or event.city,
            "address": known(
                {
                    "@type": "PostalAddress",
                    "streetAddress": event.address,
                    "addressLocality": event.city,
                    "addressRegion": Land(event.land).label if event.land else "",
                    "addressCountry": "DE",
                }
            ),
            "geo": geo,
        }
    )


def _organisers(event: Event) -> list[dict[str, Any]]:
    hosts = [
        {
            "@type": "Organization",
            "name": project.name,
            "url": absolute(project.get_absolute_url()),
        }
        for project in event.host_projects.all()
    ]
    operator = {"@type": "Organization", "name": settings.OPERATOR["name"]}
    return hosts or ([operator] if operator["name"] else [])
