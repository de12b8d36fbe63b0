"""`/readyz`: whether the portal and its neighbours do their work, one word for each part.

It is meant for monitoring. What is wrong with a part stands in the logs and in the administration;
strangers only learn which part it is.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import cache
from threading import Lock, Thread

import redis
from django.conf import settings
from django.db import Error, OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mailing import outbox
from smartcities.operations.regular_tasks import HEARTBEAT, RegularTask

logger = logging.getLogger(__name__)

# Seconds until a part that does not answer counts as hanging.
PATIENCE = 2.5
STATEMENT_PATIENCE = 2
# Mail servers that ask to come back later are answered within this time.
OUTBOX_MAY_LAG = timedelta(minutes=15)

OK, DOWN, HANGS, LATE, MISSING, UNKNOWN = "ok", "down", "hangs", "late", "missing", "unknown"
DATABASE_PARTS = ("database", "migrations", "outbox", "beat", "tasks")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    words = readiness()
    return JsonResponse(words, status=200 if set(words.values()) == {OK} else 503)


def readiness() -> dict[str, str]:
    """Answers within `PATIENCE` seconds, whatever hangs."""
    asked = (_database.begin(), _broker.begin())
    return _answer(asked[0], DATABASE_PARTS) | _answer(asked[1], ("broker",))


def _answer(asked: Future[dict[str, str]], parts: tuple[str, ...]) -> dict[str, str]:
    first, *others = parts
    try:
        words = asked.result(PATIENCE)
    except TimeoutError:
        words = {first: HANGS}
    return dict.fromkeys(others, UNKNOWN) | words


class Check:
    """Asks in a thread of its own. Whoever comes while it still asks waits for the same answer.

    So a part that hangs costs one thread and one connection, however often somebody wants to know.
    """

    def __init__(self, ask: Callable[[], dict[str, str]]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._answer: Future[dict[str, str]] | None = None

    def begin(self) -> Future[dict[str, str]]:
        with self._lock:
            if self._answer is None or self._answer.done():
                self._answer = Future()
                Thread(target=self._run, args=[self._answer], daemon=True).start()
            return self._answer

    def _run(self, answer: Future[dict[str, str]]) -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:
            answer.set_exception(error)  # raised again for whoever asked


def _ask_database() -> dict[str, str]:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_PATIENCE}s'")
            if (
                not _newest_migrations()
                <= MigrationRecorder(connection).applied_migrations().keys()
            ):
                return {"database": OK, "migrations": MISSING}
            return {"database": OK, "migrations": OK, **_work(timezone.now())}
    except Error as error:
        logger.warning("Not ready: database, %s", type(error).__name__)
        timed_out = isinstance(error, OperationalError) and "timeout" in str(error)
        return {"database": HANGS if timed_out else DOWN}
    finally:
        connection.close()


@cache
def _newest_migrations() -> set[tuple[str, str]]:
    """Those that no other comes after: where they are applied, so is everything before them."""
    return set(MigrationLoader(None).graph.leaf_nodes())


def _work(now: datetime) -> dict[str, str]:
    oldest = outbox.health(now).oldest_due
    overdue = {task.name for task in RegularTask.objects.overdue(now)}
    heart_beats = HEARTBEAT not in overdue and _has_beaten()
    return {
        "outbox": LATE if oldest and oldest < now - OUTBOX_MAY_LAG else OK,
        "beat": OK if heart_beats else LATE,
        "tasks": LATE if overdue - {HEARTBEAT} else OK,
    }


def _has_beaten() -> bool:
    """A clock knows its tasks before a worker has heard of any."""
    return RegularTask.objects.filter(pk=HEARTBEAT, succeeded_at__isnull=False).exists()


def _ask_broker() -> dict[str, str]:
    """The broker must answer, not only accept the connection."""
    try:
        with redis.Redis.from_url(
            settings.CELERY_BROKER_URL,
            socket_connect_timeout=1,
            socket_timeout=1,
            retry=None,
        ) as broker:
            broker.ping()
    except redis.TimeoutError:
        return {"broker": HANGS}
    except (redis.RedisError, ValueError) as error:
        logger.warning("Not ready: broker, %s", type(error).__name__)
        return {"broker": DOWN}
    return {"broker": OK}


_database = Check(_ask_database)
_broker = Check(_ask_broker)
