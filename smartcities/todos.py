"""What waits for those who look after the portal itself: barriers, tasks that did not run, backups."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from office import todos
from office.todos import Todo
from smartcities.accessibility.barriers import BarrierReport
from smartcities.operations import state
from smartcities.operations.regular_tasks import RegularTask


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if user.has_perm("smartcities.view_barrierreport"):
        yield from _barriers(now)
    if user.has_perm("smartcities.view_regulartask"):
        yield from _tasks(now)
        yield from _red_lines(now)


def _barriers(now: datetime) -> Iterator[Todo]:
    number = BarrierReport.objects.open().count()
    if number:
        late = BarrierReport.objects.overdue(timezone.localdate(now)).count()
        text = ngettext(
            "%d gemeldete Barriere ist unbeantwortet",
            "%d gemeldete Barrieren sind unbeantwortet",
            number,
        )
        url = f"{reverse('admin:smartcities_barrierreport_changelist')}?stand=offen"
        yield Todo(text % number + todos.late(late), url, bool(late))


def _tasks(now: datetime) -> Iterator[Todo]:
    number = len(RegularTask.objects.overdue(now))
    if number:
        text = ngettext(
            "%d regelmäßige Aufgabe ist ausgeblieben",
            "%d regelmäßige Aufgaben sind ausgeblieben",
            number,
        )
        url = reverse("admin:smartcities_regulartask_changelist")
        yield Todo(text % number, url, is_overdue=True)


def _red_lines(now: datetime) -> Iterator[Todo]:
    """What only the page „Betrieb“ would say, where one may not look for weeks."""
    for fact in state.urgent(now):
        yield Todo(f"{fact.label}: {fact.value}", reverse("admin:operations"), is_overdue=True)


todos.register("smartcities", waiting_for)
