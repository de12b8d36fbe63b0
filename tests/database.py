"""A pytest plugin: a parallel run migrates one database, while its workers collect, and they copy it.

Each would otherwise migrate its own, which takes some seven seconds of the processor. The program that
migrates holds a lock that ends with it, however it ends: a worker waits for that, and migrates by itself
where no database came of it.
"""

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import django
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from smartcities.tryout import rubbish


def make(name: str) -> None:
    """Migrate a new database. It has this name once it is complete."""
    address = os.environ["DATABASE_URL"]
    unfinished = f"{name}_unfinished"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{unfinished}"')
        os.environ["DATABASE_URL"] = urlsplit(address)._replace(path=f"/{unfinished}").geturl()
        django.setup()
        rubbish.let_it_lie()
        call_command("migrate", verbosity=0, run_syncdb=True)
        connections.close_all()
        server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def made(name: str, lock: Path) -> bool:
    """Wait until whoever makes the database has ended; whether it is there."""
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        found = server.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


class Maker:
    """In the process that hands out the tests."""

    def __init__(self) -> None:
        self.name = f"migrated_{uuid4().hex}"
        with tempfile.NamedTemporaryFile(prefix=self.name, delete=False) as held:
            self.lock = Path(held.name)
            fcntl.flock(held, fcntl.LOCK_EX)
            # The lock is its own as well, and its alone once this file is closed here.
            self.program = subprocess.Popen(
                [sys.executable, "-m", "tests.database", self.name],
                cwd=Path(__file__).parents[1],
                pass_fds=[held.fileno()],
            )

    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["migrated"] = [self.name, str(self.lock)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        self.program.terminate()
        self.program.wait()
        self.lock.unlink()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            for name in (self.name, f"{self.name}_unfinished"):
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def pytest_configure(config: pytest.Config) -> None:
    option, hands_out = config.option, not hasattr(config, "workerinput")
    # Another program keeps the true time, also where `make clocks` has another.
    is_another_time = bool(os.environ.get("FAKE_NOW"))
    if hands_out and option.tx and not (option.collectonly or option.reuse_db or is_another_time):
        config.pluginmanager.register(Maker())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings_parallel_suffix) -> None:
    migrated = getattr(request.config, "workerinput", {}).get("migrated")
    if migrated and made(migrated[0], Path(migrated[1])):
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = migrated[0]


if __name__ == "__main__":
    make(sys.argv[1])
