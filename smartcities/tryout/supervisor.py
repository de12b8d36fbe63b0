"""Keeps the portal's own processes running, and ends them all when we are told to stop."""

import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from smartcities.tryout import processes

# What dies this often within a minute is broken, not unlucky.
GIVE_UP_AFTER = 10
# Before each new try it is left alone a second longer, but no longer than this.
LONGEST_PAUSE = 5.0


@dataclass
class Kept:
    """Something to keep running: started anew when it dies, given up when it keeps dying."""

    name: str
    log: Path
    deaths: list[float] = field(default_factory=list, kw_only=True)

    def may_try_again(self, now: float) -> bool:
        self.deaths = [death for death in self.deaths if now - death < 60] + [now]
        return len(self.deaths) < GIVE_UP_AFTER

    def pause(self) -> float:
        return min(len(self.deaths) - 1, LONGEST_PAUSE)


class Server(Protocol):
    log: Path

    @property
    def pid(self) -> int | None: ...
    def start(self) -> str: ...
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...


@dataclass
class Foundation(Kept):
    """PostgreSQL or Valkey, which run already and come back under the same address."""

    server: Server

    def start(self) -> int | None:
        self.server.start()
        return self.server.pid

    def stop(self) -> None:
        self.server.stop()

    def has_died(self) -> bool:
        return not self.server.is_running()


@dataclass
class Service(Kept):
    """A process of the portal."""

    command: Sequence[str]
    process: processes.Process | None = None

    def start(self) -> int:
        self.process = processes.start(self.command, log=self.log)
        return self.process.pid

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, patience=15)
            self.process = None

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


class Supervisor:
    """`run()` returns 0 after a signal asked to stop, 1 after something could not be kept running."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        say: Callable[[str], None],
        foundations: Sequence[Foundation] = (),
        on_start: Callable[[int], None] = lambda pid: None,
    ) -> None:
        self.services = services
        self.foundations = foundations
        self.say = say
        self.on_start = on_start
        self.stopping = threading.Event()

    def start(self) -> None:
        for service in self.services:
            self.on_start(service.start())

    def listen(self) -> None:
        """From now on a signal that asks to stop lets `run()` come to its end."""
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, lambda *_: self.stopping.set())

    def run(self) -> int:
        self.listen()
        while not self.stopping.wait(0.3):
            if not self.all_is_well():
                return 1
        return 0

    def all_is_well(self) -> bool:
        """Foundations first: what stands on them would die again."""
        return all(self.look_after(kept) for kept in (*self.foundations, *self.services))

    def look_after(self, kept: Foundation | Service) -> bool:
        if not kept.has_died():
            return True
        self.say(
            f"{kept.name} ist ausgefallen. Zuletzt in {kept.log}:\n{processes.last_lines(kept.log)}"
        )
        while kept.may_try_again(time.monotonic()):
            kept.stop()
            if self.stopping.wait(kept.pause()):
                return True
            try:
                pid = kept.start()
            except Exception as problem:
                self.say(f"{kept.name} startet nicht: {problem}")
                continue
            if pid is not None:
                self.on_start(pid)
            self.say(f"{kept.name} ist neu gestartet.")
            return True
        kept.stop()
        self.say(f"{kept.name} fällt immer wieder aus. Das Portal hält an.")
        return False

    def stop(self) -> None:
        """End all at once, then wait for each, so that stopping takes as long as the slowest."""
        for service in self.services:
            if service.process and service.process.poll() is None:
                service.process.send_signal(signal.SIGTERM)
        for service in reversed(self.services):
            service.stop()


def wait_until_it_answers(url: str, service: Service, *, seconds: float) -> bool:
    """Whether the address answers in time; asked directly, whatever proxy the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not service.has_died():
        try:
            opener.open(url, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return True
    return False
