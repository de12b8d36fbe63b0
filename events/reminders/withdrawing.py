"""Takes back reminders that are not true any more."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from events.mail.reminders import parts, prefix
from events.models import Event, Registration, Reminder
from mailing import outbox


def withdraw_all(event: Event) -> int:
    """Take back what nobody has begun to send, of an event that is moved or cancelled.

    Returns how many e-mails. Its people may be reminded of the same beginning again, should it come
    back to that. Call it in the transaction of the change, after it.
    """
    return _withdraw(prefix(event))


def withdraw_of(registration: Registration) -> int:
    """The same for one registration, that was cancelled or lost its seat."""
    return _withdraw(prefix(registration.event, registration))


def rows_of(keys: Iterable[str]) -> QuerySet[Reminder]:
    """The rows of the e-mails with these keys; those to hosts have none."""
    people: dict[tuple[str, datetime], list[int]] = defaultdict(list)
    for whom, rule, starts_at in map(parts, keys):
        if whom.isdecimal():
            people[rule, starts_at].append(int(whom))
    if not people:
        return Reminder.objects.none()
    which = Q()
    for (rule, starts_at), pks in people.items():
        which |= Q(rule=rule, starts_at=starts_at, registration__in=pks)
    return Reminder.objects.filter(which)


def _withdraw(keys_prefix: str) -> int:
    keys = outbox.withdraw(keys_prefix)
    rows_of(keys).delete()
    return len(keys)
