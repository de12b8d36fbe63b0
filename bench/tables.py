"""Measure the table of solutions: 5,000 lines taken in, changed, written out and read again.

Each line has a text, a maturity, a cost and a source. Wall time of the whole way: the file is read,
compared, written and committed; a trial does the same and takes it back.

    python -m bench tables [--lines 5000] [--rounds 3]
"""

import argparse
import io
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from bench.database import temporary_database

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

WANTED_SECONDS = 20
PROJECTS = 50
HEADINGS = (
    "Modellprojekt", "Lösung", "Art", "Problem", "Reife", "Stand der Reife", "Kosten", "Quellen",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    django.setup()
    with temporary_database():
        rounds = [dict(measured(options.lines)) for _round in range(options.rounds)]
    print(f"{options.lines} lines{'':18} {'seconds':>8} {'longest':>8} {'wanted':>7}")
    for name in rounds[0]:
        seconds = [one[name] for one in rounds]
        print(f"{name:28} {statistics.median(seconds):8.1f} {max(seconds):8.1f} {WANTED_SECONDS:7}")


def measured(lines: int) -> Iterator[tuple[str, float]]:
    from projects.models import Project, Solution  # noqa: PLC0415 - needs the settings
    from projects.table import exporting, importing  # noqa: PLC0415 - the same
    from tests.factories.projects import ProjectFactory  # noqa: PLC0415 - the same

    Project.objects.all().delete()
    for number in range(PROJECTS):
        ProjectFactory(name=f"Stadt {number}")
    new, changed = table(lines, "Problem", 1200), table(lines, "Anders", 1300)
    yield "trial, all new", seconds(lambda: through(importing.trial, new, "neu", lines))
    yield "taken in, all new", seconds(lambda: through(importing.take_in, new, "neu", lines))
    yield (
        "taken in, all changed",
        seconds(lambda: through(importing.take_in, changed, "geändert", lines)),
    )
    written = exporting.workbook(Solution.objects.all())
    yield "written out", seconds(lambda: exporting.workbook(Solution.objects.all()))
    yield (
        "all columns, unchanged",
        seconds(lambda: through(importing.take_in, written, "unverändert", lines)),
    )


def table(lines: int, word: str, amount: int) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - beside the others

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for number in range(lines):
        cost = f"Betrieb | {amount} | je Jahr | 2025 | Vermerk"
        sheet.append(
            [
                f"Stadt {number % PROJECTS}", f"Lösung {number}", "App", f"{word} " * 20,
                "in Betrieb", 2025, cost, f"https://quelle.example/{word}",
            ]
        )  # fmt: skip
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def through(run: Callable[..., Any], content: bytes, kind: str, lines: int) -> None:
    from projects.table import reading  # noqa: PLC0415 - needs the settings
    from projects.table.columns import guessed  # noqa: PLC0415 - the same

    found = reading.read(content)
    report = run(found, guessed(found.headings))
    if len(report.of(kind)) != lines:
        raise RuntimeError(f"{len(report.of(kind))} of {lines} lines are {kind}")


def seconds(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
