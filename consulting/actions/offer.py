"""What advisors do with their times: publish and withdraw them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from consulting.mail.rules import RULES
from consulting.models import Advisor, Appointment, Mode, Slot, SlotSeries
from consulting.obstacles import closed
from consulting.series import LeftOut, Occurrence, Recurrence, left_out, occurrences


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing a series did to the times on offer."""

    added: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a series would do at this moment."""

    added: list[Slot]
    # Exist already, no matter who published them.
    kept: list[Slot]
    withdrawn: list[Slot]
    # Days that would have had times, but for a break, an absence or a holiday.
    left_out: list[LeftOut]

    @property
    def fingerprint(self) -> str:
        """Changes with whatever would be done, so that people confirm what they have seen."""
        rows = [
            [(slot.starts_at.timestamp(), slot.ends_at.timestamp(), slot.mode) for slot in slots]
            for slots in (self.added, self.withdrawn)
        ]
        return sha256(repr(rows).encode()).hexdigest()


def recurrence_of(series: SlotSeries) -> Recurrence:
    """How a series recurs, stored or not. Breaks of an unstored one are not known yet."""
    breaks = [(row.first_on, row.last_on) for row in series.breaks.all()] if series.pk else []
    return Recurrence(
        weekday=series.weekday,
        every_weeks=series.every_weeks,
        from_time=series.from_time,
        until_time=series.until_time,
        length=timedelta(minutes=series.length_minutes),
        pause=timedelta(minutes=series.pause_minutes),
        first_on=series.first_on,
        last_on=series.last_on,
        breaks=breaks,
        absences=closed(series.advisor),
        land=series.advisor.land,
    )


def give_room(advisor: Advisor, *, now: datetime) -> tuple[int, int]:
    """Give the advisor's video room to the online dates to come that have none; returns how many.

    People were told that the link is still to come: it stands in the reminder then, and on their page.
    Of how many that are agreed no reminder is to come any more, is returned, too.
    """
    waiting = Appointment.objects.blocking().filter(
        advisor=advisor, mode=Mode.ONLINE, meeting_link="", starts_at__gt=now
    )
    too_soon = waiting.firm().filter(starts_at__lte=now + RULES[-1].before).count()
    return waiting.update(meeting_link=advisor.meeting_link), too_soon


def publish_series(series: SlotSeries, *, now: datetime) -> Published:
    """Put the future times of a series on offer, exactly as its rule says now.

    May be repeated after every change of the rule: times that the rule does not name any more are
    withdrawn, booked dates stay as they are. A time that was withdrawn by hand stays withdrawn, and
    one that exists already, no matter who published it, is left as it is.
    """
    with transaction.atomic():
        SlotSeries.objects.select_for_update().get(pk=series.pk)
        wanted = {
            (one.starts_at, one.ends_at): _slot(series, one)
            for one in occurrences(recurrence_of(series))
            if one.starts_at > now
        }
        withdrawn = _withdraw_others(series, wanted, now)
        future = Slot.objects.filter(series=series, starts_at__gt=now)
        future.update(place=series.place, meeting_link=series.meeting_link)
        before = future.count()
        Slot.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        return Published(added=future.count() - before, withdrawn=withdrawn)


def preview_series(series: SlotSeries, *, now: datetime) -> Preview:
    """Work out what `publish_series` would do, without doing it."""
    recurrence = recurrence_of(series)
    wanted = [_slot(series, one) for one in occurrences(recurrence) if one.starts_at > now]
    stored = Slot.objects.filter(advisor=series.advisor, mode=series.mode, starts_at__gt=now)
    known = set(stored.values_list("starts_at", "ends_at"))
    return Preview(
        added=[slot for slot in wanted if (slot.starts_at, slot.ends_at) not in known],
        kept=[slot for slot in wanted if (slot.starts_at, slot.ends_at) in known],
        withdrawn=_others(series, {(slot.starts_at, slot.ends_at) for slot in wanted}, now),
        left_out=left_out(recurrence),
    )


def withdraw_series(series: SlotSeries, *, now: datetime) -> int:
    """Take all future times of a series off and return how many; booked dates stay as they are.

    Publishing the series again would bring them back.
    """
    with transaction.atomic():
        SlotSeries.objects.select_for_update().get(pk=series.pk)
        return _withdraw_others(series, (), now)


def withdraw(slots: QuerySet[Slot], *, now: datetime) -> int:
    """Take future times off and return how many; dates booked there stay as they are.

    Publishing their series again does not bring them back.
    """
    pks = list(slots.values_list("pk", flat=True))
    offered = Slot.objects.filter(pk__in=pks, is_offered=True, starts_at__gt=now)
    return offered.update(is_offered=False)


def _withdraw_others(
    series: SlotSeries, wanted: Collection[tuple[datetime, datetime]], now: datetime
) -> int:
    # Deleted, not just hidden: hidden ones would be in the way if the rule came back. Booked dates
    # keep a copy of everything they need.
    others = _others(series, wanted, now)
    Slot.objects.filter(pk__in=[slot.pk for slot in others]).delete()
    return len(others)


def _others(
    series: SlotSeries, wanted: Collection[tuple[datetime, datetime]], now: datetime
) -> list[Slot]:
    return [
        slot
        for slot in series.slots.filter(starts_at__gt=now)
        if (slot.starts_at, slot.ends_at) not in wanted
        or (slot.advisor_id, slot.mode) != (series.advisor_id, series.mode)
    ]


def _slot(series: SlotSeries, occurrence: Occurrence) -> Slot:
    return Slot(
        advisor=series.advisor,
        series=series,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        mode=series.mode,
        place=series.place,
        meeting_link=series.meeting_link,
    )
