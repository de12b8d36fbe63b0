"""Who looks after which event: the events staff after all, coordinators after those of their groups.

A coordinator needs no right of Django for it. What they may do is read from their role with every
request, so it comes with the role and ends with it.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from communities.scope import coordinated_by, coordinates_something
from events.models import Event

if TYPE_CHECKING:
    from accounts.models import User


def looks_after_all(user: "User | AnonymousUser") -> bool:
    return user.has_perm("events.work_on_events")


def hosts_something(user: "User | AnonymousUser") -> bool:
    return looks_after_all(user) or coordinates_something(user)


def hosted_by(user: "User | AnonymousUser") -> QuerySet[Event]:
    """The events whose participants, documents and mails are this person's business."""
    if looks_after_all(user):
        return Event.objects.all()
    return Event.objects.filter(community__in=coordinated_by(user))


def hosts(user: "User | AnonymousUser", event: Event) -> bool:
    return looks_after_all(user) or hosted_by(user).filter(pk=event.pk).exists()
