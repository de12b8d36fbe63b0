"""That people can register for an event: told once to those who wanted to know, who then are forgotten."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from events.models import Event
from ground.contention import one_by_one
from mailing import outbox
from mailing.rendering import Pattern
from subscribing.models import Subscriber, Subscription

# So many people per transaction.
CHUNK = 1000


def open_for_registration(now: datetime) -> QuerySet[Event]:
    """Where people can register now, here or elsewhere."""
    here = Q(takes_registrations=True, closes_at__gt=now) & (
        Q(registration_opens_at=None) | Q(registration_opens_at__lte=now)
    )
    return (
        Event.objects.published()
        .alias(closes_at=Coalesce("registration_closes_at", F("starts_at")))
        .filter(here | ~Q(registration_url=""), starts_at__gt=now)
    )


def can_be_awaited(event: Event, *, now: datetime) -> bool:
    """Whether it may yet open: it is to come and will take place, and people cannot register so far."""
    if not event.is_public or event.is_cancelled or event.starts_at <= now:
        return False
    if event.registration_url:
        return False
    opens_at = event.registration_opens_at
    return not event.takes_registrations or bool(opens_at and now < opens_at)


def tell(*, now: datetime) -> int:
    """Tell everybody who waits for one that is open now; return how many. May run at any time."""
    return one_by_one(_awaited(now), lambda event: _of_event(event, now))


def _awaited(now: datetime) -> Iterator[Event]:
    waiting = Subscription.objects.confirmed().exclude(event=None).values("event")
    yield from open_for_registration(now).filter(pk__in=waiting).order_by("pk")


def _of_event(event: Event, now: datetime) -> int:
    pattern = Pattern(
        "subscribing/email/opening",
        {"event": event, "event_url": settings.SITE_URL + event.get_absolute_url()},
    )
    told, written = 0, CHUNK
    while written == CHUNK:
        written = _tell_some(event, pattern, now)
        told += written
    return told


def _tell_some(event: Event, pattern: Pattern, now: datetime) -> int:
    """The e-mail and the end of the subscription are one transaction: none is told twice."""
    with transaction.atomic():
        rows = list(
            Subscription.objects.confirmed()
            .filter(event=event)
            .select_related("subscriber")
            .select_for_update(of=("self", "subscriber"), skip_locked=True)
            .order_by("pk")[:CHUNK]
        )
        outbox.enqueue_many(
            outbox.Letter(
                key=f"subscription:{row.pk}:opens",
                to=row.subscriber.email,
                template=pattern,
                reply_to=settings.OPERATOR["email"],
                due_at=now,
                expires_at=event.starts_at,
            )
            for row in rows
        )
        Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()
        # With the last subscription the address goes.
        mailboxes = [row.subscriber_id for row in rows]
        Subscriber.objects.filter(pk__in=mailboxes, subscriptions=None).delete()
    return len(rows)
