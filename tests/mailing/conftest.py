import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.forked import Forked


@pytest.fixture
def probe_templates(settings) -> None:
    """Templates "probe/…" of these tests."""
    own = Path(__file__).parent / "templates"
    engine = {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], own]}
    settings.TEMPLATES = [engine]


def until(condition: Callable[[], Any], *, seconds: float, what: str) -> float:
    """Wait for it and return how long it took."""
    started = time.monotonic()
    while not condition():
        waited = time.monotonic() - started
        assert waited < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - started


class Sink:
    """The mail server of `smtp_sink`, in its own process."""

    def __init__(self, journal: Path, *, delay: float = 0.0) -> None:
        self.journal = journal
        self.door = journal.with_name(journal.name + ".closed")
        self.answer = journal.with_name(journal.name + ".answer")
        command = ["tests.mailing.smtp_sink", "--journal", str(journal), "--delay", str(delay)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())

    def accepted(self) -> list[dict[str, str]]:
        # A line may be half written while we look.
        lines = self.journal.read_text().rpartition("\n")[0].splitlines()
        return [json.loads(line) for line in lines]

    def recipients(self) -> list[str]:
        return [line["to"] for line in self.accepted()]

    def close_the_door(self) -> None:
        self.door.touch()

    def open_the_door(self) -> None:
        self.door.unlink(missing_ok=True)

    def answer_everybody(self, words: str) -> None:
        """From now on every recipient gets this answer; "" as usual again."""
        if words:
            # In one go: the server may read it at any moment.
            new = self.answer.with_name("answer.new")
            new.write_text(words)
            new.rename(self.answer)
        else:
            self.answer.unlink(missing_ok=True)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def one_sink(tmp_path_factory) -> Iterator[Sink]:
    sink = Sink(tmp_path_factory.mktemp("sink") / "journal")
    yield sink
    sink.stop()


@pytest.fixture
def sink(one_sink, settings) -> Iterator[Sink]:
    """A mail server with an empty journal, and the portal sends to it."""
    os.truncate(one_sink.journal, 0)
    send_to(settings, one_sink.port)
    yield one_sink
    one_sink.open_the_door()
    one_sink.answer_everybody("")


@pytest.fixture
def slow_sink(tmp_path, settings) -> Iterator[Sink]:
    """A mail server that takes half a second for each answer."""
    sink = Sink(tmp_path / "journal", delay=0.5)
    send_to(settings, sink.port)
    yield sink
    sink.stop()


def sends_to(port: int) -> dict[str, Any]:
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
    }


def send_to(settings: Any, port: int) -> None:
    for name, value in sends_to(port).items():
        setattr(settings, name, value)
    settings.EMAIL_TIMEOUT = 5


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of a server that accepts every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def nobody_there() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def processes(sink) -> Iterator[Callable[..., subprocess.Popen | Forked]]:
    """Start a program as the real thing: it works on the tests' database and sends to the sink.

    A module of the tests that needs nothing else in its environment is forked.
    """
    started: list[subprocess.Popen | Forked] = []

    def start(*command: str, **environment: str) -> subprocess.Popen | Forked:
        database = connection.settings_dict
        if command[0].startswith("tests.") and not environment:
            broker = os.environ.get("REDIS_URL", "memory://")
            changed = sends_to(sink.port) | {"CELERY_BROKER_URL": broker}
            started.append(Forked(*command, database=database, **changed))
            return started[-1]
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.mailing.process_settings",
                "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
                    **database
                ),
                "EMAIL_PORT": str(sink.port),
            }
            | environment,
            # Its own group, so that a killed worker takes its children with it.
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen | Forked) -> None:
    """kill -9 of a process and its children; nobody gets to tidy up."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()  # where it had no group of its own yet
    process.wait()
