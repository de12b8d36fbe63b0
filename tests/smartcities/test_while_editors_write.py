"""However often editors write, and whatever becomes of the listener: no page is older than promised.

What counts is when a visitor asked: what was overwritten longer ago than the promise must not be shown.
"""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Event, Thread

import psycopg
import pytest
from django.db import connection
from django.test import Client

from finding import versions
from finding.versions import Knowledge
from smartcities.operations.kept_answers import shelf
from tests.factories import ProjectFactory
from tests.finding.test_versions import PROMISED_SECONDS, backends, listening, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

WRITES_A_SECOND = 10
SECONDS = 3


@pytest.fixture
def knowledge(settings, monkeypatch) -> Iterator[Knowledge]:
    settings.KEPT_ANSWERS_MEGABYTES = 32
    knowledge = Knowledge()
    monkeypatch.setattr(versions, "knowledge", knowledge)
    shelf.clear()
    yield knowledge
    shelf.clear()


class Editors:
    """Write the summary of a project ten times a second, on a connection of their own."""

    def __init__(self) -> None:
        self.overwritten: dict[int, float] = {}

    def write(self, number: int, on: psycopg.Connection) -> None:
        on.execute("UPDATE projects_project SET summary = %s", [f"Stand {number}."])
        self.overwritten[number - 1] = time.monotonic()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        end, params = Event(), connection.get_connection_params()
        names = {name: params[name] for name in ("dbname", "host", "port", "user", "password")}

        def go_on() -> None:
            with closing(psycopg.connect(**names, autocommit=True)) as on:
                for number in range(1, 1_000_000):
                    self.write(number, on)
                    if end.wait(1 / WRITES_A_SECOND):
                        return

        thread = Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()


def kill_listener() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [backends()]
        )


@pytest.mark.parametrize("listener", ["hears", "is killed again and again", "is not there"])
def test_nobody_sees_what_was_overwritten_more_than_a_second_ago(knowledge, listener):
    ProjectFactory(slug="ulm", summary="Stand 0.")
    editors, ages, shown = Editors(), [], set()
    with ExitStack() as stack:
        if listener != "is not there":
            stack.enter_context(listening(knowledge))
        stack.enter_context(editors.at_work())
        wait_for(lambda: len(editors.overwritten) > 2)
        begun = kill_at = time.monotonic()
        # On a busy machine until some different pages were seen.
        while (asked := time.monotonic()) < begun + SECONDS or len(shown) < 3:
            assert asked < begun + 20 * SECONDS
            if "killed" in listener and asked > kill_at:
                kill_listener()
                kill_at = asked + SECONDS / 4
            page = Client().get("/projekte/ulm/").text
            number = int(re.search(r"Stand (\d+)\.", page)[1])
            shown.add(number)
            ages.append(asked - editors.overwritten.get(number, asked))

    assert max(ages) < PROMISED_SECONDS
    # What visitors got was kept.
    assert len(shelf) == 1
