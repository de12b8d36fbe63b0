"""The list that comes with the product, so that a fresh installation knows every Kommune.

A CSV of the columns that the published one has, compressed, and of those only the facts that are kept:
so the reader and the import are the same as for every other list.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db.models import Max

from ground.land import Land
from projects.gemeindeverzeichnis.directory import read_directory
from projects.gemeindeverzeichnis.formats import day_in_name
from projects.gemeindeverzeichnis.importing import Report, import_directory
from projects.gemeindeverzeichnis.naming import DESIGNATIONS, Level
from projects.models import Municipality

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "municipalities_2025-11-30.csv.gz"

_SOURCE = (
    "© Statistisches Bundesamt (Destatis), Gemeindeverzeichnis: Gemeinden in Deutschland am {day}. "
    "Vervielfältigung und Verbreitung, auch auszugsweise, mit Quellenangabe gestattet."
)
_HEADINGS = (
    *("satzart", "textkennzeichen", "land", "rb", "kreis", "vb", "gem", "gemeindename"),
    *("bevoelkerung {day}", "postleitzahl", "laengengrad", "breitengrad"),
)
_SATZART = {Level.KREIS: "40", Level.VERBAND: "50", Level.GEMEINDE: "60"}


class NothingToWriteError(Exception):
    """No list was imported, or its figures are of no known day. The message is a German sentence."""


def load_shipped(path: Path = SHIPPED) -> Report | None:
    """Bring the list in where the table knows none, or an older one only; None where it does.

    Cheap where there is nothing to do, so it may run with every start.
    """
    known, shipped = _latest(), day_in_name(path)
    if known and shipped and known >= shipped:
        return None
    return import_directory(read_directory(path))


def write_shipped(path: Path) -> int:
    """Write what the table has of its newest list; the number of Kommunen."""
    day = _latest()
    rows = list(Municipality.objects.existing().filter(listed_on=day).exclude(ars=None))
    figures_on = {row.population_on for row in rows if row.population is not None}
    if day is None or len(figures_on) != 1 or None in figures_on:
        raise NothingToWriteError(
            "Bitte zuerst ein Verzeichnis einlesen, und zwar mit dem Stand seiner Einwohnerzahlen."
        )
    [figures_day] = figures_on
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow([_SOURCE.format(day=f"{day:%d.%m.%Y}")])
    writer.writerow([heading.format(day=f"{figures_day:%d.%m.%Y}") for heading in _HEADINGS])
    writer.writerows(_cells(rows))
    # Without a time, so that the same list is the same file.
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    return len(rows)


def _latest() -> date | None:
    return Municipality.objects.aggregate(latest=Max("listed_on"))["latest"]


def _cells(rows: list[Municipality]) -> Iterator[list[object]]:
    for number in range(1, len(Land) + 1):
        land = Land.of_key(f"{number:02}")
        yield ["10", "", f"{number:02}", "", "", "", "", land.label, *[""] * 4]
    kennzeichen = {
        (number[0], designation): number for number, designation in reversed(DESIGNATIONS.items())
    }
    for row in sorted(rows, key=lambda row: (list(_SATZART).index(Level(row.level)), row.ars)):
        satzart = _SATZART[Level(row.level)]
        ends = [(0, 2), (2, 3), (3, 5), (5, 9), (9, 12)]
        yield [
            satzart,
            kennzeichen[satzart[0], row.designation],
            *(row.ars[start:end] for start, end in ends),
            row.official_name,
            # Of Kreise and Verbände both are made of those of their Gemeinden.
            *(_facts(row) if satzart == "60" else [""] * 4),
        ]


def _facts(row: Municipality) -> list[object]:
    return [row.population, row.postcode, row.longitude, row.latitude]
