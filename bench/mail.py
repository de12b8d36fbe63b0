"""Measure the outbox beside what one SMTP connection can carry, in one run.

The limit is a plain smtplib loop over one connection with messages that are ready on the wire. Beside
it stands the whole way of an e-mail: rendered and stored with its fact, claimed, built, sent, recorded.
Interleaved rounds, medians; only the ratios can be compared between machines. The processor time of the
senders per e-mail is the figure that neighbours on the machine disturb least.

    python -m bench mail [--rounds 3] [--emails 1500] [--far-emails 600] [--processes 8]
"""

import argparse
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import django

from bench.database import temporary_database

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

FAR = 0.005  # seconds that the distant server takes for each of its answers


class Measured(NamedTuple):
    rate: float  # e-mails per second
    busy: float  # milliseconds of the senders' processors per e-mail


def letters(count: int, run: str) -> list:
    from mailing.outbox import Letter  # noqa: PLC0415 - needs the settings

    context = {"name": "Ärztin Müller", "place": "Gütersloh", "time": "16.03.2023, 10:00 Uhr"}
    return [
        Letter(key=f"{run}:{n}", to=f"p{n}@example.org", template="bench/reminder", context=context)
        for n in range(count)
    ]


def plan(count: int, run: str) -> tuple[float, float]:
    """Seconds and processor seconds to render and store so many."""
    from django.db import transaction  # noqa: PLC0415 - needs the settings

    from mailing import outbox  # noqa: PLC0415 - needs the settings

    started, busy = time.perf_counter(), time.process_time()
    with transaction.atomic():
        outbox.enqueue_many(letters(count, run))
    return time.perf_counter() - started, time.process_time() - busy


def ready_made(count: int) -> list[bytes]:
    from mailing.message import compose  # noqa: PLC0415 - needs the settings

    return [
        compose(letter.written()).message().as_bytes(linesep="\r\n")
        for letter in letters(count, "limit")
    ]


def limit(port: int, messages: list[bytes]) -> tuple[float, float]:
    """Seconds and processor seconds over one connection, nothing but smtplib."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as smtp:
        started, busy = time.perf_counter(), time.process_time()
        for number, message in enumerate(messages):
            smtp.sendmail("portal@example.org", [f"p{number}@example.org"], message)
        return time.perf_counter() - started, time.process_time() - busy


class Sink:
    """The mail server of the tests, in a process of its own."""

    def __init__(self, folder: Path, delay: float) -> None:
        self.journal = folder / f"journal-{delay}"
        command = ["tests.mailing.smtp_sink", "--journal", str(self.journal), "--delay", str(delay)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


# As the worker runs in production: visitors first.
WORKERS_NICE = 10


class Workers:
    """Processes that have loaded everything and wait for the word."""

    def __init__(self, count: int, port: int) -> None:
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.mail", "--work", str(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(count)
        ]
        for process in self.processes:
            process.stdout.readline()

    def deliver(self, count: int, only: int | None = None) -> tuple[float, float]:
        """Seconds until the first `only` processes have sent everything, and their processor seconds."""
        processes = self.processes[:only]
        started = time.perf_counter()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = [process.stdout.readline().split() for process in processes]
        seconds = time.perf_counter() - started
        sent = sum(int(answer[0]) for answer in answers)
        assert sent == count, f"{sent} of {count} were sent"
        return seconds, sum(float(answer[1]) for answer in answers)

    def stop(self) -> None:
        for process in self.processes:
            process.stdin.close()
            process.wait()


def work(port: int) -> None:
    os.nice(WORKERS_NICE)
    from django.test import override_settings  # noqa: PLC0415 - needs the settings

    from mailing.delivery import deliver  # noqa: PLC0415 - needs the settings
    from mailing.models import Email  # noqa: PLC0415 - needs the settings

    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        Email.objects.count()  # connects
        print("ready", flush=True)
        for _ in sys.stdin:
            sent, busy = 0, time.process_time()
            while round_sent := deliver():
                sent += round_sent
            print(sent, time.process_time() - busy, flush=True)


def measure(options: argparse.Namespace, near: Sink, far: Sink) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}

    def note(name: str, count: int, seconds: float, busy: float) -> None:
        found.setdefault(name, []).append(Measured(count / seconds, busy / count * 1000))

    near_messages, far_messages = ready_made(options.emails), ready_made(60)
    near_workers = Workers(2, near.port)
    far_workers = Workers(options.processes, far.port)
    count, far_count = options.emails, options.far_emails
    try:
        for turn in range(options.rounds):
            note("limit: smtplib, one connection", count, *limit(near.port, near_messages))
            for processes in (1, 2):
                planning = plan(count, f"{processes}:{turn}")
                seconds, busy = near_workers.deliver(count, only=processes)
                note(f"claim, build, send, record: {processes} process(es)", count, seconds, busy)
                everything = planning[0] + seconds, planning[1] + busy
                note(f"the same with rendering: {processes} process(es)", count, *everything)
                note("render and store", count, *planning)
            note("far limit: smtplib, one connection", 60, *limit(far.port, far_messages))
            plan(far_count, f"far:{turn}")
            note(f"far: {options.processes} processes", far_count, *far_workers.deliver(far_count))
    finally:
        near_workers.stop()
        far_workers.stop()
    return found


def report(found: dict[str, list[Measured]]) -> None:
    print(f"{'':48} {'msg/s':>8} {'ratio':>7} {'CPU ms':>7}")
    for name, values in found.items():
        base = "far limit" if name.startswith("far") else "limit"
        rate = statistics.median(value.rate for value in values)
        of = statistics.median(
            value.rate
            for other, limits in found.items()
            if other.startswith(base)
            for value in limits
        )
        busy = statistics.median(value.busy for value in values)
        print(f"{name:48} {rate:8.0f} {rate / of:7.2f} {busy:7.2f}")


def planning_eleven_thousand() -> None:
    first, second = plan(11_000, "reminders"), plan(11_000, "reminders")
    print(
        f"11,000 reminders planned in {first[0]:.1f} s (processor: {first[1]:.1f} s), "
        f"planned again in {second[0]:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--emails", type=int, default=1500)
    parser.add_argument("--far-emails", type=int, default=600)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ["REDIS_URL"] = "memory://localhost"
    django.setup()
    if options.work:
        work(options.work)
        return
    with temporary_database() as url, tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = url  # for the senders' processes
        near, far = Sink(Path(folder), 0.0), Sink(Path(folder), FAR)
        try:
            report(measure(options, near, far))
            planning_eleven_thousand()
        finally:
            near.stop()
            far.stop()


if __name__ == "__main__":
    main()
