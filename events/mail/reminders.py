"""What is sent because an event comes near or is over: the rules, who is told by them, and the e-mails.

Planning may run any number of times, several at once, be killed anywhere and miss hours. The key of an
e-mail names the person, the rule and the beginning, and the outbox has each key once: each is reminded
once per rule, of a moved event once more. A run works in small transactions: what is done stays done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Prefetch, QuerySet, Value
from django.db.models.functions import Cast, Concat, Greatest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events import links
from events.links import Purpose
from events.mail import facts, to_hosts
from events.models import (
    Anchor,
    DocumentPhase,
    Event,
    EventKind,
    Precision,
    Registration,
    RegistrationState,
    ReminderRule,
    To,
    Visibility,
)
from ground.contention import one_by_one
from mailing import outbox
from mailing.rendering import Pattern, place

_WEEK = ReminderRule(name="woche", hours=7 * 24)
_DAY = ReminderRule(name="tag", hours=24)
_WAITING = ReminderRule(name="warteliste", hours=24, to=To.WAITING)
_HOSTS = ReminderRule(name="gastgeber", hours=24, to=To.HOSTS)
# Not on the spot: people are on their way home, and the documents are not there yet.
_AFTER = ReminderRule(name="danach", hours=18, anchor=Anchor.AFTER)

_USUAL = (_WEEK, _DAY, _WAITING, _HOSTS, _AFTER)
DEFAULTS: dict[str, tuple[ReminderRule, ...]] = {
    **dict.fromkeys(EventKind.values, _USUAL),
    # Several short dates online one after the other: a week before would be in between of them.
    EventKind.PEER_LEARNING: (_DAY, _WAITING, _HOSTS, _AFTER),
    # Another host invites, and writes to people directly.
    EventKind.EXTERNAL: (),
}
TEMPLATES = {
    (Anchor.BEFORE, To.SEATED): "reminder",
    (Anchor.BEFORE, To.WAITING): "reminder_waiting",
    (Anchor.BEFORE, To.HOSTS): "reminder_hosts",
    (Anchor.AFTER, To.SEATED): "thanks",
    (Anchor.AFTER, To.HOSTS): "thanks_hosts",
}
# After the event: until then a word of thanks is still one.
THANKS_UNTIL = timedelta(days=10)
# So many people per transaction: a cancellation waits no longer than a moment for it.
CHUNK = 1000
# Written down as missed only as long as people might ask.
LOOK_BACK = timedelta(days=14)
# The longest rule, thanks and looking back; beyond them nothing can be due.
AHEAD = timedelta(days=61)
BEHIND = timedelta(days=61 + 10) + LOOK_BACK


@dataclass(frozen=True, slots=True)
class Due:
    """A rule at one event: it applies from `at`, and makes sense until `until`."""

    rule: ReminderRule
    at: datetime
    until: datetime

    def applies(self, now: datetime) -> bool:
        return self.at <= now < self.until


def schedule(event: Event) -> list[Due]:
    """When each rule applies to an event whose time is known.

    The rules are those of its kind, changed by its own of the same name, and its further ones. A
    reminder makes sense until the next one to the same people is due, the last one until the event
    begins. Two that would reach the same people at the same moment are one, the event's own.
    """
    rules = {rule.name: rule for rule in (*DEFAULTS[event.kind], *event.reminder_rules.all())}
    active = sorted(
        (rule for rule in rules.values() if rule.is_active), key=lambda rule: rule.pk or 0
    )
    by_moment = {(moment(rule, event), rule.to): rule for rule in active}
    dues = [(rule, at) for (at, _to), rule in by_moment.items()]
    return [Due(rule, at, _until(rule, at, event, dues)) for rule, at in dues]


def announced(event: Event, *, now: datetime) -> str:
    """Which reminders are still to come for who has just got a seat, or that none is; "" without rules."""
    if event.precision != Precision.TIME:
        return ""
    dues = [
        due.at
        for due in schedule(event)
        if (due.rule.anchor, due.rule.to) == (Anchor.BEFORE, To.SEATED)
    ]
    days = [date_format(timezone.localtime(at), "l, j. F") for at in sorted(dues) if at > now]
    if days:
        return _("Wir erinnern Sie noch einmal: am %s.") % _(" und am ").join(days)
    if not dues:
        return ""
    return _(
        "Der Termin ist schon bald, eine Erinnerung kommt nicht mehr. Bitte tragen Sie ihn gleich in Ihren "
        "Kalender ein."
    )


def plan(*, now: datetime) -> int:
    """Store all e-mails that are due and return how many; note what was missed.

    Anyone who was given a seat, or told of another time, after a rule was due has just read it and is
    not reminded by that rule.
    """
    planned = ((event, due) for event in _events(now) for due in schedule(event))
    return one_by_one(planned, lambda one: _carry_out(*one, now))


def withdraw_all(event: Event) -> int:
    """Take back what no worker has begun to send, of an event that is moved or cancelled.

    Returns how many e-mails. Its people may be reminded of the same beginning again, should it come
    back to that. Call it in the transaction of the change, after it.
    """
    return outbox.withdraw(prefix(event))


def withdraw_of(registration: Registration) -> int:
    """The same for one registration, that was cancelled or lost its seat."""
    return outbox.withdraw(prefix(registration.event, registration))


def prefix(event: Event, registration: Registration | None = None) -> str:
    """How the keys of all reminders of an event begin, or of one registration's."""
    whose = f"{registration.pk}:" if registration else ""
    return f"event:{event.pk}:reminder:{whose}"


# Rules


def moment(rule: ReminderRule, event: Event) -> datetime:
    """When the rule is due, by the event's time as it is now."""
    if rule.anchor == Anchor.AFTER:
        return distant(event.ends_at, rule.hours)
    return distant(event.starts_at, -rule.hours)


def _until(
    rule: ReminderRule, at: datetime, event: Event, dues: list[tuple[ReminderRule, datetime]]
) -> datetime:
    if rule.anchor == Anchor.AFTER:
        return at + THANKS_UNTIL
    same_people = [
        when for other, when in dues if (other.anchor, other.to) == (rule.anchor, rule.to)
    ]
    return min([event.starts_at, *(when for when in same_people if when > at)])


def distant(moment: datetime, hours: int) -> datetime:
    """So many hours away from a moment; whole days are those of German clocks.

    A day before 9:00 is 9:00 the day before, also where the clocks changed in between and 23 or 25
    hours have passed.
    """
    days, rest = divmod(abs(hours), 24)
    sign = -1 if hours < 0 else 1
    wall = timezone.localtime(moment).replace(tzinfo=None) + sign * timedelta(days=days)
    return timezone.make_aware(wall).astimezone(UTC) + sign * timedelta(hours=rest)


# Planning


def _events(now: datetime) -> QuerySet[Event]:
    return (
        Event.objects.published()
        .filter(
            precision=Precision.TIME,
            takes_registrations=True,
            starts_at__lte=now + AHEAD,
            ends_at__gt=now - BEHIND,
        )
        .select_related("community__parent")
        .prefetch_related(Prefetch("reminder_rules", ReminderRule.objects.order_by("pk")))
        .order_by("starts_at", "pk")
    )


def _carry_out(event: Event, due: Due, now: datetime) -> int:
    if due.rule.to == To.HOSTS:
        return _tell_hosts(event, due, now) if due.applies(now) else 0
    if due.applies(now):
        return sum(_chunks(event, due, now))
    if due.at < due.until <= now < due.until + LOOK_BACK:
        _note_missed(event, due, now)
    return 0


def _chunks(event: Event, due: Due, now: datetime) -> Iterator[int]:
    last, written = 0, CHUNK
    while written == CHUNK and _open(event, due).filter(pk__gt=last).exists():
        last, written = _remind_some(event, due, last, now)
        yield written


def _remind_some(event: Event, due: Due, after: int, now: datetime) -> tuple[int, int]:
    """Remind the next people after this primary key; the last of them, and how many."""
    with transaction.atomic():
        if not _still_so(event):
            return after, 0
        # Locked until the e-mails are stored: anyone who cancels waits, then finds them and takes them
        # back. Those being changed right now are left for the next run.
        people = list(
            _open(event, due)
            .filter(pk__gt=after)
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("pk")
            .prefetch_related("sessions")[:CHUNK]
        )
        outbox.enqueue_many(_to_people(people, event, due, now))
    return (people[-1].pk if people else after), len(people)


def _tell_hosts(event: Event, due: Due, now: datetime) -> int:
    if not (addresses := to_hosts.addresses(event)):
        return 0
    with transaction.atomic():
        letters = _to_hosts(addresses, event, due, now)
        return outbox.enqueue_many(letters) if _still_so(event) else 0


def _note_missed(event: Event, due: Due, now: datetime) -> None:
    people = _open(event, due).order_by("pk").values_list("pk", flat=True)
    if keys := [_key(event, pk, due.rule) for pk in people]:
        with transaction.atomic():
            outbox.note_missed(keys, until=due.until, now=now)


def _still_so(event: Event) -> bool:
    """Lock the event as it was read; false while it is moved, cancelled or planned at this moment."""
    same = Event.objects.published().filter(
        pk=event.pk, sequence=event.sequence, starts_at=event.starts_at
    )
    return same.select_for_update(skip_locked=True, no_key=True).exists()


def _open(event: Event, due: Due) -> QuerySet[Registration]:
    """Whom the rule is for and who has no e-mail by it yet."""
    key = Concat(
        Value(prefix(event)),
        Cast(OuterRef("pk"), CharField()),
        Value(_ending(event, due.rule)),
        output_field=CharField(),
    )
    people = _audience(event, due)
    return people.with_address().filter(
        ~Exists(outbox.with_key(key)), event=event, anonymised_at=None
    )


def _audience(event: Event, due: Due) -> QuerySet[Registration]:
    if due.rule.to == To.WAITING:
        people = Registration.objects.filter(
            state=RegistrationState.WAITING, confirmed_at__isnull=False
        )
        return people.filter(confirmed_at__lt=due.at) if _knew(event, due) else people.none()
    people = Registration.objects.seated()
    if due.rule.anchor == Anchor.AFTER:
        return people
    if not _knew(event, due):
        return people.none()
    return people.annotate(informed_at=Greatest("seated_at", "confirmed_at")).filter(
        informed_at__lt=due.at
    )


def _knew(event: Event, due: Due) -> bool:
    """Whether the time of the event was already known when the rule became due."""
    return event.moved_at is None or event.moved_at < due.at


# The e-mails


def _key(event: Event, whom: int | str, rule: ReminderRule) -> str:
    return f"{prefix(event)}{whom}{_ending(event, rule)}"


def _ending(event: Event, rule: ReminderRule) -> str:
    # To the microsecond: of two beginnings within a second people are told as well.
    return f":{rule.name}:{event.starts_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def _to_people(
    people: Iterable[Registration], event: Event, due: Due, now: datetime
) -> Iterator[outbox.Letter]:
    """One e-mail per person; what is the same for many is written once."""
    same = {"about": facts.about(event), "own_text": due.rule.text.strip()}
    if due.rule.anchor == Anchor.AFTER:
        same["documents"] = _documents(event)
    reply_to = facts.reply_address(event)

    @cache
    def pattern(mode: str, purposes: tuple[Purpose, ...], *, came: bool) -> Pattern:
        return _pattern(due.rule, same, mode, purposes, came=came)

    for person in people:
        purposes = _purposes(person, event, due.rule, now)
        signed = {purpose.name.lower(): links.address(person, purpose) for purpose in purposes}
        yield outbox.Letter(
            key=_key(event, person.pk, due.rule),
            to=person.email,
            template=pattern(person.mode, purposes, came=person.attended_at is not None),
            words={
                "name": person.name,
                "reference": person.reference,
                "chosen": facts.chosen(person),
                **signed,
            },
            reply_to=reply_to,
            due_at=now,
            expires_at=due.until,
        )


def _pattern(
    rule: ReminderRule, same: dict, mode: str, purposes: tuple[Purpose, ...], *, came: bool
) -> Pattern:
    seated = rule.to == To.SEATED
    state = RegistrationState.SEAT if seated else RegistrationState.WAITING
    person = {"name": place("name"), "reference": place("reference"), "mode": mode}
    context = {
        **same,
        "registration": person | {"attended_at": came},
        "chosen": place("chosen"),
        "meeting_link": same["about"].meeting_link(mode, state),
        "links": {name: place(name) for name in (purpose.name.lower() for purpose in purposes)},
    }
    return Pattern(f"events/email/{TEMPLATES[rule.anchor, rule.to]}", context)


def _purposes(
    person: Registration, event: Event, rule: ReminderRule, now: datetime
) -> tuple[Purpose, ...]:
    if rule.anchor == Anchor.AFTER:
        # There is the certificate, for those who came, as long as links last.
        lasts = now < event.ends_at + links.SEE_LASTS
        return (Purpose.SEE,) if person.attended_at and lasts else ()
    return (Purpose.CHANGE, Purpose.CANCEL)


def _documents(event: Event) -> list[str]:
    """What can be read by now on the event's page, by everybody."""
    after = event.documents.filter(phase=DocumentPhase.AFTER, visibility=Visibility.PUBLIC)
    return list(after.values_list("title", flat=True))


def _to_hosts(
    addresses: dict[str, str], event: Event, due: Due, now: datetime
) -> Iterator[outbox.Letter]:
    same = to_hosts.figures(event) | {"own_text": due.rule.text.strip()}
    pattern = Pattern(f"events/email/{TEMPLATES[due.rule.anchor, due.rule.to]}", same)
    for whom, address in addresses.items():
        yield outbox.Letter(
            key=_key(event, f"host-{whom}", due.rule),
            to=address,
            template=pattern,
            reply_to=facts.reply_address(event),
            due_at=now,
            expires_at=due.until,
        )
