"""What waits for the hosts of events."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.hosting import hosted_by, hosts_something
from events.models import EventState, Minutes, MinutesState, MinutesTask
from office import todos
from office.todos import Todo

# Who was there still remembers; before that no one is hurried.
MINUTES_AFTER = timedelta(days=1)


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if not hosts_something(user):
        return
    without = hosted_by(user).filter(
        community__isnull=False,
        state=EventState.PUBLISHED,
        ends_at__lt=now - MINUTES_AFTER,
        ends_at__gt=now - timedelta(days=365),
        minutes=None,
    )
    for event in without.order_by("-ends_at")[:5]:
        yield Todo(
            _("Protokoll fehlt: %(event)s, %(when)s") % {"event": event, "when": event.when},
            f"{reverse('admin:events_minutes_add')}?event={event.pk}",
        )
    drafts = Minutes.objects.filter(event__in=hosted_by(user).values("pk"))
    number = drafts.filter(state=MinutesState.DRAFT).count()
    if number:
        text = ngettext("%d Protokoll ist ein Entwurf", "%d Protokolle sind Entwürfe", number)
        url = f"{reverse('admin:events_minutes_changelist')}?state__exact=entwurf"
        yield Todo(text % number, url)
    yield from _tasks(user, now)


def _tasks(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    of_own = MinutesTask.objects.filter(minutes__event__in=hosted_by(user).values("pk"))
    number = of_own.open().count()
    if number:
        late = of_own.overdue(timezone.localdate(now)).count()
        text = ngettext(
            "%d Aufgabe aus Protokollen ist offen", "%d Aufgaben aus Protokollen sind offen", number
        )
        url = f"{reverse('admin:events_minutes_changelist')}?aufgaben=offen"
        yield Todo(text % number + todos.late(late), url, bool(late))


todos.register("events", waiting_for)
