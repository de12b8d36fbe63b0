"""What every task of the portal does besides its work."""

import logging
from typing import Any

from celery import Task
from django.db import Error
from django.utils import timezone

from smartcities.operations.logs import context
from smartcities.operations.regular_tasks import RegularTask, scheduled

logger = logging.getLogger(__name__)


class PortalTask(Task):
    """Writes down when it began and how it ended, if it is one that the clock starts.

    A database that is away makes the work fail or not; writing this down never does.
    """

    abstract = True

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        context.set({"task": self.name, "task_id": task_id})
        self._note(started_at=timezone.now())

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        self._note(succeeded_at=timezone.now(), failure="")

    def on_failure(
        self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any
    ) -> None:
        self._note(failed_at=timezone.now(), failure=type(exc).__name__[:100])

    def after_return(self, *_anything: Any) -> None:
        context.set({})

    def _note(self, **fields: Any) -> None:
        if self.name not in scheduled():
            return
        try:
            RegularTask.note(self.name, **fields)
        except Error as error:
            logger.warning("Cannot record the run of task %s: %s", self.name, type(error).__name__)
