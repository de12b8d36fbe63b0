"""Who else has to act when an event is moved or cancelled.

Apps above this one hang things on an event, Start Smart its times on site for instance. They may
import from here but not the other way round, so they register what is to be done in their
`AppConfig.ready`. It runs inside the transaction of the change: if a follower fails, the event is
neither moved nor cancelled, and no one is told anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from events.models import Event


@dataclass(frozen=True, slots=True)
class Follower:
    """What one app does. Both get the event as it is now; `before` is as it was."""

    # (event, before, now)
    moved: Callable[[Event, Event, datetime], None]
    # (event, reason, now)
    cancelled: Callable[[Event, str, datetime], None]


_followers: dict[str, Follower] = {}


def register(name: str, follower: Follower) -> None:
    """Add a follower; the same name again replaces it."""
    _followers[name] = follower


def tell_moved(event: Event, before: Event, *, now: datetime) -> None:
    for follower in _followers.values():
        follower.moved(event, before, now)


def tell_cancelled(event: Event, reason: str, *, now: datetime) -> None:
    for follower in _followers.values():
        follower.cancelled(event, reason, now)
