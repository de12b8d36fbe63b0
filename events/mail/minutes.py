"""Reminds coordinators of minutes not yet written, members of what they have taken on in some.

Tells the members of a group that there are minutes to read.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.mail import from_coordinators
from communities.models import GroupMessage, Role
from events import task_links
from events.mail import facts
from events.mail.to_hosts import coordinators
from events.models import Event, Minutes, MinutesTask, Precision
from ground.clock import is_working_day, working_days_from
from ground.contention import each_due
from mailing import outbox
from office.addresses import admin_page

PATIENCE = timedelta(days=10)
# Older ones are no slip any more: when the portal starts, no one is asked about years ago.
TOO_OLD = timedelta(days=60)
# Enough to still do something about it.
WORKING_DAYS_BEFORE = 3


def nudge_for_minutes(*, now: datetime) -> int:
    """Write once to the coordinators of each workshop without minutes; returns how many workshops.

    A workshop whose community has no coordinator is left for when it has one.
    """
    return each_due(_without_minutes(now), lambda event: _nudge(event, now))


def reaches_anybody(minutes: Minutes) -> bool:
    """Whether there is anybody to be told: members, in a group that goes on, who want its mails."""
    group = minutes.event.community
    return group.is_active and from_coordinators.reaches_anybody(
        GroupMessage(community=group, roles=Role.values)
    )


def tell_members(minutes: Minutes, *, by: AbstractBaseUser, now: datetime) -> None:
    """Write to the members, each as they want the mails of the group. Needs a transaction.

    Raises `NotPossible` if answers or the e-mail itself would reach no one. Members of a group that
    has ended get none.
    """
    event = minutes.event
    if not event.community.is_active:
        return
    text = _(
        "das Protokoll zu „%(event)s“ (%(when)s) ist da. Mitglieder lesen es hier:\n%(url)s\n\n"
        "Dafür melden Sie sich mit Ihrem Konto an. Dort stehen auch die Aufgaben und die Anhänge."
    )
    from_coordinators.announce(
        event.community,
        subject=(_("Protokoll: %s") % event.title)[:150],
        text=text
        % {
            "event": event.title,
            "when": event.when,
            "url": settings.SITE_URL + minutes.get_absolute_url(),
        },
        by=by,
        now=now,
    )


def remind_of_tasks(*, now: datetime) -> int:
    """Write to the owners of open tasks: some working days before, and once after the day has passed.

    Only on working days. Returns how many e-mails.
    """
    today = timezone.localdate(now)
    if not is_working_day(today):
        return 0
    open_tasks = MinutesTask.objects.reminding()
    soon = open_tasks.filter(
        due_on__range=(today, working_days_from(today, WORKING_DAYS_BEFORE)), reminded_at=None
    )
    late = open_tasks.filter(due_on__lt=today, due_on__gt=today - TOO_OLD, overdue_told_at=None)
    return sum(
        each_due(
            tasks.select_related("member", "minutes__event__community__parent").order_by(
                "due_on", "pk"
            ),
            lambda task, claim=claim: _remind(task, claim, today, now),
        )
        for claim, tasks in (("reminded_at", soon), ("overdue_told_at", late))
    )


def withdraw(task: MinutesTask) -> int:
    """Take back what is not true any more and was not sent yet. Needs a transaction."""
    return outbox.withdraw(f"minutes-task:{task.pk}:")


def _remind(task: MinutesTask, claim: str, today: date, now: datetime) -> None:
    MinutesTask.objects.filter(pk=task.pk).update(**{claim: now})
    event = task.minutes.event
    outbox.enqueue(
        key=f"minutes-task:{task.pk}:{task.version}:{claim}",
        to=task.member.email,
        template="events/email/task_reminder",
        context={
            "task": task,
            "is_late": task.due_on < today,
            "event": event,
            "community": event.community.full_name,
            "minutes_url": settings.SITE_URL + task.minutes.get_absolute_url(),
            "done_url": task_links.address(task),
            "answers_to": event.contact_email or event.community.answers_to,
        },
        reply_to=facts.reply_address(event),
        due_at=now,
    )


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


def _nudge(event: Event, now: datetime) -> bool:
    if not (people := coordinators(event)):
        return False
    Event.objects.filter(pk=event.pk).update(minutes_nudged_at=now)
    outbox.enqueue_many(
        outbox.Letter(
            key=f"event:{event.pk}:minutes:{person.pk}",
            to=person.email,
            template="events/email/minutes_missing",
            context={
                "about": facts.about(event),
                "name": person.name,
                "community": event.community.full_name,
                "admin_link": admin_page(event),
            },
            reply_to=facts.reply_address(event),
            due_at=now,
        )
        for person in people
    )
    return True
