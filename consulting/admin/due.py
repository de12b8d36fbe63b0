"""What is urgent about a request, in words. The colour only repeats them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from consulting.models import Appointment, ConsultationRequest, State

SOON_DAYS = 1


@dataclass(frozen=True, slots=True)
class Due:
    text: str
    # "overdue", "soon" or "" where there is time.
    urgency: str = ""


NOTHING = Due("")


def due(request: ConsultationRequest, *, now: datetime) -> Due:
    """Whose turn it is by when. Reads the appointments: prefetch them for lists."""
    match request.state:
        case State.OPEN:
            return _answer(request, now)
        case State.CONFIRMED:
            return _outcome(request, now)
        case State.PROPOSED:
            return _reply(request.current_proposal())
        case State.HELD:
            return _reply(request.current_appointment())
    return NOTHING


def _answer(request: ConsultationRequest, now: datetime) -> Due:
    days = (request.due_on - timezone.localdate(now)).days
    if days < 0:
        text = ngettext("seit %(days)d Tag überfällig", "seit %(days)d Tagen überfällig", -days)
        return Due(text % {"days": -days}, "overdue")
    if days == 0:
        return Due(_t("heute zu beantworten"), "soon")
    if days <= SOON_DAYS:
        return Due(_t("morgen zu beantworten"), "soon")
    return Due(_t("in %(days)d Tagen zu beantworten") % {"days": days})


def _outcome(request: ConsultationRequest, now: datetime) -> Due:
    appointment = request.current_appointment()
    if appointment is None or appointment.ends_at > now:
        return NOTHING
    days = (timezone.localdate(now) - appointment.day).days
    if days == 0:
        return Due(_t("war heute, Ausgang noch offen"), "overdue")
    text = ngettext(
        "war vor %(days)d Tag, Ausgang noch offen",
        "war vor %(days)d Tagen, Ausgang noch offen",
        days,
    )
    return Due(text % {"days": days}, "overdue")


def _reply(appointment: Appointment | None) -> Due:
    if appointment is None:
        return NOTHING
    until = date_format(timezone.localtime(appointment.expires_at), "j. F, H:i")
    return Due(_t("Antwort bis %(until)s Uhr") % {"until": until})
