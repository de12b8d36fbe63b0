"""One try-out per clone, and nothing left of one that was killed.

On Linux the kernel ends our processes with us (see `processes`), and here we only wait for them. On
other systems a `kill -9` of the starter leaves them running, and the next start ends them.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from smartcities.tryout.progress import CannotStart


@contextlib.contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold this clone's data for us alone. A lock that dies with its owner cannot be left over."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "running").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(
                f"Aus diesem Ordner läuft das Portal schon (Prozess {file.read().strip()}).\n"
                "Für ein zweites mit eigenen Daten: make run PORT=8001 PORTAL_VAR=var/zweites"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


class Residents:
    """The processes we started, on record for the one who comes after us."""

    def __init__(self, record: Path) -> None:
        self.record = record

    def add(self, pid: int) -> None:
        known = self._read() | {str(pid): born(pid)}
        self.record.write_text(json.dumps(known))

    def end_all(self, *, patience: float = 20) -> None:
        """Ask each that still lives to end, wait, and end with their children those who do not."""
        living = {int(pid) for pid, birth in self._read().items() if birth == born(int(pid)) != ""}
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while any(born(pid) for pid in living) and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in living:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self.record.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            return json.loads(self.record.read_text())
        except (FileNotFoundError, json.JSONDecodeError):  # killed in the middle of writing
            return {}


def born(pid: int) -> str:
    """When the process started, so that a number given anew is not taken for it; "" if it is gone."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        state, start_time = fields[0], fields[19]
        return "" if state == "Z" else start_time
    asked = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()
