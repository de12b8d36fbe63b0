"""Calendar files of events (RFC 5545, RFC 5546, RFC 7986): feeds, single entries, invitations.

An entry keeps its UID for ever and its SEQUENCE is the event's own, so what a person got by e-mail and
what they follow as a feed is one entry in their calendar. Events that are only known to the month are
in no calendar, which would have to name a day.

The link to the video room is in none of these files but an `invitation` to a person with a seat.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailAttachment
from django.utils.translation import gettext as _
from icalendar import Event as Entry
from icalendar import vCalAddress, vText, vUri

from events import dates
from events.models import Event, Format, Mode, Precision
from ground import calendar as ics
from ground.calendar import BERLIN

PRODUCT = "-//Modellprojekte Smart Cities//Veranstaltungen//DE"
# Before all that is sent; a SEQUENCE that counts from there stays below 2^31 until 2092.
FIRST_SECOND = datetime(2024, 1, 1, tzinfo=BERLIN)
IN_CALENDARS = (Precision.TIME, Precision.DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What one person's calendar says of an event beyond what everybody reads."""

    title: str  # stands before the title: „Warteliste“
    is_tentative: bool


def feed(
    events: Iterable[Event],
    *,
    name: str,
    url: str,
    remarks: dict[int, Remark] | None = None,
) -> bytes:
    """A calendar to subscribe to. `remarks` are by the event's primary key.

    Reads `host_projects` and `parts` of each event, prefetch them along.
    """
    calendar = ics.followed(PRODUCT, name=name, url=url)
    for event in events:
        if event.precision in IN_CALENDARS:
            calendar.add_component(_entry(event, (remarks or {}).get(event.pk)))
    return calendar.to_ical()


def single(event: Event) -> bytes | None:
    """One event to put into a calendar; None where its day is not known."""
    if event.precision not in IN_CALENDARS:
        return None
    calendar = ics.new(PRODUCT)
    calendar.add_component(_entry(event))
    return calendar.to_ical()


def invitation(
    event: Event, *, name: str, email: str, mode: str, has_seat: bool, now: datetime
) -> EmailAttachment:
    """For a person who is registered. Only who has a seat and takes part online gets the link."""
    entry = _entry(event)
    _address(entry, event, name, email, "ACCEPTED" if has_seat else "TENTATIVE")
    if not has_seat:
        entry["status"] = vText("TENTATIVE")
    elif mode == Mode.ONLINE and event.online_link:
        entry["location"] = vText(event.online_link)
        entry["description"] = vText(
            _("Videoraum: %s") % event.online_link + "\n\n" + str(entry["description"])
        )
    elif mode == Mode.ON_SITE:
        entry["location"] = vText(place_on_site(event))
    return _attachment("REQUEST", entry, now)


def cancellation(event: Event, *, name: str, email: str, now: datetime) -> EmailAttachment:
    """Takes the entry out of the calendar of a person who does not take part (any more)."""
    entry = _entry(event)
    _address(entry, event, name, email, "DECLINED")
    entry["status"] = vText("CANCELLED")
    return _attachment("CANCEL", entry, now)


def uid(event: Event) -> str:
    return ics.uid(f"veranstaltung-{event.uid}")


def place_on_site(event: Event) -> str:
    """Venue and address in one line, each word once: „Stadthalle, Friedrichstraße 10, Gütersloh“."""
    parts = [event.venue, event.address]
    if event.city and event.city not in event.address:
        parts.append(event.city)
    return ", ".join(part for part in parts if part)


def place(event: Event) -> str:
    """Where it takes place, for everybody to read: never the link."""
    on_site = place_on_site(event)
    if event.format == Format.ONLINE:
        return _("online")
    if event.format == Format.HYBRID:
        return _("%s und online") % on_site if on_site else _("vor Ort und online")
    return on_site


def _entry(event: Event, remark: Remark | None = None) -> Entry:
    entry = Entry()
    entry.add("uid", uid(event))
    entry.add("sequence", event.sequence)
    # Without METHOD this is when the entry last changed, so an unchanged feed stays the same file.
    entry.add("dtstamp", event.updated_at)
    entry.add("last-modified", event.updated_at)
    _add_time(entry, event)
    entry.add("summary", _title(event, remark))
    is_tentative = remark is not None and remark.is_tentative
    status = "CANCELLED" if event.is_cancelled else "TENTATIVE" if is_tentative else "CONFIRMED"
    entry.add("status", status)
    if where := place(event):
        entry.add("location", where)
    if event.latitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    entry.add("categories", [str(event.get_kind_display())])
    entry.add("description", _description(event))
    entry["url"] = vUri(_address_of(event))
    return entry


def _add_time(entry: Entry, event: Event) -> None:
    if event.precision == Precision.TIME:
        entry.add("dtstart", event.starts_at.astimezone(BERLIN))
        entry.add("dtend", event.ends_at.astimezone(BERLIN))
        return
    entry.add("dtstart", dates.first_day(event))
    entry.add("dtend", dates.last_day(event) + timedelta(days=1))
    # No one is busy for days because a congress takes place.
    entry.add("transp", "TRANSPARENT")


def _title(event: Event, remark: Remark | None) -> str:
    # Some calendars do not show STATUS.
    if event.is_cancelled:
        return _("Abgesagt: %s") % event.title
    return f"{remark.title}: {event.title}" if remark and remark.title else event.title


def _description(event: Event) -> str:
    lines = [event.kind_and_number]
    if event.is_cancelled:
        lines.append(_("Abgesagt: %s") % event.cancel_reason)
    lines += [event.teaser, *(part.title for part in public_parts(event))]
    # E-mails bring an entry along as well, and read all hosts of an event.
    if hosts := [project.name for project in event.host_projects.all() if project.is_public]:
        lines.append(_("Gastgeber: %s") % ", ".join(hosts))
    lines.append(_("Alles zur Veranstaltung: %s") % _address_of(event))
    return "\n".join(line for line in lines if line)


def public_parts(event: Event) -> Sequence[Event]:
    """What belongs to the same visit and everybody may see; uses what was prefetched."""
    return [part for part in event.parts.all() if part.is_public]


def _address(entry: Entry, event: Event, name: str, email: str, answer: str) -> None:
    organiser = event.contact_email or settings.OPERATOR["email"]
    organiser = organiser or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    entry["organizer"] = _person(organiser, event.contact_name or settings.OPERATOR["name"])
    person = _person(email, name)
    person.params["PARTSTAT"] = vText(answer)
    entry.add("attendee", person, encode=False)


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(" ".join(name.split()))
    return person


def _attachment(method: str, entry: Entry, now: datetime) -> EmailAttachment:
    calendar = ics.new(PRODUCT)
    calendar.add("method", method)
    del entry["dtstamp"], entry["sequence"]
    entry.add("dtstamp", now)
    # RFC 5546: each must have a higher one than that before, also when a person cancels and registers
    # again while the event stays as it is. So it counts seconds, not changes of the event.
    entry.add("sequence", int((now - FIRST_SECOND).total_seconds()))
    calendar.add_component(entry)
    return EmailAttachment(
        "veranstaltung.ics",
        calendar.to_ical(),
        f'text/calendar; charset="utf-8"; method={method}',
    )


def _address_of(event: Event) -> str:
    return f"{settings.SITE_URL}{event.get_absolute_url()}"
