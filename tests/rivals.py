"""What several real processes do at the same moment, each with its own connection.

They are forked from a process that was started afresh, has set up Django once and has never been connected.
So they share nothing but the database, neither among them nor with the test.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import connection

from tests.forked import PREPARED

PROCESSES = 8


@pytest.fixture(scope="module")
def race(django_db_setup, django_db_blocker) -> Iterator["Rivals"]:
    """Eight processes that are connected to the test's database and ready."""
    with django_db_blocker.unblock():
        database = dict(connection.settings_dict)
    with rivals(database) as eight:
        yield eight


@contextmanager
def rivals(database: dict[str, Any]) -> Iterator["Rivals"]:
    context = get_context("forkserver")
    context.set_forkserver_preload(PREPARED)
    with ProcessPoolExecutor(
        PROCESSES, mp_context=context, initializer=_start, initargs=(database,)
    ) as pool:
        yield Rivals(pool)


class Rivals:
    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        # Whoever starts late would not be a rival.
        self.at_once(_ready, [()] * PROCESSES, within=30)

    def at_once(
        self, job: Callable[..., Any], arguments: Sequence[tuple], *, within: float = 0.3
    ) -> list[Any]:
        """Run a job of a module in each process at the same moment; one answer per arguments."""
        assert len(arguments) <= PROCESSES
        begin = 0.0 if job is _ready else time.time() + within
        running = [self._pool.submit(_at, begin, job, some) for some in arguments]
        return [answer.result(timeout=60) for answer in running]


def _start(database: dict[str, Any]) -> None:
    import tests.ready  # noqa: F401, PLC0415 - where it could not be imported before the fork

    connection.settings_dict.update(database)


def _ready() -> None:
    connection.ensure_connection()
    time.sleep(0.2)  # so that no process takes two of these


def _at(begin: float, job: Callable[..., Any], arguments: tuple) -> Any:
    time.sleep(max(0.0, begin - time.time()))
    return job(*arguments)
