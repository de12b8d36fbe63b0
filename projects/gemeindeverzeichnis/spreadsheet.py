"""Rows under column headings: the published „AuszugGV“ and the same columns as CSV.

The published sheets have titles, headings over several rows and merged cells, and their number of
rows changes from edition to edition. So columns are found by their words, never by their position.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain

from ground.names import fold
from projects.gemeindeverzeichnis.records import LABELS, SATZARTEN, FileError, RawList, Record

Row = tuple[int, list[str]]  # the number people see beside it, and its cells

_HEADINGS = {
    "satzart": "satzart",
    "textkennzeichen": "textkennzeichen",
    "land": "land",
    "rb": "rb",
    "regierungsbezirk": "rb",
    "kreis": "kreis",
    "vb": "vb",
    "verband": "vb",
    "gem": "gemeinde",
    "gemeinde": "gemeinde",
    "gemeindename": "name",
    "insgesamt": "population",
    "bevoelkerung": "population",
    "bevoelkerunginsgesamt": "population",
    "postleitzahl": "postcode",
    "plz": "postcode",
    "laengengrad": "longitude",
    "breitengrad": "latitude",
}
_REQUIRED = [field for field in LABELS if field not in {"longitude", "latitude"}]
_HEADING_ROWS = 40
_DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
# What a note below the table does not have: a row with fewer filled cells is one.
_FEWEST_CELLS = 4


def from_rows(rows: Iterator[Row], *, every_row_is_complete: bool) -> RawList:
    """The list in `rows`; raises `FileError` if its columns are not among the first rows.

    `every_row_is_complete`: a row with another number of cells than the headings is a mistake.
    """
    heading = _Heading()
    for line, cells in rows:
        if heading.is_followed_by(cells):
            rows = chain([(line, cells)], rows)
            break
        heading.add(cells)
        if line >= _HEADING_ROWS:
            break
    if heading.missing:
        names = ", ".join(f"„{LABELS[field]}“" for field in heading.missing)
        raise FileError(
            f"In den ersten {_HEADING_ROWS} Zeilen fehlen Überschriften der Spalten {names}. "
            "Ist das ein Gemeindeverzeichnis?"
        )
    return RawList(
        records=_records(rows, heading, heading.width if every_row_is_complete else None),
        listed_on=heading.listed_on,
        population_on=heading.population_on,
        has_coordinates={"longitude", "latitude"} <= heading.columns.keys(),
        places={field: f"Spalte „{label}“" for field, label in LABELS.items()},
    )


class _Heading:
    """What is known of the columns after the rows seen so far."""

    def __init__(self) -> None:
        self.columns: dict[str, int] = {}
        self.width = 0
        self.listed_on: date | None = None
        self.population_on: date | None = None

    @property
    def missing(self) -> list[str]:
        return [field for field in _REQUIRED if field not in self.columns]

    def is_followed_by(self, cells: list[str]) -> bool:
        """Whether this row is the first of the list itself."""
        column = self.columns.get("satzart", len(cells))
        return not self.missing and column < len(cells) and cells[column] in SATZARTEN

    def add(self, cells: list[str]) -> None:
        self.width = len(cells)
        for position, cell in enumerate(cells):
            field = _HEADINGS.get(re.sub(r"[^a-z]", "", fold(cell)))
            if field:
                self.columns.setdefault(field, position)
            day = _day_in(cell)
            # In the heading of the column or, as the real table has it, in a row below it.
            if day and (
                fold(cell).startswith("bevoelkerung") or position == self.columns.get("population")
            ):
                self.population_on = day
            elif day and self.listed_on is None:
                self.listed_on = day


def _day_in(text: str) -> date | None:
    if not (found := _DAY.search(text)):
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _records(rows: Iterable[Row], heading: _Heading, width: int | None) -> Iterator[Record]:
    last = max(heading.columns.values())
    started = False
    for line, cells in rows:
        filled = sum(1 for cell in cells if cell)
        if not filled:
            continue
        if width is not None and len(cells) != width:
            raise FileError(
                f"Zeile {line} hat {len(cells)} Spalten, die Überschrift hat {width}. "
                "Ist die Zeile abgeschnitten?"
            )
        cells += [""] * (last + 1 - len(cells))
        satzart = cells[heading.columns["satzart"]]
        if satzart in SATZARTEN:
            started = True
            yield Record(
                line, **{field: cells[column] for field, column in heading.columns.items()}
            )
        elif started and filled >= _FEWEST_CELLS:
            raise FileError(
                f"Zeile {line}, Spalte „Satzart“: „{satzart}“ gibt es nicht. "
                "Erlaubt sind 10, 20, 30, 40, 50 und 60."
            )


def cell_text(value: object) -> str:
    """A cell of a workbook as people see it: whole numbers without „.0“."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y")
    return str(value).strip()
