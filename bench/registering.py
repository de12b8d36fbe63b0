"""Measure a registration beside the bare statements that it is built on, in one run.

Several processes register for one event at the same moment: with a seat for everybody, or as one runs
into it, with 50 seats and 30 places on the waiting list. Beside the whole registration (window, limits,
duplicates, seat, registration, e-mail with its links, and for who comes too late what is still
possible) stands a bare conditional UPDATE of the seats with the INSERT of one row. Interleaved rounds,
medians of the ratios; only those can be compared between machines.

    python -m bench registering [--rounds 5] [--people 500] [--processes 8]
"""

import argparse
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import django

from bench.database import temporary_database

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEATS, WAITING = 50, 30


def bare(event) -> bool:
    """The bare minimum that never oversells. Nobody is told, and nobody has a place in line."""
    from django.db.models import F  # noqa: PLC0415 - needs the settings

    from events.models import Registration, Seats  # noqa: PLC0415 - needs the settings

    address = f"{uuid.uuid4()}@example.org"
    with django.db.transaction.atomic():
        free = Seats.objects.filter(event=event, mode="vor-ort", taken__lt=F("capacity"))
        if not free.update(taken=F("taken") + 1):
            return False
        Registration.objects.create(
            event=event,
            name="Eva Beispiel",
            email=address,
            email_key=address,
            mode="vor-ort",
            state="platz",
            arrival=0,
            created_at=NOW,
            changed_at=NOW,
        )
    return True


def whole(event) -> bool:
    """All of it, as the form does it."""
    from events import actions  # noqa: PLC0415 - needs the settings

    person = actions.Person("Eva Beispiel", f"{uuid.uuid4()}@example.org")
    try:
        result = actions.register(event, [person], "vor-ort", submission=uuid.uuid4(), now=NOW)
    except actions.Full:
        return False
    return result.state == "platz"


VARIANTS: dict[str, Callable] = {
    "conditional UPDATE + INSERT": bare,
    "whole registration": whole,
}


def start(url: str) -> None:
    """A process of the pool gets ready: everything loaded, connected, the templates read."""
    os.environ["DATABASE_URL"] = url
    os.environ["REDIS_URL"] = "memory://localhost"
    django.setup()
    django.db.connection.ensure_connection()


def work(variant: str, people: int, begin: float) -> tuple[int, float]:
    """Register so many people, and return how many got a seat and when this was done."""
    from events.models import Event  # noqa: PLC0415 - needs the settings

    event = Event.objects.get()
    time.sleep(max(0.0, begin - time.time()))
    got = sum(VARIANTS[variant](event) for _person in range(people))
    return got, time.time()


def race(
    pool: ProcessPoolExecutor, variant: str, options: argparse.Namespace, capacity: int
) -> tuple[int, float]:
    """Seats given, and registrations per second, all seats free at first."""
    clean(capacity)
    begin = time.time() + 1.0
    shares = [
        len(range(number, options.people, options.processes)) for number in range(options.processes)
    ]
    jobs = [pool.submit(work, variant, share, begin) for share in shares]
    answers = [job.result() for job in jobs]
    took = max(end for _got, end in answers) - begin
    return sum(got for got, _end in answers), options.people / took


def clean(capacity: int) -> None:
    from events.models import Seats  # noqa: PLC0415 - needs the settings

    with django.db.connection.cursor() as cursor:
        cursor.execute("TRUNCATE events_registration, mailing_email CASCADE")
    Seats.objects.update(capacity=capacity, taken=0, waiting=0)


def prepare() -> None:
    from events.models import Event, Seats  # noqa: PLC0415 - needs the settings

    begin = NOW + timedelta(days=30)
    event = Event.objects.create(
        slug="messung",
        kind="kongress",
        title="Messung",
        state="veroeffentlicht",
        starts_at=begin,
        ends_at=begin + timedelta(hours=3),
        takes_registrations=True,
    )
    Seats.objects.create(event=event, mode="vor-ort", capacity=SEATS, waiting_limit=WAITING)


def measure(options: argparse.Namespace, url: str) -> None:
    prepare()
    with ProcessPoolExecutor(
        options.processes, mp_context=get_context("spawn"), initializer=start, initargs=(url,)
    ) as pool:
        for variant in VARIANTS:  # the first of each is not measured
            race(pool, variant, options, SEATS)
        for title, capacity in (
            (f"{SEATS} seats for {options.people}", SEATS),
            ("a seat for everybody", options.people),
        ):
            rounds = [
                {variant: race(pool, variant, options, capacity) for variant in VARIANTS}
                for _round in range(options.rounds)
            ]
            report(title, rounds)


def report(title: str, rounds: list[dict[str, tuple[int, float]]]) -> None:
    print(f"\n{title:32} {'reg/s':>7} {'to bare':>8} {'most seats given':>17}")
    first = next(iter(VARIANTS))
    for variant in VARIANTS:
        rate = statistics.median(one[variant][1] for one in rounds)
        ratio = statistics.median(one[variant][1] / one[first][1] for one in rounds)
        most = max(one[variant][0] for one in rounds)
        print(f"{variant:32} {rate:7.0f} {ratio:8.2f} {most:17}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--processes", type=int, default=8)
    options = parser.parse_args()
    os.environ["REDIS_URL"] = "memory://localhost"
    django.setup()
    with temporary_database() as url:
        measure(options, url)


if __name__ == "__main__":
    sys.exit(main())
