"""The one move that every action on a registration is made of."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from events.links import PROVING
from events.models import Event, EventState, Registration
from ground.clock import reachable_until
from ground.contention import change_as_read
from ground.refusals import Overtaken
from ground.signed_links import proof

# At least so long a seat, or a place in line, is kept for a person who has not confirmed their address.
HOLD = timedelta(hours=2)


def held_until(event: Event, *, now: datetime) -> datetime:
    """Until when it is kept: where the office hours are over before, longer, never into the event."""
    return min(reachable_until(now, at_least=HOLD), event.starts_at)


def advance(
    registration: Registration, expected: Q, *, now: datetime, **changes: Any
) -> Registration:
    """Change a registration as it was read, and return it as it is now. Raises `Overtaken`.

    What the person does by a link in an e-mail proves the address.
    """
    # The mode changes without a new version where the event's form does; then the seats are others.
    while_ = expected & Q(mode=registration.mode, anonymised_at=None)
    rows = Registration.objects.select_related("event__community__parent", "municipality")
    changes |= proof(registration, PROVING, now)
    return change_as_read(registration, rows, while_=while_, changed_at=now, **changes)


def require_taking_place(registration: Registration) -> None:
    """Raise `Overtaken` where the event was cancelled: there is nothing left to confirm or to take."""
    if registration.event.state != EventState.PUBLISHED:
        raise Overtaken(registration)
