"""When an event is told of again, and to whom: the rules of its kind and of the event itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from events.models import Anchor, Event, EventKind, ReminderRule, To

# After the event: until then a word of thanks is still one.
THANKS_UNTIL = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Rule:
    """Writes to some people so many hours before the beginning or after the end."""

    name: str
    anchor: Anchor
    hours: int
    to: To
    text: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A rule at one event: it applies from `at`, and makes sense until `until`."""

    rule: Rule
    at: datetime
    until: datetime

    def applies(self, now: datetime) -> bool:
        return self.at <= now < self.until


_WEEK = Rule("woche", Anchor.BEFORE, 7 * 24, To.SEATED)
_DAY = Rule("tag", Anchor.BEFORE, 24, To.SEATED)
_WAITING = Rule("warteliste", Anchor.BEFORE, 24, To.WAITING)
_HOSTS = Rule("gastgeber", Anchor.BEFORE, 24, To.HOSTS)
# Not on the spot: people are on their way home, and the documents are not there yet.
_AFTER = Rule("danach", Anchor.AFTER, 18, To.SEATED)

_USUAL = (_WEEK, _DAY, _WAITING, _HOSTS, _AFTER)
DEFAULTS: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(EventKind.values, _USUAL),
    # Several short dates online one after the other: a week before would be in between of them.
    EventKind.PEER_LEARNING: (_DAY, _WAITING, _HOSTS, _AFTER),
    # Somebody else invites, and writes themselves.
    EventKind.EXTERNAL: (),
}


def rules_of(event: Event, own: Iterable[ReminderRule]) -> list[Rule]:
    """The rules of the kind, changed by the event's `own` rows of the same name, and its further ones."""
    rules = {rule.name: rule for rule in DEFAULTS[event.kind]}
    for row in own:
        rules.pop(row.name, None)
        if row.is_active:
            rules[row.name] = Rule(row.name, Anchor(row.anchor), row.hours, To(row.to), row.text)
    return list(rules.values())


def schedule(event: Event, own: Iterable[ReminderRule]) -> list[Due]:
    """When each rule applies to an event whose time is known.

    A reminder makes sense until the next one to the same people is due, the last one until the
    event begins.
    """
    rules = rules_of(event, own)
    moments = {rule.name: _moment(rule, event) for rule in rules}
    return [Due(rule, moments[rule.name], _until(rule, event, rules, moments)) for rule in rules]


def _moment(rule: Rule, event: Event) -> datetime:
    if rule.anchor == Anchor.AFTER:
        return distant(event.ends_at, rule.hours)
    return distant(event.starts_at, -rule.hours)


def _until(
    rule: Rule, event: Event, rules: Iterable[Rule], moments: dict[str, datetime]
) -> datetime:
    if rule.anchor == Anchor.AFTER:
        return moments[rule.name] + THANKS_UNTIL
    later = [
        moments[other.name]
        for other in rules
        if other.anchor == rule.anchor
        and other.to == rule.to
        and moments[other.name] > moments[rule.name]
    ]
    return min([event.starts_at, *later])


def distant(moment: datetime, hours: int) -> datetime:
    """So many hours away from a moment; whole days are those of German clocks.

    A day before 9:00 is 9:00 the day before, also where the clocks changed in between and 23 or 25
    hours have passed.
    """
    days, rest = divmod(abs(hours), 24)
    sign = -1 if hours < 0 else 1
    wall = timezone.localtime(moment).replace(tzinfo=None) + sign * timedelta(days=days)
    return timezone.make_aware(wall).astimezone(UTC) + sign * timedelta(hours=rest)
