"""What waits for the hosts of events."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import attendance
from events.hosting import hosted_by, hosts_something
from events.models import SEATED, EventState, Minutes, MinutesState, MinutesTask
from office import todos
from office.todos import Todo

# Who was there still remembers; before that no one is hurried.
MINUTES_AFTER = timedelta(days=1)
# What is prepared for in good time, and how much of it a start page holds.
AHEAD = timedelta(days=14)
MOST_AHEAD = 8


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


def ahead(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    """The next events of one's own, with those who come; today's leads to the list at the door."""
    if not hosts_something(user):
        return
    events = hosted_by(user).filter(
        state=EventState.PUBLISHED, ends_at__gt=now, starts_at__lt=now + AHEAD
    )
    seated = Count("registrations", filter=Q(registrations__state__in=SEATED))
    for event in events.annotate(seated=seated).order_by("starts_at")[:MOST_AHEAD]:
        said = f"{event.title}, {event.when}"
        if event.takes_registrations:
            people = ngettext("%d Mensch mit Platz", "%d Menschen mit Platz", event.seated)
            said = f"{said}: {people % event.seated}"
        is_open = event.takes_registrations and attendance.can_mark(event, now=now)
        page = "attendance" if is_open else "change"
        yield Todo(said, reverse(f"admin:events_event_{page}", args=[event.pk]))


todos.register("events", waiting_for)
todos.register_ahead("events", ahead)
