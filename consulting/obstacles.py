"""What speaks against a day or a time, though nothing forbids it: people decide, once they know."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consulting.models import Absence, Advisor, Appointment, ConsultationRequest, Slot
from ground.holidays import holiday
from ground.land import Land


def against(slot: Slot, *, land: str = "") -> list[str]:
    """Sentences about the day of a time: the advisor is away, or it is a public holiday.

    `land` is where the Kommune is; the advisor's own counts as well.
    """
    found = [_holiday(slot.day, of) for of in dict.fromkeys(["", slot.advisor.land, land])]
    sentences = [_away(slot.advisor, slot.day), *found]
    return [sentence for sentence in sentences if sentence]


def in_the_way(slot: Slot, *, but: ConsultationRequest, now: datetime) -> Appointment | None:
    """What the advisor has already at this time, `but` for dates of this request itself."""
    rows = Appointment.objects.blocking().filter(
        advisor=slot.advisor, blocked__overlap=slot.blocked
    )
    return next((row for row in rows.exclude(request=but) if not row.has_lapsed(now)), None)


def closed(advisor: Advisor) -> list[tuple[date, date]]:
    """The days on which an advisor is away, first and last of each time."""
    if advisor.pk is None:
        return []
    return [(row.first_on, row.last_on) for row in advisor.absences.all()]


def _away(advisor: Advisor, day: date) -> str:
    away = Absence.objects.filter(advisor=advisor, first_on__lte=day, last_on__gte=day)
    if not away.exists():
        return ""
    return _("%(name)s ist am %(day)s abwesend.") % {"name": advisor, "day": _spoken(day)}


def _holiday(day: date, land: str) -> str:
    name = holiday(day, land)
    if not name or (land and holiday(day)):  # what is one everywhere is said once
        return ""
    where = _(" in %s") % Land(land).label if land else ""
    return _("Der %(day)s ist%(where)s ein Feiertag: %(name)s.") % {
        "day": _spoken(day),
        "where": where,
        "name": name,
    }


def _spoken(day: date) -> str:
    return date_format(day, "j. F Y")


def is_away(agreed: Appointment | None, *, now: datetime) -> bool:
    """Whether the advisor is away on the day of a date that is still to come."""
    if agreed is None or agreed.has_begun(now):
        return False
    return bool(_away(agreed.advisor, agreed.day))


def agreed_while_away(advisor: Advisor, *, now: datetime) -> QuerySet[Appointment]:
    """Dates to come that lie on days on which the advisor is away, soonest first."""
    return advisor.appointments.while_away(now).select_related("request")
