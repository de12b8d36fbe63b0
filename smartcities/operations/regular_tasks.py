"""When each task that the clock starts last began, succeeded and failed, and when it is next.

So a task that hangs, fails every time or is never started shows in the administration and in `/readyz`,
without anybody reading logs.
"""

from collections.abc import Collection
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from celery.schedules import maybe_schedule
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Made by a command, not by the clock, and noted in the same table.
BACKUP = "backup"
HEARTBEAT = "smartcities.tasks.heartbeat"
# Beats every 20 seconds; workers that are all busy may let a few pass.
HEARTBEAT_MAY_PAUSE = timedelta(minutes=2)
# Nightly, with two hours to spare.
BACKUP_MAY_AGE = timedelta(hours=26)
# How long after its time a task may end, waiting in the queue included.
MAY_BE_LATE = timedelta(minutes=15)


class RegularTaskQuerySet(models.QuerySet["RegularTask"]):
    def overdue(self, now: datetime) -> list["RegularTask"]:
        schedules = scheduled()
        return [task for task in self if task.is_overdue(now, schedules)]


class RegularTask(models.Model):
    """One row per task, written by whichever worker runs it."""

    name = models.CharField(_("Aufgabe"), max_length=100, primary_key=True)
    # Since when a clock knows it: one that has never run is late from its first time on.
    known_since = models.DateTimeField(
        _("bekannt seit"), db_default=Now(), db_column="first_started_at"
    )
    started_at = models.DateTimeField(_("zuletzt begonnen"), null=True)
    succeeded_at = models.DateTimeField(_("zuletzt gelungen"), null=True)
    failed_at = models.DateTimeField(_("zuletzt gescheitert"), null=True)
    # Only what kind of error: its text might hold what somebody typed.
    failure = models.CharField(_("Fehler"), max_length=100, blank=True)

    objects = RegularTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("Regelmäßige Aufgabe")
        verbose_name_plural = _("Regelmäßige Aufgaben")
        ordering = ["name"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def note(cls, name: str, **fields: Any) -> None:
        """One statement, whether or not the row exists."""
        first = {"known_since": fields.get("started_at") or timezone.now()}
        cls.objects.bulk_create(
            [cls(name=name, **first | fields)],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=list(fields),
        )

    @classmethod
    def know(cls, names: Collection[str]) -> None:
        """Have a row for each, so that one which never begins is missed, too; one statement."""
        # By the same clock that rings: the database's may be ahead of it.
        now = timezone.now()
        rows = [cls(name=name, known_since=now) for name in names]
        cls.objects.bulk_create(rows, ignore_conflicts=True)

    def is_overdue(self, now: datetime, schedules: dict[str, Any]) -> bool:
        """Whether it should have succeeded since. A task that the clock knows no more never is."""
        if self.name not in schedules:
            return False
        due_at = self._due_after(self.succeeded_at or self.known_since, schedules, now)
        may_be_late = HEARTBEAT_MAY_PAUSE if self.name == HEARTBEAT else MAY_BE_LATE
        return now > due_at + may_be_late

    def next_at(self, now: datetime, schedules: dict[str, Any]) -> datetime:
        """When the clock starts it next; what is past is due now."""
        counted_from = self.counted_from(schedules[self.name])
        return max(now, self._due_after(counted_from, schedules, now))

    def counted_from(self, schedule: Any) -> datetime:
        """When it ran last, for the clock. What runs every so often is due as soon as it is known."""
        interval = getattr(maybe_schedule(schedule), "run_every", timedelta(0))
        return self.started_at or self.known_since - interval

    def _due_after(self, moment: datetime, schedules: dict[str, Any], now: datetime) -> datetime:
        schedule = copy(maybe_schedule(schedules[self.name]))
        schedule.nowfun = lambda: now
        return now + schedule.remaining_estimate(moment)


def scheduled() -> dict[str, Any]:
    """The names of all tasks that the clock starts, with their schedules."""
    entries = current_app.conf.beat_schedule.values()
    return {entry["task"]: entry["schedule"] for entry in entries}
