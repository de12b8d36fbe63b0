"""python -m bench opendata: whole exports of a large catalogue, and a page of the interface.

Real solutions with their costs, lessons and sources, copied until there are as many as asked for.
"""

import argparse
import logging
import os
import resource
import time
from io import StringIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bench.database import temporary_database  # noqa: E402
from projects.catalogue import catalogue  # noqa: E402
from projects.models import Cost, Lesson, Solution, Source  # noqa: E402

PAGES = 20


def grow(wanted: int) -> None:
    originals = list(Solution.objects.order_by("pk"))
    for copy in range(2, wanted // len(originals) + 2):
        copies = []
        for solution in originals:
            fields = {
                field.attname: getattr(solution, field.attname)
                for field in Solution._meta.concrete_fields
                if field.name not in ("id", "sort_name", "product")
            }
            fields |= {
                "slug": f"{solution.slug[:150]}-{copy}",
                "name": f"{solution.name[:190]} {copy}",
            }
            copies.append(Solution(**fields))
        new = Solution.objects.bulk_create(copies)
        pairs = dict(zip((one.pk for one in originals), new, strict=True))
        for model in (Cost, Lesson, Source):
            rows = list(model.objects.filter(solution__in=originals))
            for row in rows:
                row.pk, row.solution = None, pairs[row.solution_id]
            model.objects.bulk_create(rows)


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--solutions", type=int, default=30_000)
    wanted = parser.parse_args().solutions
    logging.disable(logging.INFO)
    with temporary_database():
        call_command("createcachetable", verbosity=0)
        call_command("load_network", stdout=StringIO())
        grow(wanted)
        client = Client(headers={"Host": "127.0.0.1"})
        print(f"{Solution.objects.count()} solutions")
        catalogue()
        client.get("/api/v1/loesungen/")
        print(f"{'the catalogue in memory':32}{memory():8.0f} MB at most so far")
        _page(client)
        for ending in ("csv", "json", "xlsx"):
            began, spent, size = time.perf_counter(), time.process_time(), 0
            for block in client.get(f"/daten/loesungen.{ending}"):
                size += len(block)
            seconds, spent = time.perf_counter() - began, time.process_time() - spent
            print(
                f"{'loesungen.' + ending:32}{seconds:8.1f} s, {spent:5.1f} s of processor"
                f"  {size / 1e6:8.1f} MB sent  {memory():8.0f} MB at most so far"
            )


def _page(client: Client) -> None:
    client.get("/api/v1/loesungen/?seite=100")
    for words, query in (("a page, not kept", "?seite={}"), ("a page, kept", "?seite=1")):
        began = time.process_time()
        for number in range(2, PAGES + 2):
            client.get(f"/api/v1/loesungen/{query.format(number)}")
        spent = (time.process_time() - began) / PAGES * 1000
        print(f"{words:32}{spent:8.1f} ms of processor")


if __name__ == "__main__":
    main()
