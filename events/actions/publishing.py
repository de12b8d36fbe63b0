"""What hosts do with an event: publish, move, cancel, conclude and repeat it.

Each is one transaction and changes the event only if it still is what the caller has read
(`sequence`), so of two colleagues one succeeds. What people must know is stored as e-mails with the
change. Other fields of an event are edited silently: a corrected typo is no news.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events import followers
from events.actions import seats as seat
from events.actions.waiting import move_up
from events.mail.changes import tell_cancelled, tell_moved
from events.models import (
    AgendaItem,
    Event,
    EventQuestion,
    EventState,
    Format,
    Mode,
    Precision,
    Registration,
    ReminderRule,
    Seats,
)
from ground.clock import shifted
from ground.contention import again_after_deadlock
from ground.names import fold
from ground.refusals import NotPossible, Overtaken

# What a person who wants to come has to know. Nothing else about an event is told by e-mail.
PLACE_AND_FORM = ("format", "venue", "address", "city", "land", "online_link")
TOLD = ("precision", "starts_at", "ends_at", "date_text", *PLACE_AND_FORM)
MODES = {
    Format.UNKNOWN: frozenset(),
    Format.ON_SITE: frozenset({Mode.ON_SITE}),
    Format.ONLINE: frozenset({Mode.ONLINE}),
    Format.HYBRID: frozenset({Mode.ON_SITE, Mode.ONLINE}),
}
_COPIED_M2M = ("host_projects", "themes")


class NotReady(NotPossible):
    """Something is missing; `problems` says what, in sentences for the hosts."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class NoRoom(NotPossible):
    """Not everybody who is registered has a seat in the new form. Nothing was changed."""


def missing(event: Event) -> list[str]:
    """What has to be filled in before everybody may see the event."""
    problems = []
    if event.starts_at is None:
        problems.append(_("Es fehlt der Termin."))
    if not event.takes_registrations:
        return problems
    if not event.format:
        problems.append(_("Es fehlt die Form: vor Ort, online oder beides."))
    lacking = MODES[Format(event.format)] - set(event.seats.values_list("mode", flat=True))
    problems += [_("Es fehlen die Plätze für „%s“.") % Mode(mode).label for mode in sorted(lacking)]
    if Mode.ONLINE in MODES[Format(event.format)] and not event.online_link:
        problems.append(_("Es fehlt der Link zum Videoraum."))
    return problems


def publish(event: Event, *, now: datetime) -> Event:
    """Show a draft to everybody and open its registration.

    Raises `NotReady` if something is missing, `Overtaken` if it is no draft (any more).
    """
    if problems := missing(event):
        raise NotReady(problems)
    with transaction.atomic():
        current = _advance(
            event, expected=EventState.DRAFT, state=EventState.PUBLISHED, moved_at=now
        )
        if current.format:
            # Left from the event it was copied from, say: no one can come that way.
            modes = MODES[Format(current.format)]
            current.seats.exclude(mode__in=modes).filter(taken=0, waiting=0).delete()
        return current


@again_after_deadlock
def move(event: Event, *, now: datetime, **changes: Any) -> Event:
    """Give a published event another time, place, form or link, and tell those who count on it.

    `changes` are fields of `TOLD`. The programme moves along with the beginning. Where a form ends
    (on site, say), its seats and people go over to the other one.

    Raises `Overtaken` if the event has changed meanwhile, is over or not published, `NoRoom` if the
    other form has too few seats, `ValueError` if nothing is different.
    """
    unknown = set(changes) - set(TOLD)
    if unknown:
        raise TypeError(f"Nobody is told of {sorted(unknown)}.")
    if not any(getattr(event, name) != value for name, value in changes.items()):
        raise ValueError("Nothing is different.")
    if event.is_past(now):
        raise Overtaken
    before = Event.objects.get(pk=event.pk)
    with transaction.atomic():
        current = _advance(event, expected=EventState.PUBLISHED, **changes)
        _move_seats(current)
        tell_moved(current, before, now=now)
        if before.has_time and current.starts_at != before.starts_at:
            _move_agenda(current, before)  # locked last, as everywhere
        followers.tell_moved(current, before, now=now)
        move_up(current, now=now)
    return current


@again_after_deadlock
def cancel(event: Event, reason: str, *, now: datetime) -> Event:
    """Call off a published event, with a reason that everybody reads, and tell those who wanted to come.

    It stays visible as cancelled. Raises `ValueError` without a reason, `Overtaken` if it is over,
    not published or has changed meanwhile.
    """
    if not reason.strip():
        raise ValueError("People who wanted to come are told why.")
    if event.is_past(now):
        raise Overtaken
    with transaction.atomic():
        current = _advance(
            event,
            expected=EventState.PUBLISHED,
            state=EventState.CANCELLED,
            cancel_reason=reason,
            cancelled_at=now,
        )
        seat.lock_all(current)
        tell_cancelled(current, reason, now=now)
        followers.tell_cancelled(current, reason, now=now)
    return current


def complete(event: Event, *, attendees: int | None, documentation: str, now: datetime) -> Event:
    """Write down how many came and what came of it. It is told to no one; calendars learn it.

    Raises `Overtaken` if the event is not over yet, not published or has changed meanwhile.
    """
    if not event.is_past(now):
        raise Overtaken
    with transaction.atomic():
        return _advance(
            event,
            expected=EventState.PUBLISHED,
            attendees=attendees,
            documentation=documentation,
        )


def duplicate(event: Event, *, starts_at: datetime, ends_at: datetime) -> Event:
    """A draft like this event at another time: its programme, seats, hosts, themes and reminders.

    The programme and the days of registration keep their distance to the beginning on German clocks.
    What belongs to the one event only is left out: people, documents, sources, the look back, its
    number and video room.
    """
    copy = Event.objects.get(pk=event.pk)
    copy.pk, copy._state.adding = None, True
    copy.uid, copy.sequence, copy.number = uuid.uuid4(), 0, None
    copy.slug = _free_slug(event.title, starts_at)
    copy.state, copy.cancel_reason, copy.cancelled_at = EventState.DRAFT, "", None
    copy.documentation, copy.attendees, copy.check_note, copy.editors_note = "", None, "", ""
    copy.part_of, copy.moved_at, copy.minutes_nudged_at = None, None, None
    copy.precision, copy.date_text = Precision.TIME, ""
    copy.online_link = ""
    copy.starts_at, copy.ends_at = starts_at, ends_at
    for name in ("registration_opens_at", "registration_closes_at"):
        setattr(copy, name, _like(getattr(event, name), event.starts_at, starts_at))
    with transaction.atomic():
        copy.save(force_insert=True)
        for name in _COPIED_M2M:
            getattr(copy, name).set(getattr(event, name).all())
        Seats.objects.bulk_create(_copies(event.seats.all(), copy, {"taken": 0, "waiting": 0}))
        EventQuestion.objects.bulk_create(_copies(event.questions.all(), copy, {}))
        ReminderRule.objects.bulk_create(_copies(event.reminder_rules.all(), copy, {}))
        items = _copies(event.agenda.all(), copy, {"taken": 0})
        for item in items:
            _shift(item, event.starts_at, starts_at)
        AgendaItem.objects.bulk_create(items)
    return copy


def _advance(event: Event, *, expected: EventState, **changes: Any) -> Event:
    """Change an event that still is what the caller has read; returns it as it is now."""
    changed = Event.objects.filter(pk=event.pk, sequence=event.sequence, state=expected).update(
        sequence=F("sequence") + 1, updated_at=timezone.now(), **changes
    )
    if not changed:
        raise Overtaken
    return Event.objects.get(pk=event.pk)


def _move_agenda(event: Event, before: Event) -> None:
    items = list(event.agenda.all())
    for item in items:
        _shift(item, before.starts_at, event.starts_at)
    AgendaItem.objects.bulk_update(items, ["starts_at", "ends_at"])


def _shift(item: AgendaItem, old: datetime | None, new: datetime) -> None:
    item.starts_at = _like(item.starts_at, old, new)
    item.ends_at = _like(item.ends_at, old, new)


def _like(moment: datetime | None, old: datetime | None, new: datetime) -> datetime | None:
    return moment if moment is None or old is None else shifted(moment, old=old, new=new)


def _move_seats(event: Event) -> None:
    """Bring the people of a form that has ended into the one that is left."""
    modes = MODES[Format(event.format)]
    seats = {row.mode: row for row in seat.lock_all(event)}
    if not modes:
        return
    for mode, row in seats.items():
        if mode in modes:
            continue
        (other,) = set(Mode) - {mode}
        target = seats.get(other)
        if target is None:
            Seats.objects.filter(pk=row.pk).update(mode=other)
        else:
            _merge(row, target)
        Registration.objects.filter(event=event, mode=mode).update(mode=other)


def _merge(row: Seats, target: Seats) -> None:
    if target.capacity is not None and target.taken + row.taken > target.capacity:
        raise NoRoom(
            _("Für alle Angemeldeten reichen die Plätze dieser Form nicht. Bitte erhöhen Sie sie.")
        )
    Seats.objects.filter(pk=target.pk).update(
        taken=F("taken") + row.taken,
        waiting=F("waiting") + row.waiting,
        waiting_limit=F("waiting_limit") + row.waiting,
    )
    row.delete()


def _copies(rows: Iterable[Any], event: Event, reset: dict[str, Any]) -> list[Any]:
    copies = []
    for row in rows:
        row.pk, row._state.adding = None, True
        row.event = event
        for name, value in reset.items():
            setattr(row, name, value)
        copies.append(row)
    return copies


def _free_slug(title: str, starts_at: datetime) -> str:
    stem = f"{slugify(fold(title))[:90]}-{timezone.localdate(starts_at)}"
    slug, number = stem, 2
    while Event.objects.filter(slug=slug).exists():
        slug, number = f"{stem}-{number}", number + 1
    return slug
