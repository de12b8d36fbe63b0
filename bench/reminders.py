"""Measure the reminders of one large event beside what a plain smtplib loop sends, in one run.

First they are planned, and planned again, which must write nothing. Then two senders deliver them to a
mail server on loopback, while visitors ask for pages: their p95 stands beside the one of a quiet portal.
Last, for a second event as large, three planners and two senders work at once, and one of each is killed
with -9 and started again: everybody must have exactly one, one per killed sender may come twice with
the same Message-ID.

    python -m bench reminders [--people 11000] [--loop 2000]
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import django

from bench.database import temporary_database
from bench.load import Connection
from bench.mail import WORKERS_NICE, Sink, Workers, limit
from bench.web import free_port, start_server

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

PAGES = ("/", "/projekte/", "/projekte/ulm/", "/veranstaltungen/", "/veranstaltungen/kongress/")
PAUSE = 0.05  # between two requests of the one visitor: enough to feel, too few to be the load


def fill(slug: str, count: int, now: datetime) -> None:
    """An event tomorrow, with so many seats taken long ago."""
    from events.models import Event, Mode, Registration, RegistrationState  # noqa: PLC0415

    event = Event.objects.create(
        kind="kongress", slug=slug, title="Kongress", state="veroeffentlicht",
        starts_at=now + timedelta(hours=20), ends_at=now + timedelta(hours=28),
        venue="Stadthalle", city="Gütersloh", format="vor-ort", takes_registrations=True,
    )  # fmt: skip
    before = now - timedelta(days=30)
    Registration.objects.bulk_create(
        Registration(
            event=event, name=f"Ärztin Müller {n}", email=f"{slug}-{n}@example.org",
            email_key=f"{slug}-{n}@example.org", mode=Mode.ON_SITE, state=RegistrationState.SEAT,
            arrival=n, confirmed_at=before, seated_at=before, created_at=before, changed_at=before,
        )
        for n in range(count)
    )  # fmt: skip


class Planner:
    """A process that has loaded everything and plans on the word, with a worker's priority."""

    def __init__(self, now: datetime) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.reminders", "--plan", now.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdout.readline()

    def plan(self) -> tuple[int, float, float]:
        """How many were planned, in seconds and processor seconds."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        planned, seconds, busy = self.process.stdout.readline().split()
        return int(planned), float(seconds), float(busy)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def plan_on_the_word(now: datetime) -> None:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from events.mail import reminders  # noqa: PLC0415 - the same

    os.nice(WORKERS_NICE)
    connection.ensure_connection()
    print("ready", flush=True)
    for _ in sys.stdin:
        started, busy = time.perf_counter(), time.process_time()
        planned = reminders.plan(now=now)
        print(planned, time.perf_counter() - started, time.process_time() - busy, flush=True)


def on_the_wire(count: int) -> list[bytes]:
    """So many of the planned e-mails, ready to be sent by anybody."""
    from mailing.message import compose  # noqa: PLC0415 - needs the settings
    from mailing.models import Email  # noqa: PLC0415 - needs the settings

    return [
        compose(email).message().as_bytes(linesep="\r\n") for email in Email.objects.all()[:count]
    ]


@contextmanager
def visitor(port: int) -> Iterator[list[float]]:
    """Somebody looks at one page after the other; the milliseconds each of them took."""
    durations: list[float] = []
    is_over = threading.Event()
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for path in PAGES]

    def look() -> None:
        connection = Connection(port)
        while not is_over.wait(PAUSE):
            started = time.perf_counter()
            status, _size = connection.get(requests[len(durations) % len(requests)])
            assert status == 200, status
            durations.append((time.perf_counter() - started) * 1000)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield durations
    finally:
        is_over.set()
        thread.join()


def p95(durations: list[float]) -> float:
    return statistics.quantiles(durations, n=20)[-1]


def measure(people: int, loop: int, port: int, sink: Sink, now: datetime) -> None:
    fill("kongress", people, now)
    for _warming_up in range(2):
        with visitor(port) as quiet:
            time.sleep(8)
    planner = Planner(now)
    try:
        with visitor(port) as while_planning:
            planned, seconds, busy = planner.plan()
        assert planned == people, f"{planned} of {people} were planned"
        again, seconds_again, _busy = planner.plan()
    finally:
        planner.stop()
    print(f"{planned} reminders planned in {seconds:.1f} s (processor: {busy:.1f} s), ", end="")
    print(f"planned again: {again} in {seconds_again:.2f} s")

    messages = on_the_wire(loop)
    bare = loop / limit(sink.port, messages)[0]
    workers = Workers(2, sink.port)
    try:
        with visitor(port) as while_sending:
            seconds, busy = workers.deliver(people)
    finally:
        workers.stop()
    bare = statistics.mean((bare, loop / limit(sink.port, messages)[0]))
    rate = people / seconds
    print(f"plain smtplib loop, before and after: {bare:.0f} e-mails/s")
    print(
        f"two senders: {rate:.0f} e-mails/s, ratio {rate / bare:.2f}, {busy / people * 1000:.2f} ms of processor each"
    )
    print(
        f"a visitor's p95: {p95(quiet):.0f} ms when it is quiet, "
        f"{p95(while_planning):.0f} ms while reminders are planned, "
        f"{p95(while_sending):.0f} ms while they are sent ({len(while_sending)} pages)"
    )


class Killable:
    """A program of the tests that works over and over until it is killed."""

    def __init__(self, *command: str, port: int) -> None:
        environment = {"DJANGO_SETTINGS_MODULE": "tests.mailing.process_settings"}
        environment |= {"EMAIL_PORT": str(port), "REDIS_URL": "memory://localhost"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command], env=os.environ | environment, start_new_session=True
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def killed_in_the_middle(people: int, sink: Sink, now: datetime) -> None:
    from mailing.models import Email  # noqa: PLC0415 - needs the settings

    fill("tagung", people, now)
    os.truncate(sink.journal, 0)
    planner, sender = ["tests.events.planner", "500"], ["tests.mailing.worker", "5"]
    planners = [Killable(*planner, port=sink.port) for _ in range(3)]
    senders = [Killable(*sender, port=sink.port) for _ in range(2)]
    try:
        for share in (0.1, 0.2, 0.3):
            wait_for(sink, int(people * share))
            # The oldest of each dies, a new one takes its place.
            for running, command in ((planners, planner), (senders, sender)):
                running.pop(0).kill()
                running.append(Killable(*command, port=sink.port))
        wait_for(sink, people)
        while Email.objects.open().exists():
            time.sleep(0.2)
    finally:
        for one in planners + senders:
            one.kill()
    ids = Counter(line["id"] for line in journal(sink))
    reached = {line["to"] for line in journal(sink)}
    print(
        f"killed three planners and three senders amid {people}: {len(reached)} reached, "
        f"{people - len(reached)} missing, {ids.total() - len(ids)} doubled with the same "
        f"Message-ID, {len(ids) - len(reached)} with another"
    )


def wait_for(sink: Sink, count: int) -> None:
    give_up = time.monotonic() + 300
    while len(journal(sink)) < count:
        if time.monotonic() > give_up:
            raise SystemExit(f"Only {len(journal(sink))} of {count} arrived.")
        time.sleep(0.2)


def journal(sink: Sink) -> list[dict[str, str]]:
    lines = sink.journal.read_text().rpartition("\n")[0].splitlines()
    return [json.loads(line) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=11_000)
    parser.add_argument("--loop", type=int, default=2_000)
    parser.add_argument("--plan", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ["REDIS_URL"] = "memory://localhost"
    django.setup()
    if options.plan:
        plan_on_the_word(options.plan)
        return
    from django.utils import timezone  # noqa: PLC0415 - needs the settings

    from bench.catalogue import fill as fill_catalogue  # noqa: PLC0415 - the same

    with temporary_database() as url, tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = url  # for the other processes
        fill_catalogue(1)
        sink, port = Sink(Path(folder), 0.0), free_port()
        server = start_server(port)
        try:
            measure(options.people, options.loop, port, sink, timezone.now())
            killed_in_the_middle(options.people, sink, timezone.now())
        finally:
            server.terminate()
            server.wait(10)
            sink.stop()


if __name__ == "__main__":
    main()
