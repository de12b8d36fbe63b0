"""How new what this process knows is, without asking the database for each page.

Triggers raise the version of a part with every change of it and `NOTIFY`. Each process hears that on one
connection of its own. Hearing nothing proves nothing, so the listener also looks regularly as long as
pages are wanted; and where it does not get through, the next visitor's request asks, so that nobody goes
by anything older than `AT_MOST_OLD`.

What many change at once (free times, seats) and what the search is built of have numbers as well, which
only those pages go by that show them (`BESIDE`).
"""

import atexit
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Event, Lock, Thread
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, connection

CHANNEL = "portal_versions"
CATALOGUE, EVENTS, COMMUNITIES = "catalogue", "events", "communities"
# Nothing that is kept of the parts above is another when these change, and nobody is told of it.
FREE_TIMES, SEATS, SEARCH = BESIDE = "free times", "seats", "search"
# Seconds. What was read so long ago is not gone by: less than the second that is promised, as the
# answer still has to be given.
AT_MOST_OLD = 0.8
BEAT_SECONDS = 0.3
TRY_AGAIN_SECONDS = 1.0

logger = logging.getLogger(__name__)


_NUMBERS = """
SELECT part, sum(number)::bigint FROM (
    SELECT part, number FROM finding_partversion UNION ALL SELECT part, 1 FROM finding_partchange
) AS known GROUP BY part
"""
_FOLD = """
WITH gone AS (DELETE FROM finding_partchange RETURNING part)
INSERT INTO finding_partversion (part, number) SELECT part, count(*) FROM gone GROUP BY part
ON CONFLICT (part) DO UPDATE SET number = finding_partversion.number + excluded.number
"""


class Versions(dict[str, int]):
    """The number of each part; one of which nothing was ever stored is missing."""

    # When this process began to ask for them (`time.monotonic`).
    asked_at = float("-inf")
    beside: Mapping[str, int] = {}

    @classmethod
    def read(cls, rows: Iterable[tuple[str, int]]) -> "Versions":
        numbers = dict(rows)
        versions = cls((part, numbers[part]) for part in numbers if part not in BESIDE)
        versions.beside = {part: numbers[part] for part in BESIDE if part in numbers}
        return versions

    def of(self, parts: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.get(part, self.beside.get(part, 0)) for part in parts)


def current() -> Versions:
    """As this transaction sees them; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS)
        return Versions.read(cursor.fetchall())


def fold() -> None:
    """Put single changes together into the numbers that they make; no number is another by that."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)


class Knowledge:
    """The versions as this process last read them, and when that was.

    Whatever was asked for later is believed, also where its numbers are lower: a database may have been
    restored from a backup.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asking = Lock()
        self._known: tuple[float, Versions] = (float("-inf"), Versions())
        self._doubted_at = float("-inf")
        self._failed_at = float("-inf")
        self.is_wanted = False
        self.when_changed: Callable[[], None] = lambda: None

    def learn(self, versions: Versions, asked_at: float) -> None:
        """What somebody read who began to ask at `asked_at` (`time.monotonic`)."""
        versions.asked_at = asked_at
        with self._lock:
            before_at, before = self._known
            if asked_at <= before_at:
                return
            self._known = (asked_at, versions)
        if (versions, versions.beside) != (before, before.beside):
            self.when_changed()

    def doubt(self) -> None:
        """This process may just have changed something: ask before the next answer."""
        self._doubted_at = time.monotonic()

    def is_bearable(self, asked_at: float) -> bool:
        """Whether what was true then may still be shown, though something has changed since elsewhere."""
        return asked_at > self._doubted_at and time.monotonic() - asked_at < AT_MOST_OLD

    def ask(self) -> Versions:
        """Read them now, on the connection of this thread, for all threads of the process."""
        asked_at = time.monotonic()
        versions = current()
        self.learn(versions, asked_at)
        return versions

    def known(self) -> Versions | None:
        """At most `AT_MOST_OLD` seconds old; None where the database does not say."""
        self.is_wanted = True
        if (versions := self._if_sure()) is not None:
            return versions
        # The others wait for the one who asks, but not for a database that hangs.
        if not self._asking.acquire(timeout=AT_MOST_OLD):
            return None
        try:
            return self._ask_unless_just_failed()
        finally:
            self._asking.release()

    def _ask_unless_just_failed(self) -> Versions | None:
        if (versions := self._if_sure()) is not None:
            return versions
        if time.monotonic() - self._failed_at < TRY_AGAIN_SECONDS:
            return None
        try:
            return self.ask()
        except Error:
            self._failed_at = time.monotonic()
            return None

    def _if_sure(self) -> Versions | None:
        asked_at, versions = self._known
        return versions if self.is_bearable(asked_at) else None


class Listener:
    """Hears of changes on a connection of its own. Started with the first answer, so after any fork."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._started_in: int | None = None
        self._starting = Lock()
        self._end = Event()

    def start(self) -> None:
        """Once in each process."""
        if self._started_in == os.getpid():
            return
        with self._starting:
            if self._started_in == os.getpid():
                return
            self._started_in, self._end = os.getpid(), Event()
            thread = Thread(target=self._run, args=[self._end], name="versions", daemon=True)
            thread.start()
        atexit.register(self._stop, thread)

    def _stop(self, thread: Thread) -> None:
        self._end.set()
        thread.join(1)

    def _run(self, end: Event) -> None:
        is_lost = False
        while not end.is_set():
            try:
                with connect() as listening:
                    is_lost = False
                    self._hear(listening, end)
            except (psycopg.Error, OSError) as error:
                if not is_lost:
                    logger.warning("Hears of no changes, asks for them: %s", type(error).__name__)
                is_lost = True
                end.wait(TRY_AGAIN_SECONDS)

    def _hear(self, listening: psycopg.Connection, end: Event) -> None:
        listening.execute(f"LISTEN {CHANNEL}")
        is_news = True
        while not end.is_set():
            if is_news or self._knowledge.is_wanted:
                self._knowledge.is_wanted = False
                self._look(listening)
            is_news = any(listening.notifies(timeout=BEAT_SECONDS, stop_after=1))

    def _look(self, listening: psycopg.Connection) -> None:
        asked_at = time.monotonic()
        rows = listening.execute(_NUMBERS).fetchall()
        self._knowledge.learn(Versions.read(rows), asked_at)


def connect() -> psycopg.Connection:
    """A connection that notices within moments when nothing comes through any more."""
    wanted = connection.get_connection_params()
    names: dict[str, Any] = {
        name: wanted[name]
        for name in ("dbname", "host", "port", "user", "password", "service", "sslmode")
        if wanted.get(name)
    }
    return psycopg.connect(
        **names,
        autocommit=True,
        connect_timeout=2,
        tcp_user_timeout=1000,
        keepalives_idle=2,
        keepalives_interval=1,
        keepalives_count=2,
        application_name="portal versions",
    )


knowledge = Knowledge()
_listener = Listener(knowledge)


def known() -> Versions | None:
    """See `Knowledge.known`."""
    if settings.LISTEN_FOR_VERSIONS:
        _listener.start()
    return knowledge.known()
