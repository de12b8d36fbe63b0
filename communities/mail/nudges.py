"""Requests that wait for too long: the coordinators are reminded of each of them once."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from communities.mail import memberships
from communities.models import Membership
from ground.clock import working_days_from
from ground.contention import each_due

WORKDAYS = 5


def overdue(*, now: datetime) -> QuerySet[Membership]:
    """Requests that wait for more than five working days. Holidays are not considered.

    For the coordinators' start page as well; a request reminded of stays overdue until it is answered.
    """
    return Membership.objects.waiting().filter(requested_at__lt=_workdays_before(now))


def is_overdue(membership: Membership, *, now: datetime) -> bool:
    """The same for a request at hand, without a query."""
    return membership.requested_at is not None and membership.requested_at < _workdays_before(now)


def nudge(*, now: datetime) -> int:
    """Remind all who look after the groups of what is overdue; return of how many requests."""

    def remind(membership: Membership) -> None:
        Membership.objects.filter(pk=membership.pk).update(nudged_at=now)
        memberships.tell_coordinators(membership, "nudge", now=now)

    due = overdue(now=now).filter(nudged_at=None)
    return each_due(due.with_everything().order_by("pk"), remind)


def _workdays_before(now: datetime) -> datetime:
    """The same time of the day in Germany, so many working days ago."""
    moment = timezone.localtime(now)
    return moment + (working_days_from(moment.date(), -WORKDAYS) - moment.date())
