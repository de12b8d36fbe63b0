"""Which times can be booked now.

What is offered here may be gone a second later: the constraint on `Appointment` decides, and
`actions.SlotTaken` brings the next free times.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone

from consulting.models import Advisor, Appointment, Mode, Slot
from events.models import Event
from finding.same_for_all import clock, shows
from finding.versions import FREE_TIMES, Versions
from ground.calendar import BERLIN
from projects.models import Theme

READ_AHEAD = 6


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
    event: Event | None = None,
    limit: int | None = None,
) -> list[Slot]:
    """The times that a person with these topics can book at `now`, in order; at one `event` if named.

    Four queries, with a `limit` that the nearest times do not fill one more.

    Each slot comes with its advisor. No topics means any advisor.
    """
    advisors = covering(themes, at=event)
    if not advisors:
        return []
    last = now + timedelta(days=max(advisor.horizon_days for advisor in advisors))
    if event is not None:
        last = max(last, event.ends_at)  # announced early, so bookable early: `is_bookable`
    slots = Slot.objects.offered().filter(
        advisor__in=advisors, starts_at__gt=now, starts_at__lte=last
    )
    if mode is not None:
        slots = slots.filter(mode=mode)
    if event is not None:
        slots = slots.filter(event=event)
    first_day, last_day = timezone.localdate(now), timezone.localdate(last)
    in_the_way = taken(advisors, first=first_day, last=last_day, now=now)
    # Who asks for the next five does not need the whole season; mostly the first few do.
    for window in [None] if limit is None else [limit * READ_AHEAD, None]:
        found = list(islice(free(_with(advisors, slots[:window]), in_the_way, now=now), limit))
        if len(found) == limit:
            break
    return found


def at_event(page: Mapping[str, Any]) -> dict[str, str]:
    """For the page of an event: whether its times are free, booked, or not to be booked any more.

    Empty where there are none. Two queries, however many there are.
    """
    offered = page["event"].consultation_slots.offered()
    slots = list(offered.select_related("advisor").order_by("starts_at", "pk"))
    if not slots:
        return {"advice": ""}
    shows(page["request"], FREE_TIMES)
    now = timezone.now()
    if not any(is_bookable(slot, now=now) for slot in slots):
        return {"advice": "too late"}
    advisors = {slot.advisor for slot in slots}
    in_the_way = taken(advisors, first=slots[0].day, last=slots[-1].day, now=now)
    return {"advice": "free" if any(free(slots, in_the_way, now=now)) else "booked"}


def next_change(_versions: Versions, now: datetime) -> datetime | None:
    """When time alone changes which times are free, to everybody; None if never. Three queries."""
    # Times at events are looked for as far ahead as the advisor with the longest view has times.
    furthest = max((advisor.horizon_days for advisor in Advisor.objects.active()), default=0)
    ahead = Slot.objects.offered().ahead(now).order_by()
    moments = []
    for starts_at, event, lead_hours, horizon_days in ahead.values_list(
        "starts_at", "event", "advisor__lead_hours", "advisor__horizon_days"
    ):
        horizon = timedelta(days=furthest if event else horizon_days)
        # At the very moment it can still be booked, unless it begins, and no more the next.
        too_soon = starts_at - timedelta(hours=lead_hours) + timedelta(microseconds=1)
        moments += [starts_at - horizon, min(too_soon, starts_at)]
    moments += (
        Appointment.objects.blocking()
        .filter(expires_at__gt=now)
        .values_list("expires_at", flat=True)
    )
    return min((moment for moment in moments if moment > now), default=None)


def offered(pk: str, *, themes: Collection[Theme], event: Event | None) -> list[Slot]:
    """The slot of this key, as a list, if it is on offer for these topics, and at `event` if named.

    Whether it is free the booking finds out.
    """
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return []
    slots = Slot.objects.offered().filter(pk=pk, advisor__in=covering(themes, at=event))
    if event is not None:
        slots = slots.filter(event=event)
    return list(slots.select_related("advisor"))


def _with(advisors: Iterable[Advisor], slots: Iterable[Slot]) -> Iterator[Slot]:
    """Hand each slot the advisor that we have read already, instead of making one per row."""
    by_pk = {advisor.pk: advisor for advisor in advisors}
    for slot in slots:
        slot.advisor = by_pk[slot.advisor_id]
        yield slot


def covering(themes: Collection[Theme], *, at: Event | None = None) -> list[Advisor]:
    """The active advisors who cover the most of these topics, no one who covers none of them.

    An advisor without topics covers all. At an event only those count who have times there.
    """
    wanted = {theme.pk for theme in themes}
    active = Advisor.objects.active()
    if at is not None:
        active = active.filter(pk__in=at.consultation_slots.order_by().values("advisor"))
    if not wanted:
        return list(active)
    covered = {}
    for advisor in active.prefetch_related("themes"):
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


def free(slots: Iterable[Slot], taken: Iterable[Appointment], *, now: datetime) -> Iterator[Slot]:
    """Those of the slots that can be booked, given what is taken. Asks nothing of the database."""
    per_day: Counter[tuple[int, date]] = Counter()
    calendars: dict[int, Calendar] = defaultdict(Calendar)
    for row in taken:
        per_day[row.advisor_id, row.day] += 1
        calendars[row.advisor_id].block(row.blocked)
    for slot in slots:
        if (
            is_bookable(slot, now=now)
            and per_day[slot.advisor_id, slot.day] < slot.advisor.daily_maximum
            and calendars[slot.advisor_id].is_free(slot.blocked)
        ):
            yield slot


class Calendar:
    """The blocked times of one advisor, which never overlap: that is what the constraint is for."""

    def __init__(self) -> None:
        self._begins: list[datetime] = []
        self._ends: list[datetime] = []

    def block(self, time: DateTimeTZRange) -> None:
        place = bisect_left(self._begins, time.lower)
        self._begins.insert(place, time.lower)
        self._ends.insert(place, time.upper)

    def is_free(self, time: DateTimeTZRange) -> bool:
        """Times that only touch do not disturb each other."""
        before = bisect_left(self._begins, time.upper) - 1
        return before < 0 or self._ends[before] <= time.lower


def is_bookable(slot: Slot, *, now: datetime) -> bool:
    """On offer, neither too soon nor too far ahead for its advisor. Says nothing about free.

    How far ahead does not matter at an event: people plan their journey when it is announced.
    """
    advisor = slot.advisor
    earliest = now + timedelta(hours=advisor.lead_hours)
    latest = now + timedelta(days=advisor.horizon_days)
    return (
        slot.is_offered
        and advisor.is_active
        and slot.starts_at > now
        and earliest <= slot.starts_at
        and (slot.event_id is not None or slot.starts_at <= latest)
    )


def by_day(slots: Iterable[Slot]) -> list[Day]:
    """Slots in order, grouped by the day in Germany."""
    return [Day(day, list(group)) for day, group in groupby(slots, key=lambda slot: slot.day)]


clock(FREE_TIMES, next_change)
