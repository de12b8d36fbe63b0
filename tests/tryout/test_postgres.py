import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from smartcities.tryout.left_overs import born
from smartcities.tryout.postgres import NoPostgres, Postgres, binaries
from tests.tryout.conftest import processes_naming, until


@pytest.fixture
def server(folder) -> Iterator[Callable[..., Postgres]]:
    """Servers over the same data, one after the other."""
    made: list[Postgres] = []

    def make(*, durable: bool = False) -> Postgres:
        made.append(Postgres(folder / "data", log=folder / "log", durable=durable))
        return made[-1]

    yield make
    for postgres in made:
        postgres.stop()


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def write(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES ('Fürstenfeldbruck')")


def read(url: str) -> list[tuple[str]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute("SELECT text FROM note").fetchall()


def test_data_outlives_a_restart_and_no_process_outlives_the_stop(server, folder):
    first = server()
    write(first.start())
    first.stop()
    assert processes_naming(folder) == []
    assert read(server().start()) == [("Fürstenfeldbruck",)]


def test_the_server_asks_for_the_password_and_only_its_owner_can_read_it(server, folder):
    url = server().start()
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(url.replace(url.split("@")[0].split(":")[2], ""))
    assert (folder / "data.secret").stat().st_mode & 0o777 == 0o600


def test_a_server_that_was_left_running_is_ended_and_replaced(server, folder):
    write(server().start())
    left_over = postmaster(folder)
    assert read(server().start()) == [("Fürstenfeldbruck",)]
    assert postmaster(folder) != left_over
    until(lambda: not born(left_over))


def test_a_server_that_crashed_loses_nothing_and_leaves_nothing_in_the_way(server, folder):
    crashed = server(durable=True)
    write(crashed.start())
    os.kill(postmaster(folder), signal.SIGKILL)
    crashed.stop()
    assert (folder / "data" / "postmaster.pid").exists()
    assert read(server().start()) == [("Fürstenfeldbruck",)]


def test_what_an_interrupted_first_start_left_half_made_is_made_anew(server, folder):
    (folder / "data.new").mkdir()
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    (folder / "data.secret").write_text("not the server's password")
    write(server().start())
    assert not (folder / "data.new").exists()


def test_it_dies_with_a_starter_that_is_killed(starter, folder):
    code = f"""
import json, sys, time
from pathlib import Path
from smartcities.tryout.postgres import Postgres

folder = Path({str(folder)!r})
print(json.dumps(Postgres(folder / "data", log=folder / "log", durable=False).start()))
time.sleep(600)
"""
    process = starter("-c", code)
    url = json.loads(process.stdout.readline())
    write(url)
    process.kill()
    until(lambda: not processes_naming(folder))


def test_a_postgresql_that_is_too_old_is_named(folder, monkeypatch):
    old = folder / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.12 (Debian 14.12-1)'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(folder))
    with pytest.raises(NoPostgres) as problem:
        binaries()
    assert str(problem.value) == (
        "postgres (PostgreSQL) 14.12 (Debian 14.12-1) ist zu alt: Nötig ist PostgreSQL ab Version 15."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_root_finds_another_place_where_the_checkout_is_closed_to_others(server, folder):
    folder.chmod(0o700)
    postgres = server()
    write(postgres.start())
    place = Path((folder / "data-liegt-in").read_text().strip())
    assert postgres.data == place
    postgres.stop()
    try:
        assert read(server().start()) == [("Fürstenfeldbruck",)]
    finally:
        server_now = server()
        server_now.start()
        server_now.stop()
        shutil.rmtree(place.parent)
