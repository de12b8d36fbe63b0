"""Measure a booking beside the bare insert that it is built on, in one run.

Several processes want times of one advisor at the same moment: all the same one, or each its own.
Beside the whole submission (limits, request, appointment, e-mail, and for who comes too late the next
free times) stand the bare guarded insert of one row, and one that is not guarded and double-books.
Interleaved rounds, medians of the ratios; only those can be compared between machines.

    python -m bench booking [--rounds 5] [--requests 200] [--processes 4]
"""

import argparse
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing import get_context

import django

from bench.database import temporary_database

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

BARE = "bare"  # marks the requests that the bare inserts need
REQUESTS: Iterator[int] = iter(())
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@cache
def unguarded_model():
    """The same columns with nothing to guard them."""
    from django.contrib.postgres.fields import DateTimeRangeField  # noqa: PLC0415 - needs the settings
    from django.db import models  # noqa: PLC0415 - needs the settings

    class Unguarded(models.Model):
        request_id = models.BigIntegerField()
        advisor_id = models.BigIntegerField()
        slot_id = models.BigIntegerField()
        starts_at = models.DateTimeField()
        ends_at = models.DateTimeField()
        blocked = DateTimeRangeField()
        mode = models.CharField(max_length=10)
        meeting_link = models.CharField(max_length=300)
        settled_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return str(self.blocked)

    return Unguarded


def look_then_insert(slot) -> bool:
    """What goes wrong: somebody else looks before this insert is stored."""
    rows = unguarded_model().objects
    with django.db.transaction.atomic():
        if rows.filter(advisor_id=slot.advisor_id, blocked__overlap=slot.blocked).exists():
            return False
        rows.create(
            request_id=next(REQUESTS),
            advisor_id=slot.advisor_id,
            slot_id=slot.pk,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            blocked=slot.blocked,
            mode=slot.mode,
            meeting_link=slot.meeting_link,
            settled_at=NOW,
        )
        return True


def guarded_insert(slot) -> bool:
    """The bare minimum that is right, for a request that is stored already."""
    from consulting.models import Appointment  # noqa: PLC0415 - needs the settings

    try:
        with django.db.transaction.atomic():
            Appointment.objects.create(
                request_id=next(REQUESTS), settled_at=NOW, **Appointment.at(slot)
            )
    except (django.db.IntegrityError, django.db.OperationalError):
        # Two that check each other's row wait for each other; the database undoes one of them.
        return False
    return True


def submit(slot) -> bool:
    """All of it, as the form does it."""
    from consulting import actions  # noqa: PLC0415 - needs the settings

    request = form("Womit fangen wir an?")
    try:
        actions.submit(request, slot=slot, now=NOW)
    except actions.SlotTaken:
        return False
    return True


def form(question: str):
    from consulting.models import ConsultationRequest  # noqa: PLC0415 - needs the settings

    address = f"{uuid.uuid4()}@example.org"
    return ConsultationRequest(
        municipality_name="Musterdorf",
        land="BY",
        building_blocks=["initialberatung"],
        stage="anfang",
        question=question,
        contact_name="Eva Beispiel",
        email=address,
        email_key=address,
        due_on=NOW.date(),
        submitted_at=NOW,
        changed_at=NOW,
    )


VARIANTS: dict[str, Callable] = {
    "look, then insert (double-books)": look_then_insert,
    "guarded insert": guarded_insert,
    "whole submission": submit,
}


def start(url: str) -> None:
    """A process of the pool gets ready: everything loaded, connected, the template read."""
    os.environ["DATABASE_URL"] = url
    os.environ["REDIS_URL"] = "memory://localhost"
    django.setup()
    django.db.connection.ensure_connection()


def work(variant: str, slots: list[int], share: slice, begin: float) -> tuple[int, float]:
    """Want each of these times, and return how many were got and when this was done."""
    from consulting.models import ConsultationRequest, Slot  # noqa: PLC0415 - needs the settings

    global REQUESTS
    prepared = ConsultationRequest.objects.filter(question=BARE).order_by("pk")
    REQUESTS = iter(list(prepared.values_list("pk", flat=True))[share])
    by_pk = Slot.objects.select_related("advisor").in_bulk(slots)
    time.sleep(max(0.0, begin - time.time()))
    got = sum(VARIANTS[variant](by_pk[pk]) for pk in slots)
    return got, time.time()


def race(
    pool: ProcessPoolExecutor, variant: str, slots: list[int], processes: int
) -> tuple[int, float]:
    """Got, and requests per second, with no time taken before."""
    clean()
    begin = time.time() + 1.0
    shares = [slice(number, None, processes) for number in range(processes)]
    jobs = [pool.submit(work, variant, slots[share], share, begin) for share in shares]
    answers = [job.result() for job in jobs]
    return sum(got for got, _end in answers), len(slots) / (
        max(end for _got, end in answers) - begin
    )


def clean() -> None:
    with django.db.connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_unguarded, consulting_appointment, mailing_email")
        cursor.execute("DELETE FROM consulting_consultationrequest WHERE question <> %s", [BARE])


def prepare(requests: int) -> tuple[list[int], list[int]]:
    """Times on offer: one that all want, and one for each."""
    from consulting.models import Advisor, ConsultationRequest, Slot  # noqa: PLC0415 - needs the settings

    with django.db.connection.schema_editor() as schema:
        schema.create_model(unguarded_model())
    advisor = Advisor.objects.create(
        name="Messung", email="messung@example.org", daily_maximum=1000, horizon_days=366
    )
    slots = Slot.objects.bulk_create(
        Slot(advisor=advisor, starts_at=begin, ends_at=begin + timedelta(minutes=45))
        for begin in (NOW + timedelta(days=7, hours=number) for number in range(requests))
    )
    ConsultationRequest.objects.bulk_create(form(BARE) for _number in range(requests))
    pks = [slot.pk for slot in slots]
    return [pks[0]] * requests, pks


def measure(options: argparse.Namespace, url: str) -> None:
    same, own = prepare(options.requests)
    with ProcessPoolExecutor(
        options.processes, mp_context=get_context("spawn"), initializer=start, initargs=(url,)
    ) as pool:
        for variant in VARIANTS:  # the first of each is not measured
            race(pool, variant, own[: options.processes * 4], options.processes)
        for title, slots in (("all want the same time", same), ("each wants its own", own)):
            rounds = [one_round(pool, slots, options.processes) for _ in range(options.rounds)]
            report(title, rounds)


def one_round(pool: ProcessPoolExecutor, slots: list[int], processes: int) -> dict:
    return {variant: race(pool, variant, slots, processes) for variant in VARIANTS}


def report(title: str, rounds: list[dict[str, tuple[int, float]]]) -> None:
    print(f"\n{title:38} {'req/s':>7} {'to guarded':>11} {'to unsafe':>10} {'most booked':>12}")
    unsafe, guarded, *_others = VARIANTS
    for variant in VARIANTS:
        rate = statistics.median(one[variant][1] for one in rounds)
        to_guarded = statistics.median(one[variant][1] / one[guarded][1] for one in rounds)
        to_unsafe = statistics.median(one[variant][1] / one[unsafe][1] for one in rounds)
        most = max(one[variant][0] for one in rounds)
        print(f"{variant:38} {rate:7.0f} {to_guarded:11.2f} {to_unsafe:10.2f} {most:12}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--processes", type=int, default=4)
    options = parser.parse_args()
    os.environ["REDIS_URL"] = "memory://localhost"
    django.setup()
    with temporary_database() as url:
        measure(options, url)


if __name__ == "__main__":
    sys.exit(main())
