"""What advisors do with their times: publish and withdraw them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from consulting.models import Slot, SlotSeries
from consulting.series import Occurrence, Rule, occurrences


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing a series did to the times on offer."""

    added: int
    withdrawn: int


def rule_of(series: SlotSeries) -> Rule:
    """The rule of a series, stored or not. Breaks of an unstored one are not known yet."""
    breaks = [(row.first_on, row.last_on) for row in series.breaks.all()] if series.pk else []
    return Rule(
        weekday=series.weekday,
        every_weeks=series.every_weeks,
        from_time=series.from_time,
        until_time=series.until_time,
        length=timedelta(minutes=series.length_minutes),
        pause=timedelta(minutes=series.pause_minutes),
        first_on=series.first_on,
        last_on=series.last_on,
        breaks=breaks,
    )


def publish_series(series: SlotSeries, *, now: datetime) -> Published:
    """Put the future times of a series on offer, exactly as its rule says now.

    May be repeated after every change of the rule: times that the rule does not name any more are
    withdrawn, booked dates stay as they are. A time that was withdrawn by hand stays withdrawn, and
    one that exists already, whoever published it, is left as it is.
    """
    with transaction.atomic():
        SlotSeries.objects.select_for_update().get(pk=series.pk)
        wanted = {
            (one.starts_at, one.ends_at): _slot(series, one)
            for one in occurrences(rule_of(series))
            if one.starts_at > now
        }
        withdrawn = _withdraw_others(series, wanted, now)
        future = Slot.objects.filter(series=series, starts_at__gt=now)
        future.update(place=series.place, meeting_link=series.meeting_link)
        before = future.count()
        Slot.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        return Published(added=future.count() - before, withdrawn=withdrawn)


def _withdraw_others(
    series: SlotSeries, wanted: Collection[tuple[datetime, datetime]], now: datetime
) -> int:
    # Deleted, not just hidden: hidden ones would be in the way if the rule came back. Booked dates
    # keep a copy of everything they need.
    others = [
        slot.pk
        for slot in series.slots.filter(starts_at__gt=now)
        if (slot.starts_at, slot.ends_at) not in wanted
        or (slot.advisor_id, slot.mode) != (series.advisor_id, series.mode)
    ]
    Slot.objects.filter(pk__in=others).delete()
    return len(others)


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
