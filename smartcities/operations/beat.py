"""The clock: may be started more than once, rings once.

Whoever holds a lock in the broker rings; the others wait to take over. A broker that is away frees nobody
to ring, but without it no bell can be heard anyway. Should two ring for a moment all the same, nothing
breaks: every task may run twice.

What ran when is known from the database, not from a file: a clock that takes over, or starts on another
machine, makes up for the night it has missed and repeats nothing.
"""

import logging
from contextlib import suppress
from typing import Any

import redis
from celery import Celery
from celery.beat import Scheduler
from django.conf import settings
from django.db import Error, connection

from smartcities.operations.regular_tasks import RegularTask

logger = logging.getLogger(__name__)

LOCK = "portal-beat"
# Seconds until another clock may take over from one that was killed, and between two looks.
LEASE = 20
LOOK = 5


class OneRings(Scheduler):
    def __init__(self, app: Celery, *args: Any, **kwargs: Any) -> None:
        super().__init__(app, *args, **kwargs)
        broker = redis.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1
        )
        self._lock = broker.lock(LOCK, timeout=LEASE, thread_local=False)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Ring what is due, if it is ours to ring; return the seconds until the next look."""
        if not (self._still_holds() or self._takes_over()):
            return LOOK
        return min(super().tick(*args, **kwargs), LOOK)

    def close(self) -> None:
        """Let the next one ring at once."""
        # Never held, held no more, or the broker is away: then the lease ends by itself.
        with suppress(redis.RedisError):
            self._lock.release()
        super().close()

    def _still_holds(self) -> bool:
        try:
            return self._lock.reacquire()
        except redis.RedisError:
            return False

    def _takes_over(self) -> bool:
        try:
            if not self._lock.acquire(blocking=False):
                return False
        except redis.RedisError as error:
            logger.warning(
                "Cannot reach the broker, so scheduled tasks are not started: %s",
                type(error).__name__,
            )
            return False
        logger.info("This scheduler is active now.")
        self._recall()
        return True

    def _recall(self) -> None:
        try:
            RegularTask.know({entry.task for entry in self.schedule.values()})
            known = RegularTask.objects.in_bulk()
        except Error as error:
            logger.warning(
                "Cannot read when the scheduled tasks last ran: %s", type(error).__name__
            )
            return
        finally:
            connection.close()
        for entry in self.schedule.values():
            entry.last_run_at = known[entry.task].counted_from(entry.schedule)
        self._heap = None  # sorted anew with the next tick
