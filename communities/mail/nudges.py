"""Requests that wait for too long: the coordinators are reminded of each of them once."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from communities.mail import memberships
from communities.models import Membership, MembershipState
from ground.clock import working_days_from

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
    """Remind all who look after the groups of what is overdue; return of how many requests.

    May run any number of times and several at once: noting it and the e-mails are one transaction,
    and only one of several gets to note it.
    """
    pks = overdue(now=now).filter(nudged_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(_nudge_one(pk, now) for pk in list(pks))


def _nudge_one(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        noted = Membership.objects.filter(
            pk=pk, nudged_at=None, state=MembershipState.REQUESTED
        ).update(nudged_at=now)
        if noted:
            membership = Membership.objects.with_everything().get(pk=pk)
            memberships.tell_coordinators(membership, "nudge", now=now)
    return bool(noted)


def _workdays_before(now: datetime) -> datetime:
    """The same time of the day in Germany, so many working days ago."""
    moment = timezone.localtime(now)
    return moment + (working_days_from(moment.date(), -WORKDAYS) - moment.date())
