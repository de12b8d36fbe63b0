"""Times and days as people in Germany count them."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ground.holidays import holiday

# When people at a desk can be expected to read what we send them.
OFFICE_OPENS, OFFICE_CLOSES = time(8), time(17)
MORNING_ENDS = time(12)


def shifted(moment: datetime, *, old: datetime, new: datetime) -> datetime:
    """`moment` moved as `old` was moved to `new`, counted on German clocks.

    What began at nine begins at nine, whatever the clocks do.
    """
    difference = _on_the_wall(new) - _on_the_wall(old)
    return timezone.make_aware(_on_the_wall(moment) + difference)


def working_days_from(day: date, count: int, *, land: str = "") -> date:
    """So many working days later, or before for a negative count.

    Weekends do not count, nor do public holidays: those of all Länder, and with `land` those there.
    """
    step = timedelta(days=1 if count > 0 else -1)
    remaining = abs(count)
    while remaining:
        day += step
        remaining -= is_working_day(day, land)
    return day


def reachable_until(now: datetime, *, at_least: timedelta, land: str = "") -> datetime:
    """Until when a person in an office can be expected to answer what is sent to them at `now`.

    So long within office hours; where it would end outside of them, at least until the end of the next
    working day's morning. `land` is where that office is, as far as it is known.
    """
    end = now + at_least
    begins, ends = _on_the_wall(now), _on_the_wall(end)
    if is_working_day(begins.date(), land) and begins.date() == ends.date():
        if begins.time() >= OFFICE_OPENS and ends.time() <= OFFICE_CLOSES:
            return end
        if begins.time() < OFFICE_OPENS:
            return max(end, _noon(begins.date()))
    return max(end, _noon(working_days_from(begins.date(), 1, land=land)))


def out_of_reach(now: datetime, *, at_least: timedelta) -> datetime:
    """The last moment at which what was sent then is over at `now`, as `reachable_until` says.

    For rules that look at many rows; only for whole days, and without the holidays of a Land.
    """
    today = _on_the_wall(now).date()
    # Sent on that day it could be answered until another noon, which is still to come.
    day = today if is_working_day(today) and now >= _noon(today) else working_days_from(today, -1)
    midnight = timezone.make_aware(datetime.combine(day, time()))
    return min(now - at_least, midnight - timedelta.resolution)


def deadline(moment: datetime) -> str:
    """„Montag, 2. März, 12:00 Uhr“"""
    return _("%s Uhr") % date_format(timezone.localtime(moment), "l, j. F, H:i")


def in_words(duration: timedelta) -> str:
    """„60 Minuten“, „2 Stunden“, „3 Tage“: in the largest unit of which there is more than one."""
    minutes = int(duration.total_seconds()) // 60
    if minutes % (24 * 60) == 0 and minutes > 24 * 60:
        return ngettext("%d Tag", "%d Tage", minutes // (24 * 60)) % (minutes // (24 * 60))
    if minutes % 60 == 0 and minutes > 60:
        return ngettext("%d Stunde", "%d Stunden", minutes // 60) % (minutes // 60)
    return ngettext("%d Minute", "%d Minuten", minutes) % minutes


def is_working_day(day: date, land: str = "") -> bool:
    return day.weekday() < 5 and not holiday(day, land)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING_ENDS))


def _on_the_wall(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)
