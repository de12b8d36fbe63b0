"""Commands of the try-out and of the portal say what is missing in a sentence."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from smartcities.operations.backup import BackupError
from smartcities.operations.backup.programs import client
from smartcities.tryout import __main__ as tryout

CHECKOUT = Path(__file__).parents[2]


def nowhere() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return closed.getsockname()[1]


@pytest.mark.parametrize(
    "command",
    [
        ["migrate"],
        ["load_municipalities"],
        ["import_municipalities", "x.xlsx"],
        ["backup", "x.tar"],
    ],
)
def test_without_its_database_a_command_says_so_and_shows_no_traceback(command, tmp_path):
    port = nowhere()
    done = subprocess.run(
        [sys.executable, str(CHECKOUT / "manage.py"), *command],
        cwd=tmp_path,
        env=os.environ
        | {
            "DATABASE_URL": f"postgresql://portal:geheim@127.0.0.1:{port}/smartcities",
            "DJANGO_SETTINGS_MODULE": "smartcities.settings.test",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr + done.stdout
    if command != ["import_municipalities", "x.xlsx"]:  # its file comes first
        assert f"auf 127.0.0.1, Port {port}, ist nicht da." in done.stderr
        assert 'make manage ARGS="…"' in done.stderr


def test_before_the_first_start_there_are_no_data_to_work_on(starter, tmp_path):
    process = starter(
        "-m", "smartcities.tryout.manage", "migrate", PORTAL_VAR=str(tmp_path / "var")
    )

    assert process.stdout.read() == "Hier gibt es noch keine Daten. Zuerst einmal: make run\n"
    assert process.wait(20) == 1


def test_a_command_writes_links_to_the_portal_that_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(tryout, "VAR", tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "somewhere")
    monkeypatch.setenv("SITE_URL", "http://localhost:8080")

    tryout.write_down_addresses()

    # Which is the environment of the command: `manage.data`.
    assert json.loads((tmp_path / tryout.ADDRESSES).read_text()) == {
        "DATABASE_URL": "somewhere",
        "REDIS_URL": "somewhere",
        "SITE_URL": "http://localhost:8080",
    }


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a pg_dump of this version on the path, and hides those of the machine."""
    monkeypatch.setattr("smartcities.operations.backup.programs.FURTHER", list)
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setenv("PATH", "")

    def put(version: str) -> Path:
        folder = tmp_path / version
        folder.mkdir()
        file = folder / "pg_dump"
        file.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version} (Debian)'\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{folder}")
        return file

    return put


def test_the_program_of_the_servers_own_version_is_taken_before_newer_and_first_ones(program):
    program("15.9"), program("19beta1")
    own = program("18.1")
    program("18.0")

    assert client("pg_dump", server=18) == own


def test_where_only_older_ones_are_it_says_which_version_is_missing_and_how_to_get_it(program):
    with pytest.raises(
        BackupError, match=r"fehlt dazu das Programm pg_dump in Version 18 oder neuer\. I"
    ):
        client("pg_dump", server=18)
    program("15.9")

    with pytest.raises(BackupError) as refused:
        client("pg_dump", server=18)

    assert str(refused.value) == (
        "Die Datenbank ist PostgreSQL 18. Auf diesem Rechner fehlt dazu das Programm pg_dump in Version "
        "18 oder neuer. Gefunden wurde nur Version 15. Installieren Sie es, zum Beispiel mit apt install "
        "postgresql-client-18, oder nennen Sie seinen Ordner in PG_BIN."
    )
