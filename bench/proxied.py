"""What visitors see through the proxy while web processes die and others send slowly.

    python -m bench proxied

The portal with its own settings of production stands behind a real nginx with `deploy/nginx.conf.template`. Fifty
visitors read pages, each with a session cookie, so that the proxy's cache answers none. First nothing is
wrong, then slow senders post a byte a second each, then one web process after the other is killed.
"""

import http.client
import os
import random
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from smartcities.tryout import processes, services
from smartcities.tryout.check import PRODUCTION
from tests.deploy.nginx import HOST, Proxy, start_nginx, until_open

VISITORS = 50
PAUSE = 2.0  # seconds for which a visitor reads, on average
SLOW_SENDERS = 100
LASTS = 20.0
KILLS = 3
# Of a process that dies within 5.5 seconds of its start the server thinks that it never will start.
BETWEEN_KILLS = 15.0
PAGES = ("/", "/projekte/", "/loesungen/", "/gemeinschaften/", "/veranstaltungen/", "/start-smart/")


@dataclass
class Visitors:
    proxy: Proxy
    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._visit, args=[n]) for n in range(VISITORS)]

    def __enter__(self) -> "Visitors":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _visit(self, number: int) -> None:
        dice = random.Random(number)
        channel = self.proxy.connect()
        while not self.stopping.wait(dice.uniform(0, 2 * PAUSE)):
            began = time.monotonic()
            try:
                cookie = {"Host": HOST, "Cookie": "__Host-sessionid=nobody"}
                channel.request("GET", dice.choice(PAGES), headers=cookie)
                answer = channel.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failed.append(str(answer.status))
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(type(error).__name__)
                channel.close()
            self.seconds.append(time.monotonic() - began)
        channel.close()

    def told(self) -> tuple[int, float, float, list[str]]:
        """Pages, median and p95 in ms, and what failed since this was asked last."""
        seconds, self.seconds = self.seconds, []
        failed, self.failed = self.failed, []
        ms = [1000 * one for one in seconds]
        return len(ms), statistics.median(ms), statistics.quantiles(ms, n=20)[-1], failed


def send_slowly(proxy: Proxy, lasts: float) -> None:
    head = f"POST /konto/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n"
    trusting = ssl._create_unverified_context()
    with ExitStack() as stack:
        senders = []
        for _ in range(SLOW_SENDERS):
            plain = socket.create_connection(("127.0.0.1", proxy.port), timeout=30)
            senders.append(stack.enter_context(trusting.wrap_socket(plain)))
            senders[-1].sendall(head.encode())
        deadline = time.monotonic() + lasts
        while time.monotonic() < deadline:
            for sender in senders:
                sender.sendall(b"a")
            time.sleep(1)


def web_processes(server: int) -> list[int]:
    found = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    names = {int(pid): Path(f"/proc/{pid}/cmdline").read_text() for pid in found}
    return [pid for pid, name in names.items() if "resource_tracker" not in name]


def report(name: str, visitors: Visitors) -> float:
    pages, median, p95, failed = visitors.told()
    print(
        f"{name:40}{pages:>7}{median:>9.0f}{p95:>9.0f}{len(failed):>8}  {dict(Counter(failed)) or ''}"
    )
    return p95


def measure(proxy: Proxy, server: int) -> None:
    print(f"{'':40}{'pages':>7}{'p50 ms':>9}{'p95 ms':>9}{'failed':>8}")
    with Visitors(proxy) as visitors:
        time.sleep(5)
        visitors.told()
        quiet = []
        for name in ("quiet", f"{SLOW_SENDERS} slow senders", "quiet again"):
            if "slow" in name:
                send_slowly(proxy, LASTS)
                slow = report(name, visitors)
            else:
                time.sleep(LASTS)
                quiet.append(report(name, visitors))
        for _ in range(KILLS):
            os.kill(random.choice(web_processes(server)), signal.SIGKILL)
            time.sleep(BETWEEN_KILLS)
        report(f"{KILLS} web processes killed", visitors)
    print(f"p95 with slow senders beside quiet: {slow / statistics.mean(quiet):.2f}")


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-proxied-")))
        stack.enter_context(services.throw_away())
        os.environ |= PRODUCTION | {
            "DJANGO_SETTINGS_MODULE": "tests.deploy.settings",
            "ALLOWED_HOSTS": HOST,
            "LOG_LEVEL": "WARNING",
        }
        for command in ("migrate", "createcachetable", "load_network"):
            subprocess.run([sys.executable, "manage.py", command, "--verbosity", "0"], check=True)
        port, log = processes.free_port(), folder / "web.log"
        # As the image starts it.
        server = processes.start(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
                *("--workers", "2", "--blocking-threads", "2", "--respawn-failed-workers"),
                "smartcities.wsgi:application",
            ],
            log=log,
        )
        stack.callback(processes.stop, server, patience=20)
        until_open(port, server, log)
        (folder / "nginx").mkdir()
        measure(start_nginx(folder / "nginx", f"127.0.0.1:{port}", stack), server.pid)


if __name__ == "__main__":
    main()
