import json
import os
import signal
import sys

import psycopg
import pytest
import redis

from smartcities.tryout.left_overs import born
from smartcities.tryout.postgres import NoPostgres, Postgres
from smartcities.tryout.supervisor import (
    GIVE_UP_AFTER,
    LONGEST_PAUSE,
    Foundation,
    Kept,
    Service,
    Supervisor,
)
from smartcities.tryout.valkey import Valkey
from tests.tryout.conftest import until

# Two services with a child each; prints the four process ids and looks after them until told to stop.
KEEPER = """
import json, sys, time
from pathlib import Path
from smartcities.tryout.supervisor import Service, Supervisor
folder = Path(sys.argv[1])
script = 'sleep 600 & echo $! > "$0"; wait'
services = [Service(n, folder / f"{n}.log", ["sh", "-c", script, str(folder / n)]) for n in "ab"]
supervisor = Supervisor(services, say=print)
supervisor.start()
children = [folder / n for n in "ab"]
while not all(child.exists() and child.read_text().strip() for child in children):
    time.sleep(0.01)
pids = [int(child.read_text()) for child in children] + [s.process.pid for s in services]
supervisor.listen()
print(json.dumps(pids))
result = supervisor.run()
supervisor.stop()
sys.exit(result)
"""


def service(folder, code: str) -> Service:
    return Service("Der Probelauf", folder / "probe.log", [sys.executable, "-c", code])


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_wish_to_stop_ends_every_process_and_its_children(starter, folder, wish):
    keeper = starter("-c", KEEPER, str(folder))
    pids = json.loads(keeper.stdout.readline())
    assert len(pids) == 4
    assert all(map(born, pids))
    keeper.send_signal(wish)
    assert keeper.wait(20) == 0
    assert not any(map(born, pids))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_services_die_with_a_killed_supervisor(starter, folder):
    keeper = starter("-c", KEEPER, str(folder))
    services = json.loads(keeper.stdout.readline())[2:]
    keeper.kill()
    until(lambda: not any(map(born, services)))


def test_a_service_that_dies_is_named_with_its_last_words_and_started_anew(folder):
    said: list[str] = []
    started: list[int] = []
    mark = folder / "second"
    code = (
        f"import pathlib, sys, time; mark = pathlib.Path({str(mark)!r})\n"
        "if mark.exists(): time.sleep(600)\n"
        "mark.touch(); sys.exit('kein Speicher mehr')"
    )
    probe = service(folder, code)
    supervisor = Supervisor([probe], say=said.append, on_start=started.append)
    supervisor.start()
    until(probe.has_died)
    assert supervisor.all_is_well()
    assert said == [
        f"Der Probelauf ist ausgefallen. Zuletzt in {probe.log}:\nkein Speicher mehr",
        "Der Probelauf ist neu gestartet.",
    ]
    assert len(set(started)) == 2
    assert started[-1] == probe.process.pid
    supervisor.stop()
    assert not any(map(born, started))


def test_a_service_that_keeps_dying_ends_the_tryout(folder, monkeypatch):
    monkeypatch.setattr("smartcities.tryout.supervisor.LONGEST_PAUSE", 0)
    said: list[str] = []
    probe = service(folder, "raise SystemExit('kaputt')")
    supervisor = Supervisor([probe], say=said.append)
    supervisor.start()
    rounds = 0
    until(probe.has_died)
    while supervisor.all_is_well():
        rounds += 1
        until(probe.has_died)
    assert rounds == GIVE_UP_AFTER - 1
    assert said[-1] == "Der Probelauf fällt immer wieder aus. Das Portal hält an."


def test_a_killed_database_and_a_killed_broker_come_back_under_the_same_address(folder):
    said: list[str] = []
    postgres = Postgres(folder / "data", log=folder / "postgres.log")
    valkey = Valkey(log=folder / "valkey.log")
    try:
        addresses = [postgres.start(), valkey.start()]
        kept = [
            Foundation("PostgreSQL", postgres.log, postgres),
            Foundation("Valkey", valkey.log, valkey),
        ]
        supervisor = Supervisor([], say=said.append, foundations=kept)
        for foundation in kept:
            os.kill(foundation.server.pid, signal.SIGKILL)
            until(foundation.has_died)
        assert supervisor.all_is_well()

        with psycopg.connect(addresses[0]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with redis.Redis.from_url(addresses[1]) as client:
            assert client.ping()
    finally:
        postgres.stop()
        valkey.stop()
    assert [text.partition(". Zuletzt")[0] for text in said] == [
        "PostgreSQL ist ausgefallen",
        "PostgreSQL ist neu gestartet.",
        "Valkey ist ausgefallen",
        "Valkey ist neu gestartet.",
    ]


def test_a_database_that_cannot_be_started_any_more_ends_the_tryout(folder, monkeypatch):
    monkeypatch.setattr("smartcities.tryout.supervisor.LONGEST_PAUSE", 0)

    class Broken:
        log = folder / "log"

        def start(self) -> str:
            raise NoPostgres("kein Platz")

        def stop(self) -> None:
            return

        def is_running(self) -> bool:
            return False

    said: list[str] = []
    supervisor = Supervisor(
        [], say=said.append, foundations=[Foundation("PostgreSQL", Broken.log, Broken())]
    )

    assert not supervisor.all_is_well()
    assert said.count("PostgreSQL startet nicht: kein Platz") == GIVE_UP_AFTER - 1
    assert said[-1] == "PostgreSQL fällt immer wieder aus. Das Portal hält an."


def test_what_keeps_dying_is_tried_with_growing_pauses_and_given_up_at_the_tenth_time(tmp_path):
    kept = Kept("Der Probelauf", tmp_path / "probe.log")
    tries = [(kept.may_try_again(float(second)), kept.pause()) for second in range(10)]

    assert tries[:3] == [(True, 0), (True, 1), (True, 2)]
    assert [again for again, _pause in tries] == [True] * 9 + [False]
    assert max(pause for _again, pause in tries) == LONGEST_PAUSE
    # What died a minute ago is forgotten.
    assert (kept.may_try_again(100.0), kept.pause()) == (True, 0)
