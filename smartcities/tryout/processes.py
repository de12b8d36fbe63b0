"""Starting programs that never outlive us, and finding room for them."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

Process = subprocess.Popen[bytes]


def dying_with_parent(how: signal.Signals) -> Callable[[], None] | None:
    """A function for the child that asks the kernel for signal `how` when its parent dies.

    Even `kill -9` of the starter then leaves nothing behind. Linux only; elsewhere the next start
    finds and stops the left-over.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # died before we could ask
            os._exit(1)

    return ask


def only_ours(path: str | Path, flags: int) -> int:
    """An opener for files that no other user of the machine may read."""
    file = os.open(path, flags, mode=0o600)
    os.fchmod(file, 0o600)  # one that was there already may have been open to others
    return file


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    when_orphaned: signal.Signals = signal.SIGTERM,
    text: str = "",
    **options: Any,
) -> Process:
    """Start a program in a session of its own, so that Ctrl-C reaches only us; it writes to `log`.

    It reads `text`, and only its owner and we can read what it writes.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab", opener=only_ours) as output, tempfile.TemporaryFile() as given:
        given.write(text.encode())
        given.seek(0)
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=given,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with_parent(when_orphaned),
            **options,
        )


def stop(process: Process, *, how: signal.Signals = signal.SIGTERM, patience: float) -> None:
    """End a process and everything it started; after `patience` seconds without asking again."""
    if process.poll() is None:
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def last_lines(log: Path, count: int = 12) -> str:
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
