"""Break one thing after the other under load, and count what was promised and what was kept.

    make chaos
    python -m bench.chaos --several

Web server, worker, clock, PostgreSQL and Valkey are killed with -9 in turn, the mail server refuses,
dawdles and falls silent, and the clock of worker and beat jumps an hour ahead and an hour back.
Whatever dies is started again after a second, as `restart: unless-stopped` does it; nothing else
helps. Visitors report barriers all the while: each answer "thank you" promises a stored report and
one e-mail. With `--several` there are two of each web server, worker and clock, and all but the migrations
go through PgBouncer, which pools by transaction (the Debian package; it has to be there). Ends with 1 if anything promised was lost, or doubled beyond one e-mail per kill.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from smartcities.tryout import processes
from smartcities.tryout.postgres import Postgres, close
from smartcities.tryout.supervisor import Service
from smartcities.tryout.valkey import Valkey

VISITORS = 3
CALM = 2.0  # seconds between a recovery and the next fault
PATIENCE = 45.0  # seconds until the portal must have recovered by itself
LAST_MAILS = 60.0  # seconds after the last fault until every e-mail must be out
PAGE = "/barrierefreiheit/melden/"


@dataclass
class Visitors:
    """People who report barriers, one after the other, from several places at once."""

    ports: list[int]
    promised: set[str] = field(default_factory=set)
    answers: Counter = field(default_factory=Counter)
    last_promise: float = 0.0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._visit, args=[n]) for n in range(VISITORS)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _visit(self, place: int) -> None:
        number = 0
        while not self.stopping.wait(0.05):
            number += 1
            text = f"Meldung {place}-{number}"
            address = f"198.51.{place}.{number % 250}"
            outcome = "no answer"
            for way in range(len(self.ports)):  # as a proxy goes on to the next web server
                if outcome == "no answer":
                    port = self.ports[(number + way) % len(self.ports)]
                    outcome = self._report(port, text, address)
            with self.lock:
                self.answers[outcome] += 1
                if outcome == "promised":
                    self.promised.add(text)
                    self.last_promise = time.monotonic()

    def _report(self, port: int, text: str, address: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", PAGE, headers={"X-Forwarded-For": address})
            page = connection.getresponse()
            page.read()
            cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
            if page.status != 200 or not cookie:
                return "no page"
            body = urlencode({"text": text, "csrfmiddlewaretoken": cookie.partition("=")[2]})
            headers = {
                "Cookie": cookie,
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Forwarded-For": address,
            }
            connection.request("POST", PAGE, body, headers)
            answer = connection.getresponse()
            answer.read()
            return "promised" if answer.status == 302 else f"status {answer.status}"
        except (OSError, http.client.HTTPException):
            return "no answer"
        finally:
            connection.close()


class MailServer:
    """The sink of the tests; can refuse, dawdle and fall silent, and comes back on the same port."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self.port = processes.free_port()
        self.start()

    def start(self, delay: float = 0.0) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "tests.mailing.smtp_sink", "--port", str(self.port),
                "--journal", str(self.journal), "--delay", str(delay),
            ],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        self.process.stdout.readline()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def delivered(self) -> list[str]:
        lines = self.journal.read_text().rpartition("\n")[0].splitlines()
        return [json.loads(line)["id"] for line in lines]

    @contextmanager
    def refusing(self) -> Iterator[None]:
        door = self.journal.with_name(self.journal.name + ".closed")
        door.touch()
        yield
        door.unlink()

    @contextmanager
    def dawdling(self) -> Iterator[None]:
        self.stop()
        self.start(delay=0.3)
        yield
        self.stop()
        self.start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Accepts connections and never says a word."""
        self.stop()
        with socket.create_server(("127.0.0.1", self.port), backlog=50):
            yield
        self.start()

    @contextmanager
    def gone(self) -> Iterator[None]:
        self.stop()
        yield
        self.start()


def pooler(database: str, port: int, folder: Path) -> list[str | Path]:
    """The command that starts PgBouncer before this database; as `nobody` if we are root."""
    asked = urlsplit(database)
    server = f"host={asked.hostname} port={asked.port} user={asked.username}"
    if asked.password:
        server += f" password={asked.password}"
    file = folder / "pgbouncer.ini"
    file.write_text(
        f"[databases]\n{asked.path[1:]} = {server}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 8\nmax_client_conn = 200\n"
        "server_login_retry = 1\n"
    )
    as_nobody = ["--user", "nobody"] if os.geteuid() == 0 else []
    return ["pgbouncer", "--quiet", *as_nobody, file]


class Portal:
    """All processes of the portal; what dies is started again after a second."""

    def __init__(self, folder: Path, stack: ExitStack, *, each: int = 1) -> None:
        self.postgres = Postgres(folder / "postgres", log=folder / "postgres.log")
        self.valkey = Valkey(log=folder / "valkey.log")
        stack.callback(self.postgres.stop)
        self.database = self.postgres.start()
        stack.callback(self.valkey.stop)
        os.environ |= {
            "DATABASE_URL": self.database,
            "REDIS_URL": self.valkey.start(),
            "DJANGO_SETTINGS_MODULE": "bench.chaos_settings",
            "PORTAL_VAR": str(folder / "var"),
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
        subprocess.run([sys.executable, "manage.py", "createcachetable"], check=True)
        self.clock = folder / "clock"
        os.environ["CHAOS_CLOCK"] = str(self.clock)
        self.clock.write_text("0")
        self.ports = [processes.free_port() for _ in range(each)]
        self.services = {}
        if each > 1:
            port = processes.free_port()
            self._add("pgbouncer", pooler(self.database, port, folder), folder)
            asked = urlsplit(self.database)
            os.environ["DATABASE_URL"] = asked._replace(netloc=f"127.0.0.1:{port}").geturl()
        celery = [sys.executable, "-m", "bench.wrong_clock", "--app", "smartcities"]
        for number, port in enumerate(self.ports, start=1):
            of_several = f" {number}" if each > 1 else ""
            self._add(f"web{of_several}", self._web(port), folder)
            self._add(f"worker{of_several}", [*celery, "worker", "--concurrency", "2"], folder)
            schedule = ["--schedule", str(folder / f"beat{number}"), "--pidfile="]
            self._add(f"beat{of_several}", [*celery, "beat", *schedule], folder)
        for service in self.services.values():
            service.start()
            stack.callback(service.stop)
        self.stopping = threading.Event()
        self.keeper = threading.Thread(target=self._keep)
        self.keeper.start()
        stack.callback(self.keeper.join)
        stack.callback(self.stopping.set)

    def _add(self, name: str, command: list[str | Path], folder: Path) -> None:
        self.services[name] = Service(name, folder / f"{name}.log", command)

    def _web(self, port: int) -> list[str]:
        return [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(port), "--workers", "2", "--blocking-threads", "2",
            "--log-level", "warning", "--no-access-log", "smartcities.wsgi:application",
        ]  # fmt: skip

    @contextmanager
    def wrong_clock(self, hours: int) -> Iterator[None]:
        """The clock of worker and beat jumps, as on a machine whose clock somebody sets, and back."""
        self.clock.write_text(str(hours * 3600))
        yield
        self.clock.write_text("0")

    def _keep(self) -> None:
        while not self.stopping.wait(0.2):
            dead = [service for service in self.services.values() if service.has_died()]
            if dead or not self.postgres.is_running() or not self.valkey.is_running():
                time.sleep(1)
                for service in dead:
                    service.stop()
                    service.start()
                if not self.postgres.is_running():
                    self.postgres.start()
                if not self.valkey.is_running():
                    self.valkey.start()

    @contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """kill -9 of a process with all its children."""
        process = (
            self.services[name].process if name in self.services else getattr(self, name)._process
        )
        os.killpg(process.pid, signal.SIGKILL)
        yield

    def ask(self, query: str) -> list[tuple]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()


@dataclass(frozen=True)
class Outcome:
    fault: str
    answered: int
    refused: int
    back_after: float | None
    mail_after: float | None


def until(condition: Callable[[], bool], seconds: float) -> float | None:
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            return None
        time.sleep(0.1)
    return time.monotonic() - began


def provoke(
    name: str, fault: contextlib.AbstractContextManager, lasts: float, visitors: Visitors,
    mails: MailServer,
) -> Outcome:  # fmt: skip
    before = visitors.answers.copy()
    with fault:
        time.sleep(lasts)
    over = time.monotonic()
    delivered = len(mails.delivered())
    back = until(lambda: visitors.last_promise > over, PATIENCE)
    mail = until(lambda: len(mails.delivered()) > delivered, PATIENCE)
    time.sleep(CALM)
    during = visitors.answers - before
    promised = during.pop("promised", 0)
    return Outcome(name, promised, sum(during.values()), back, mail)


def run(folder: Path, stack: ExitStack, *, each: int) -> int:
    mails = MailServer(folder)
    stack.callback(mails.stop)
    os.environ["CHAOS_MAIL_PORT"] = str(mails.port)
    portal = Portal(folder, stack, each=each)
    visitors = Visitors(portal.ports)
    visitors.start()
    stack.callback(visitors.stop)
    if until(lambda: bool(visitors.promised and mails.delivered()), 60) is None:
        raise SystemExit("The portal did not start.")
    faults = [
        ("nothing (for comparison)", contextlib.nullcontext(), 4.0),
        *((f"kill -9 {name}", portal.killed(name), 2.0) for name in (*portal.services, "postgres", "valkey")),
        ("mail server refuses", mails.refusing(), 4.0),
        ("mail server takes 0.3 s an answer", mails.dawdling(), 4.0),
        ("mail server falls silent", mails.silent(), 4.0),
        ("mail server gone", mails.gone(), 4.0),
        *((f"clock jumps by {hours:+} h", portal.wrong_clock(hours), 4.0) for hours in (1, -1)),
    ]  # fmt: skip
    kills = sum(name.startswith("kill") for name, *_ in faults)
    outcomes = [provoke(name, fault, lasts, visitors, mails) for name, fault, lasts in faults]
    visitors.stop()
    open_mails = "SELECT count(*) FROM mailing_email WHERE sent_at IS NULL"
    emptied = until(lambda: portal.ask(open_mails)[0][0] == 0, LAST_MAILS)
    return report(outcomes, kills, emptied, portal, visitors, mails)


def report(
    outcomes: list[Outcome], kills: int, emptied: float | None, portal: Portal,
    visitors: Visitors, mails: MailServer,
) -> int:  # fmt: skip
    stored = {text for (text,) in portal.ask("SELECT text FROM smartcities_barrierreport")}
    due = {
        f"{token:x}".zfill(32)
        for (token,) in (
            (row[0].int,) for row in portal.ask("SELECT message_token FROM mailing_email")
        )
    }
    delivered = Counter(mail.strip("<>").partition("@")[0] for mail in mails.delivered())
    lost = due - delivered.keys()
    doubled = sum(count - 1 for count in delivered.values())
    print(f"\n{'fault':36}{'promised':>10}{'refused':>9}{'page after':>12}{'mail after':>12}")
    for one in outcomes:
        print(
            f"{one.fault:36}{one.answered:>10}{one.refused:>9}"
            f"{_seconds(one.back_after):>12}{_seconds(one.mail_after):>12}"
        )
    print(
        f"\npromised {len(visitors.promised)}, of them not stored "
        f"{len(visitors.promised - stored)}; e-mails due {len(due)}, delivered "
        f"{len(delivered)}, lost {len(lost)}, doubled {doubled} (at most {kills}); "
        f"outbox empty after {_seconds(emptied)}"
    )
    recovered = all(one.back_after is not None and one.mail_after is not None for one in outcomes)
    kept = visitors.promised <= stored and not lost and doubled <= kills and recovered
    print("All promises kept." if kept else "PROMISES BROKEN")
    return 0 if kept else 1


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--several", action="store_true", help="two of each, behind PgBouncer")
    each = 2 if parser.parse_args().several else 1
    folder = Path(tempfile.mkdtemp(prefix="portal-chaos-"))
    close(folder)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return run(folder, stack, each=each)


if __name__ == "__main__":
    sys.exit(main())
