"""Calendar files (RFC 5545, RFC 5546): an invitation that calendars can follow when it changes."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailAttachment
from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
    vUri,
)

from consulting.models import Appointment, ConsultationRequest, Mode
from consulting.series import BERLIN

PRODUCT = "-//Modellprojekte Smart Cities//Start Smart//DE"


def invitation(
    request: ConsultationRequest, appointment: Appointment, *, now: datetime
) -> EmailAttachment:
    """An invitation, or the update of one: calendars know it by its UID and take the latest."""
    return _attachment("REQUEST", "CONFIRMED", request, appointment, now)


def cancellation(
    request: ConsultationRequest, appointment: Appointment, *, now: datetime
) -> EmailAttachment:
    """Takes the entry out of the calendars that hold it."""
    return _attachment("CANCEL", "CANCELLED", request, appointment, now)


def uid(request: ConsultationRequest) -> str:
    """The same through all moves: it is the same consultation."""
    return f"start-smart-{request.form_token}@{urlsplit(settings.SITE_URL).hostname}"


def _attachment(
    method: str,
    status: str,
    request: ConsultationRequest,
    appointment: Appointment,
    now: datetime,
) -> EmailAttachment:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    # Not UTC: somebody who reads the file, or moves the entry by hand, sees the time on the clock.
    calendar.add_component(_berlin())
    calendar.add_component(_event(status, request, appointment, now))
    return EmailAttachment(
        "start-smart.ics", calendar.to_ical(), f'text/calendar; charset="utf-8"; method={method}'
    )


def _berlin() -> Timezone:
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


def _event(
    status: str, request: ConsultationRequest, appointment: Appointment, now: datetime
) -> Event:
    event = Event()
    event.add("uid", uid(request))
    event.add("sequence", request.version)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(BERLIN))
    event.add("dtend", appointment.ends_at.astimezone(BERLIN))
    event.add("summary", _("Start Smart: Beratung für %s") % request.municipality_label)
    event.add("status", status)
    event.add("location", place_of(appointment))
    event.add("description", _description(request, appointment))
    if appointment.mode == Mode.ONLINE and appointment.meeting_link:
        event["url"] = vUri(appointment.meeting_link)
    event["organizer"] = _person(office_address(), settings.OPERATOR["name"] or "Start Smart")
    event.add("attendee", _person(request.email, request.contact_name), encode=False)
    event.add(
        "attendee", _person(appointment.advisor.email, appointment.advisor.name), encode=False
    )
    return event


def place_of(appointment: Appointment) -> str:
    """Where to be, in one line."""
    if appointment.mode == Mode.ONLINE:
        return appointment.meeting_link or _("online")
    if appointment.mode == Mode.PHONE:
        return _("Telefon")
    return appointment.place


def _description(request: ConsultationRequest, appointment: Appointment) -> str:
    lines = [
        _("Beratung mit %s") % appointment.advisor.name,
        _("Vorgangsnummer: %s") % request.reference,
    ]
    if appointment.mode == Mode.ONLINE and appointment.meeting_link:
        lines.append(_("Videoraum: %s") % appointment.meeting_link)
    if appointment.mode == Mode.PHONE:
        lines.append(_("%s ruft Sie an.") % appointment.advisor.name)
    return "\n".join(lines)


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name)
    person.params["PARTSTAT"] = vText("ACCEPTED")
    return person


def office_address() -> str:
    """Where the office of Start Smart gets its e-mails."""
    return (
        settings.START_SMART_EMAIL
        or settings.OPERATOR["email"]
        or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    )
