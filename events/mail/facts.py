"""What every e-mail about an event says of it, and where answers go."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events import calendar, dates
from events.models import SEATED, Event, Mode, Precision, Registration, RegistrationState

_SEAT_ONLINE = (Mode.ONLINE, RegistrationState.SEAT)


@dataclass(frozen=True, slots=True)
class About:
    """The facts of an event in words, worked out once for however many people."""

    title: str
    when: str
    day: str
    where: str
    on_site: str  # for those who come in person
    access_note: str
    url: str
    # Only for those who have a seat online; templates take it from `meeting_link`.
    online_link: str

    def meeting_link(self, mode: str, state: str) -> str:
        """The video room, for a confirmed seat online; "" for everybody else."""
        return self.online_link if (mode, state) == _SEAT_ONLINE else ""


def about(event: Event) -> About:
    return About(
        title=event.title,
        when=event.when,
        day=_day(event),
        where=calendar.place(event),
        on_site=calendar.place_on_site(event),
        access_note=event.access_note,
        url=settings.SITE_URL + event.get_absolute_url(),
        online_link=event.online_link,
    )


def chosen(registration: Registration) -> str:
    """A line with the items of the programme that a person has chosen, or wishes for; "" without any."""
    titles = [item.title for item in registration.sessions.all()]
    if not titles:
        return ""
    word = _("Gewählt") if registration.state in SEATED else _("Gewünscht")
    return f"\n{word}: {', '.join(titles)}"


def _day(event: Event) -> str:
    """For a subject: the first day as far as it is known, „17. Juni 2026“ or „Juni 2026“."""
    if event.precision in (Precision.TIME, Precision.DAY):
        return date_format(event.first_day, "j. F Y")
    return dates.month_in_words(event)


def reply_address(event: Event) -> str:
    """Where answers go: to the contact of the event, of its community, or the operator."""
    community = event.community
    if event.contact_email or community is None:
        return event.contact_email or settings.OPERATOR["email"]
    return community.answers_to or settings.OPERATOR["email"]
