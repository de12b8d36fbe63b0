"""`/readyz` names the part that does not work, quickly, and nothing else."""

import os
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from smartcities.operations import readiness
from smartcities.operations.readiness import Check
from smartcities.operations.regular_tasks import HEARTBEAT, RegularTask
from tests.factories import EmailFactory

pytestmark = pytest.mark.django_db(transaction=True)

ALL_OK = dict.fromkeys(("database", "migrations", "outbox", "beat", "tasks", "broker"), "ok")


@pytest.fixture(autouse=True)
def everything_runs(settings, db) -> None:
    settings.CELERY_BROKER_URL = os.environ["REDIS_URL"]
    RegularTask.note(HEARTBEAT, succeeded_at=timezone.now())


def answer(client) -> tuple[int, dict[str, str]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_when_everything_works_the_answer_is_200(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, ALL_OK)
    assert "no-store" in response["Cache-Control"]


def test_a_broker_that_is_away_is_named(client, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.CELERY_BROKER_URL = f"redis://:geheim@127.0.0.1:{closed.getsockname()[1]}/0"

        assert answer(client) == (503, ALL_OK | {"broker": "down"})


def test_a_broker_that_accepts_and_never_answers_is_named_quickly(client, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        started = time.monotonic()

        assert answer(client) == (503, ALL_OK | {"broker": "hangs"})
        assert time.monotonic() - started < readiness.PATIENCE


def test_a_database_that_is_away_is_named_and_what_it_knows_is_unknown(client, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        # The check connects anew in its thread; the connection of the test stays as it is.
        port = closed.getsockname()[1]
        monkeypatch.setitem(connection.settings_dict, "PORT", port)
        monkeypatch.setitem(django_settings.DATABASES["default"], "PORT", port)

        status, words = answer(client)

    assert status == 503
    unknown = dict.fromkeys(("migrations", "outbox", "beat", "tasks"), "unknown")
    assert words == {"database": "down", **unknown, "broker": "ok"}


@contextmanager
def locked_outbox():
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as rival:
        rival.execute("LOCK TABLE mailing_email IN ACCESS EXCLUSIVE MODE")
        yield
        rival.rollback()


def test_a_database_that_answers_too_slowly_is_named(client):
    with locked_outbox():
        started = time.monotonic()
        status, words = answer(client)

    assert time.monotonic() - started < readiness.PATIENCE + 0.5
    assert (status, words["database"], words["broker"]) == (503, "hangs", "ok")


def test_a_migration_that_is_not_applied_is_named(client):
    recorder = MigrationRecorder(connection)
    app, name = next(iter(readiness._newest_migrations()))
    recorder.record_unapplied(app, name)
    try:
        status, words = answer(client)
    finally:
        recorder.record_applied(app, name)

    assert (status, words["database"], words["migrations"]) == (503, "ok", "missing")


def test_an_outbox_that_lags_is_named_and_one_with_a_few_minutes_is_not(client):
    email = EmailFactory(due_at=timezone.now() - timedelta(minutes=10))
    assert answer(client) == (200, ALL_OK)

    email.due_at -= timedelta(minutes=10)
    email.save()
    assert answer(client) == (503, ALL_OK | {"outbox": "late"})


@pytest.mark.parametrize("known", [False, True])
def test_a_clock_that_does_not_ring_is_named(client, known):
    RegularTask.objects.all().delete()
    if known:
        RegularTask.note(HEARTBEAT, succeeded_at=timezone.now() - timedelta(minutes=3))

    assert answer(client) == (503, ALL_OK | {"beat": "late"})


def test_a_task_that_has_not_succeeded_in_its_time_is_named(client):
    # Failing over and over is no success, however lately.
    long_ago = timezone.now() - timedelta(minutes=20)
    RegularTask.note("mailing.tasks.deliver", succeeded_at=long_ago, failed_at=timezone.now())

    assert answer(client) == (503, ALL_OK | {"tasks": "late"})


def test_who_asks_while_a_check_hangs_starts_no_second_one():
    asked = []
    go_on = threading.Event()

    def ask() -> dict[str, str]:
        asked.append(1)
        go_on.wait(5)
        return {"broker": "ok"}

    check = Check(ask)
    first, second = check.begin(), check.begin()
    go_on.set()

    assert first.result(5) == second.result(5) == {"broker": "ok"}
    assert asked == [1]
    assert check.begin().result(5) == {"broker": "ok"}
    assert asked == [1, 1]
