"""Which times can be booked now.

What is offered here may be gone a second later: the constraint on `Appointment` decides, and
`actions.SlotTaken` brings the next free times.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone

from consulting.models import Advisor, Appointment, Mode, Slot
from consulting.series import BERLIN
from projects.models import Theme


@dataclass(frozen=True, slots=True)
class Day:
    """A day with free times."""

    date: date
    slots: list[Slot]


def free_slots(
    *,
    now: datetime,
    themes: Collection[Theme] = (),
    mode: Mode | None = None,
    limit: int | None = None,
) -> list[Slot]:
    """The times that somebody with these topics can book at `now`, in order; four queries at most.

    Each slot comes with its advisor. No topics means any advisor.
    """
    advisors = covering(themes)
    if not advisors:
        return []
    last = now + timedelta(days=max(advisor.horizon_days for advisor in advisors))
    slots = (
        Slot.objects.offered()
        .filter(advisor__in=advisors, starts_at__gt=now, starts_at__lte=last)
        .select_related("advisor")
    )
    if mode is not None:
        slots = slots.filter(mode=mode)
    first_day, last_day = timezone.localdate(now), timezone.localdate(last)
    in_the_way = taken(advisors, first=first_day, last=last_day, now=now)
    return free(slots, in_the_way, now=now)[:limit]


def covering(themes: Collection[Theme]) -> list[Advisor]:
    """The active advisors who cover the most of these topics, nobody who covers none of them.

    An advisor without topics covers all.
    """
    wanted = {theme.pk for theme in themes}
    if not wanted:
        return list(Advisor.objects.active())
    covered = {}
    for advisor in Advisor.objects.active().prefetch_related("themes"):
        own = {theme.pk for theme in advisor.themes.all()}
        covered[advisor] = len(wanted & own) if own else len(wanted)
    most = max(covered.values(), default=0)
    if not most:
        return []
    return [advisor for advisor, count in covered.items() if count == most]


def taken(
    advisors: Collection[Advisor], *, first: date, last: date, now: datetime
) -> list[Appointment]:
    """What blocks these advisors on these days; lapsed holds do not, even if still stored."""
    stored = blocking(advisors, first=first, last=last)
    return [row for row in stored if not row.has_lapsed(now)]


def blocking(advisors: Collection[Advisor], *, first: date, last: date) -> QuerySet[Appointment]:
    """What the database holds against these advisors on these days in Germany, lapsed or not."""
    begin = datetime.combine(first, time.min, tzinfo=BERLIN)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=BERLIN)
    days = DateTimeTZRange(begin, end)
    return Appointment.objects.blocking().filter(advisor__in=advisors, blocked__overlap=days)


def free(slots: Iterable[Slot], taken: Sequence[Appointment], *, now: datetime) -> list[Slot]:
    """Those of the slots that can be booked, given what is taken. Asks nothing of the database."""
    per_day = Counter((row.advisor_id, row.day) for row in taken)
    blocked: dict[int, list] = {}
    for row in taken:
        blocked.setdefault(row.advisor_id, []).append(row.blocked)
    return [
        slot
        for slot in slots
        if is_bookable(slot, now=now)
        and per_day[slot.advisor_id, slot.day] < slot.advisor.daily_maximum
        and not any(overlaps(slot.blocked, other) for other in blocked.get(slot.advisor_id, ()))
    ]


def is_bookable(slot: Slot, *, now: datetime) -> bool:
    """On offer, neither too soon nor too far ahead for its advisor. Says nothing about free."""
    advisor = slot.advisor
    earliest = now + timedelta(hours=advisor.lead_hours)
    latest = now + timedelta(days=advisor.horizon_days)
    return (
        slot.is_offered
        and advisor.is_active
        and slot.starts_at > now
        and earliest <= slot.starts_at <= latest
    )


def overlaps(one, other) -> bool:
    """Whether two half-open ranges share an instant; ranges that only touch do not."""
    return one.lower < other.upper and other.lower < one.upper


def by_day(slots: Iterable[Slot]) -> list[Day]:
    """Slots in order, grouped by the day in Germany."""
    return [Day(day, list(group)) for day, group in groupby(slots, key=lambda slot: slot.day)]
