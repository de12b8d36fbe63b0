"""Calendar files (RFC 5545, RFC 5546): an invitation that calendars can follow when it changes."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailAttachment
from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress, vText, vUri

from consulting.models import Appointment, ConsultationRequest, Mode
from ground import calendar as ics
from ground.calendar import BERLIN
from office.addresses import admin_page

PRODUCT = "-//Modellprojekte Smart Cities//Start Smart//DE"


def invitation(
    consultation: ConsultationRequest, appointment: Appointment, *, now: datetime
) -> EmailAttachment:
    """An invitation, or the update of one: calendars know it by its UID and take the latest."""
    return _attachment("REQUEST", "CONFIRMED", consultation, appointment, now)


def cancellation(
    consultation: ConsultationRequest, appointment: Appointment, *, now: datetime
) -> EmailAttachment:
    """Takes the entry out of the calendars that hold it."""
    return _attachment("CANCEL", "CANCELLED", consultation, appointment, now)


def feed(appointments: Iterable[Appointment], *, name: str, url: str) -> bytes:
    """An advisor's dates to subscribe to: for whom, when and where, and the page to read the rest.

    Who asked, what for, and how to reach them stands on that page, where one signs in.
    """
    calendar = ics.followed(PRODUCT, name=name, url=url)
    for appointment in appointments:
        calendar.add_component(_own_entry(appointment))
    return calendar.to_ical()


def _own_entry(appointment: Appointment) -> Event:
    consultation = appointment.request
    entry = Event()
    # An agreed date is the entry that the invitation has brought; a proposal may stand beside it.
    name = f"start-smart-vorschlag-{appointment.pk}"
    entry.add("uid", ics.uid(name) if appointment.is_proposal else uid(consultation))
    entry.add("sequence", consultation.version)
    entry.add("dtstamp", consultation.changed_at)
    entry.add("dtstart", appointment.starts_at.astimezone(BERLIN))
    entry.add("dtend", appointment.ends_at.astimezone(BERLIN))
    title = _("Beratung: %s") % consultation.municipality_label
    if appointment.expires_at is not None:
        title = _("Vorgemerkt: %s") % consultation.municipality_label
    entry.add("summary", title)
    entry.add("status", "CONFIRMED" if appointment.expires_at is None else "TENTATIVE")
    entry.add("location", place_of(appointment))
    lines = [_("Vorgangsnummer: %s") % consultation.reference, admin_page(consultation)]
    entry.add("description", "\n".join(lines))
    return entry


def uid(consultation: ConsultationRequest) -> str:
    """The same through all moves: it is the same consultation."""
    return ics.uid(f"start-smart-{consultation.form_token}")


def _attachment(
    method: str,
    status: str,
    consultation: ConsultationRequest,
    appointment: Appointment,
    now: datetime,
) -> EmailAttachment:
    calendar = ics.new(PRODUCT)
    calendar.add("method", method)
    calendar.add_component(_event(status, consultation, appointment, now))
    return EmailAttachment(
        "start-smart.ics", calendar.to_ical(), f'text/calendar; charset="utf-8"; method={method}'
    )


def _event(
    status: str, consultation: ConsultationRequest, appointment: Appointment, now: datetime
) -> Event:
    event = Event()
    event.add("uid", uid(consultation))
    event.add("sequence", consultation.version)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(BERLIN))
    event.add("dtend", appointment.ends_at.astimezone(BERLIN))
    event.add("summary", _("Start Smart: Beratung für %s") % consultation.municipality_label)
    event.add("status", status)
    event.add("location", place_of(appointment))
    event.add("description", _description(consultation, appointment))
    if appointment.mode == Mode.ONLINE and appointment.meeting_link:
        event["url"] = vUri(appointment.meeting_link)
    event["organizer"] = _person(office_address(), settings.OPERATOR["name"] or "Start Smart")
    event.add("attendee", _person(consultation.email, consultation.contact_name), encode=False)
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


def _description(consultation: ConsultationRequest, appointment: Appointment) -> str:
    lines = [
        _("Beratung mit %s") % appointment.advisor.name,
        _("Vorgangsnummer: %s") % consultation.reference,
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
