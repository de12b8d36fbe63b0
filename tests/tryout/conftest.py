import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is awkward to name and, other than `tmp_path`, open to every user's programs."""
    with tempfile.TemporaryDirectory(prefix="probe ä ö-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


@pytest.fixture
def starter() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Run Python code or a module as a process of its own, ended with its whole group afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-u", *arguments],
            cwd=CHECKOUT,
            env={
                key: value
                for key, value in os.environ.items()
                if key not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PORT")
            }
            | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def until(condition: Callable[[], object], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)


def _processes(columns: str) -> list[str]:
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", columns],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )
    return listed.stdout.splitlines()


def processes_naming(path: Path) -> list[str]:
    """The processes of this machine whose command line has the path in it."""
    return [line for line in _processes("pid=,stat=,args=") if str(path) in line]


def processes_of_groups(groups: set[int]) -> list[str]:
    """The living processes of these groups, whatever they call themselves by now (Celery's do)."""
    lines = _processes("pgid=,stat=,args=")
    return [line for line in lines if int(line.split()[0]) in groups and "Z" not in line.split()[1]]
