"""Reminds coordinators of minutes not yet written."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from events.mail import facts
from events.mail.to_hosts import coordinators
from events.models import Event, Precision
from mailing import outbox

PATIENCE = timedelta(days=10)
# Older ones are no slip any more: when the portal starts, no one is asked about years ago.
TOO_OLD = timedelta(days=60)


def nudge_for_minutes(*, now: datetime) -> int:
    """Write once to the coordinators of each workshop without minutes; returns how many workshops.

    A workshop whose community has no coordinator is left for when it has one.
    """
    return sum(_nudge(event, now) for event in _without_minutes(now))


def _without_minutes(now: datetime) -> QuerySet[Event]:
    return (
        Event.objects.published()
        .filter(
            precision__in=[Precision.TIME, Precision.DAY],
            community__isnull=False,
            minutes=None,
            minutes_nudged_at=None,
            ends_at__lte=now - PATIENCE,
            ends_at__gt=now - TOO_OLD,
        )
        .select_related("community__parent")
        .order_by("ends_at", "pk")
    )


@transaction.atomic
def _nudge(event: Event, now: datetime) -> bool:
    people = coordinators(event)
    # Claimed first: of two runs at the same moment one writes.
    if not people or not Event.objects.filter(pk=event.pk, minutes_nudged_at=None).update(
        minutes_nudged_at=now
    ):
        return False
    outbox.enqueue_many(
        outbox.Letter(
            key=f"event:{event.pk}:minutes:{person.pk}",
            to=person.email,
            template="events/email/minutes_missing",
            context={
                "about": facts.about(event),
                "name": person.name,
                "community": event.community.full_name,
                "admin_link": facts.admin_link(event),
            },
            reply_to=facts.reply_address(event),
            due_at=now,
        )
        for person in people
    )
    return True
