"""How soon a process hears of a change, and that it never goes by anything old.

The listener is the real one, on a real connection; what changes is written on another one.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread

import psycopg
import pytest
from django.db import OperationalError, connection

from finding import versions
from finding.versions import Knowledge, Listener, Versions
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db(transaction=True)

PROMISED_SECONDS = 1.0
# A busy machine may keep a thread waiting; what is measured here is the portal and not the machine.
PATIENCE = 5


@pytest.fixture
def knowledge() -> Knowledge:
    ProjectFactory()
    return Knowledge()


@contextmanager
def listening(knowledge: Knowledge) -> Iterator[Listener]:
    listener = Listener(knowledge)
    listener.start()
    try:
        wait_for(lambda: backends() and knowledge._known[1])
        yield listener
    finally:
        listener._end.set()
        wait_for(lambda: not backends())


def wait_for(what: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.01)


def backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE application_name = 'portal versions' AND datname = current_database()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def change_elsewhere() -> Versions:
    """In another process, as an editor at another web server would; returns the versions then."""
    settings = connection.get_connection_params()
    names = {name: settings[name] for name in ("dbname", "host", "port", "user", "password")}
    code = (
        "import psycopg, sys, json; c = psycopg.connect(**json.loads(sys.argv[1]), autocommit=True);"
        "c.execute('UPDATE projects_project SET updated_at = now()')"
    )
    subprocess.run(
        [sys.executable, "-c", code, json.dumps(names)], check=True, env=os.environ, timeout=60
    )
    return versions.current()


def test_a_change_in_another_process_is_heard_of_without_asking(knowledge, monkeypatch):
    with listening(knowledge):
        monkeypatch.setattr(knowledge, "ask", lambda: pytest.fail("asked"))
        knowledge.is_wanted = False
        now = change_elsewhere()
        wait_for(lambda: knowledge._known[1] == now)
        # And as long as pages are wanted, the listener keeps looking, so that no page has to.
        for _ in range(20):
            knowledge.is_wanted = True
            time.sleep(0.1)
        assert time.monotonic() - knowledge._known[0] < PATIENCE


def test_without_a_listener_one_visitor_in_a_while_asks(knowledge, django_assert_num_queries):
    with django_assert_num_queries(1):
        before = knowledge.known()
        for _ in range(50):
            assert knowledge.known() is before
    now = change_elsewhere()
    time.sleep(versions.AT_MOST_OLD)
    assert knowledge.known() == now


def test_a_killed_listener_makes_nothing_old_and_comes_back(knowledge):
    with listening(knowledge):
        [pid] = backends()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        now = change_elsewhere()
        time.sleep(versions.AT_MOST_OLD)
        assert knowledge.known() == now
        wait_for(lambda: set(backends()) - {pid})
        later = change_elsewhere()
        wait_for(lambda: knowledge._known[1] == later)


class Wire:
    """Between the listener and the database; can be cut so that neither end is told."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.is_cut = Event()
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            Thread(target=self._carry, args=[near], daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with closing(near), closing(socket.create_connection(self._to)) as far:
            while True:
                ready, _, _ = select.select([near, far], [], [], 0.05)
                if self.is_cut.is_set():
                    time.sleep(0.05)
                    continue
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    (far if one is near else near).sendall(data)

    def close(self) -> None:
        self.is_cut.clear()
        self._door.close()


def test_a_wire_that_is_cut_without_a_word_makes_nothing_old(knowledge, monkeypatch):
    """The listener hears nothing and is told of nothing: only that it cannot look any more counts."""
    settings = connection.get_connection_params()
    wire = Wire(settings["host"], int(settings["port"]))
    real = psycopg.connect
    monkeypatch.setattr(
        versions.psycopg,
        "connect",
        lambda **names: real(**names | {"host": "127.0.0.1", "port": wire.port}),
    )
    with closing(wire), listening(knowledge):
        wire.is_cut.set()
        now = change_elsewhere()
        time.sleep(versions.AT_MOST_OLD)
        begun = time.monotonic()
        assert knowledge.known() == now
        assert time.monotonic() - begun < PATIENCE
        wire.is_cut.clear()
        later = change_elsewhere()
        wait_for(lambda: knowledge._known[1] == later)


def test_without_the_database_nothing_is_known_and_it_is_not_asked_all_the_time(
    knowledge, monkeypatch
):
    assert knowledge.known()
    asked = []

    def away() -> Versions:
        asked.append(time.monotonic())
        raise OperationalError

    monkeypatch.setattr(versions, "current", away)
    knowledge.doubt()
    assert [knowledge.known() for _ in range(50)] == [None] * 50
    assert len(asked) == 1
    monkeypatch.undo()
    monkeypatch.setattr(knowledge, "_failed_at", float("-inf"))
    assert knowledge.known()


def test_what_is_gone_by_is_younger_than_promised():
    assert versions.AT_MOST_OLD < PROMISED_SECONDS
    assert versions.BEAT_SECONDS * 2 < versions.AT_MOST_OLD
