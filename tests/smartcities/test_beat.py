"""Several clocks ring like one, and a new one knows what has been rung."""

import logging
import os
from datetime import UTC, datetime, timedelta

import pytest
import redis
from celery.schedules import crontab

from smartcities.celery import app
from smartcities.operations import beat
from smartcities.operations.beat import LOCK, LOOK, OneRings
from smartcities.operations.regular_tasks import HEARTBEAT, RegularTask

pytestmark = pytest.mark.django_db(transaction=True)

NIGHTLY = "mailing.tasks.purge"


@pytest.fixture
def broker(settings):
    settings.CELERY_BROKER_URL = os.environ["REDIS_URL"]
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        yield broker
        broker.delete(LOCK)


@pytest.fixture
def clock(broker, monkeypatch):
    """Makes clocks; each notes what it has rung instead of sending it."""
    clocks = []
    monkeypatch.setitem(app.conf, "beat_schedule", {
        "heartbeat": {"task": HEARTBEAT, "schedule": 20},
        "nightly": {"task": NIGHTLY, "schedule": crontab(hour=3, minute=10)},
    })  # fmt: skip

    class Noting(OneRings):
        def apply_entry(self, entry, producer=None):
            self.rung.append(entry.task)

        producer = None

    def start() -> Noting:
        clock = Noting(app)
        clock.rung = []
        clocks.append(clock)
        return clock

    yield start
    for each in clocks:
        each.close()


def rings(clock) -> list[str]:
    """What a clock rings within a few looks."""
    clock.rung.clear()
    for _look in range(4):
        clock.tick()
    return sorted(clock.rung)


def long_ago(*names: str) -> None:
    for name in names:
        RegularTask.note(name, started_at=datetime(2026, 1, 5, tzinfo=UTC))


def test_of_two_clocks_one_rings_and_the_other_looks_again_soon(clock):
    long_ago(HEARTBEAT)
    first, second = clock(), clock()

    assert rings(first) == [HEARTBEAT]
    assert rings(second) == []
    assert second.tick() == LOOK


def test_when_the_first_ends_the_second_takes_over_at_once(clock):
    first, second = clock(), clock()
    first.tick()
    long_ago(HEARTBEAT)
    assert rings(second) == []

    first.close()

    assert rings(second) == [HEARTBEAT]


def test_when_the_first_is_killed_the_second_takes_over_after_the_lease(clock, broker, monkeypatch):
    monkeypatch.setattr(beat, "LEASE", 20)
    first, second = clock(), clock()
    first.tick()
    long_ago(HEARTBEAT)

    assert 0 < broker.pttl(LOCK) <= 20_000
    assert rings(second) == []
    broker.pexpire(LOCK, 1)
    while broker.exists(LOCK):
        pass
    assert rings(second) == [HEARTBEAT]
    # The first was only frozen: it does not ring again.
    long_ago(HEARTBEAT)
    assert rings(first) == []


def test_who_rings_keeps_the_lock_with_every_look(clock, broker):
    only = clock()
    only.tick()
    broker.pexpire(LOCK, 500)

    only.tick()

    assert broker.pttl(LOCK) > 15_000


def test_a_clock_that_takes_over_makes_up_for_the_night_and_repeats_nothing(clock):
    now = datetime.now(UTC)
    RegularTask.note(NIGHTLY, started_at=now - timedelta(days=2))
    RegularTask.note(HEARTBEAT, started_at=now)

    first = clock()
    assert rings(first) == [NIGHTLY]

    first.close()
    RegularTask.note(NIGHTLY, started_at=now)
    assert rings(clock()) == []


def test_a_new_clock_rings_at_once_what_runs_every_so_often_and_waits_for_the_night(clock):
    assert rings(clock()) == [HEARTBEAT]


def test_a_clock_rings_at_once_what_was_known_for_days_and_has_never_run(clock):
    now = datetime.now(UTC)
    RegularTask.note(HEARTBEAT, started_at=now)
    RegularTask.know([NIGHTLY])
    first = clock()
    assert rings(first) == []

    first.close()
    RegularTask.objects.filter(pk=NIGHTLY).update(known_since=now - timedelta(days=2))
    assert rings(clock()) == [NIGHTLY]


def test_without_the_broker_no_clock_rings_and_none_ends(clock, settings, caplog):
    settings.CELERY_BROKER_URL = "redis://:geheim@127.0.0.1:1/0"
    long_ago(HEARTBEAT)
    with caplog.at_level(logging.WARNING):
        assert rings(clock()) == []

    assert {record.getMessage() for record in caplog.records} == {
        "Cannot reach the broker, so scheduled tasks are not started: ConnectionError"
    }
