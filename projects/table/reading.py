"""A file as rows under headings: XLSX, or CSV in whatever a spreadsheet makes of it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from ground.spreadsheet import as_typed
from projects.table.cells import Cell, text
from projects.table.columns import guessed

LARGEST = 10 * 1024 * 1024
# What a small file may become when unpacked.
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
# Titles and notes may stand above the headings.
_HEADING_ROWS = 20

# A cell that stands by mistake in the last row of the sheet has a million empty ones above it, and a
# number of a row may say anything.
MOST_EMPTY_ROWS = 10_000


class FileError(ValueError):
    """Says in German why a file cannot be read."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a value that could be taken: a formula without its result, an error of Excel."""

    why: str


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: list[Cell | Broken]


@dataclass(frozen=True, slots=True)
class Table:
    headings: list[str]
    rows: list[Row]


def read(content: bytes) -> Table:
    """Judged by the content, never by the name; raises `FileError`."""
    if len(content) > LARGEST:
        raise FileError("Die Datei ist größer als 10 MB.")
    if not content.strip():
        raise FileError("Die Datei ist leer.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError("Das ist eine alte Excel-Datei (XLS). Bitte als XLSX speichern.")
    sheets = _sheets(content) if content.startswith(b"PK") else [_csv_rows(_decoded(content))]
    tables = [table for rows in sheets if (table := _table(rows))]
    if not tables:
        raise FileError("In der Datei steht keine Tabelle.")
    # Of several sheets the one whose headings say most.
    return max(tables, key=lambda table: len([one for one in guessed(table.headings) if one]))


def _table(rows: Iterator[Row]) -> Table | None:
    kept = []
    for row in rows:
        if len(row.cells) > MOST_COLUMNS and any(_filled(row.cells[MOST_COLUMNS:])):
            raise FileError(f"Zeile {row.number} hat mehr als {MOST_COLUMNS} Spalten.")
        if any(_filled(row.cells)):
            kept.append(row)
        if len(kept) > MOST_ROWS:
            raise FileError(f"Die Tabelle hat mehr als {MOST_ROWS} Zeilen.")
    if not kept:
        return None
    beginning = [[_heading(cell) for cell in row.cells] for row in kept[:_HEADING_ROWS]]
    scores = [len([one for one in guessed(headings) if one]) for headings in beginning]
    at = scores.index(max(scores))
    headings = beginning[at][:MOST_COLUMNS]
    while headings and not headings[-1]:
        headings.pop()
    return Table(headings, kept[at + 1 :])


def _filled(cells: list[Any]) -> Iterator[bool]:
    return (cell is not None and cell != "" for cell in cells)


def _heading(cell: Any) -> str:
    return "" if isinstance(cell, Broken) else " ".join(text(cell).split())


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else what a German Excel writes."""
    try:
        found = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            found = content.decode("cp1252")
        except UnicodeDecodeError:
            found = "\0"
    if "\0" in found:
        raise FileError("Die Datei ist weder eine XLSX-Datei noch eine CSV-Tabelle.")
    return found


def _csv_rows(written: str) -> Iterator[Row]:
    beginning = "\n".join(written.splitlines()[:10])
    delimiter = max(";,\t|", key=beginning.count)
    if delimiter not in beginning:
        raise FileError("Die Datei ist weder eine XLSX-Datei noch eine CSV-Tabelle.")
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)
    first = 1
    try:
        for cells in reader:
            yield Row(first, [as_typed(cell) for cell in cells])
            first = reader.line_num + 1
    except csv.Error:
        raise FileError(
            f"Zeile {first}: Ein Anführungszeichen wird nicht richtig geschlossen, oder ein Text ist "
            "zu lang."
        ) from None


def _sheets(content: bytes) -> list[Iterator[Row]]:
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise FileError("Die Datei ist ausgepackt zu groß.")
        book = load_workbook(io.BytesIO(content), read_only=True)
        results = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except FileError:
        raise
    except Exception:  # whatever openpyxl stumbles upon: zip, XML, numbers, references
        raise FileError("Die XLSX-Datei lässt sich nicht öffnen. Ist sie vollständig?") from None
    return [
        _sheet_rows(sheet, results.worksheets[position])
        for position, sheet in enumerate(book.worksheets)
    ]


def _sheet_rows(sheet: Any, results: Any) -> Iterator[Row]:
    """The values; of formulas their results, which are looked for only where there are any."""
    found: dict[tuple[int, int], Any] | None = None
    try:
        for number, cells in _numbered(sheet):
            values = []
            for position, cell in enumerate(cells):
                value = cell.value
                if cell.data_type == "f":
                    if found is None:
                        found = _results(results)
                    value = found.get((number, position))
                    if value is None:
                        value = Broken("Die Formel hat kein Ergebnis. Bitte als Wert einfügen.")
                elif cell.data_type == "e":
                    value = Broken(f"In der Zelle steht der Fehler „{value}“.")
                if isinstance(value, str) and value.startswith("#") and cell.data_type == "f":
                    value = Broken(f"Die Formel ergibt den Fehler „{value}“.")
                values.append(value)
            yield Row(number, values)
    except FileError:
        raise
    except Exception:  # likewise
        raise FileError("Die XLSX-Datei ist beschädigt.") from None


def _numbered(sheet: Any) -> Iterator[tuple[int, Any]]:
    """The rows that hold something; raises `FileError` where too many are empty."""
    last = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if any(cell.value is not None for cell in cells):
            last = number
            yield number, cells
        elif number - last > MOST_EMPTY_ROWS:
            raise FileError(
                f"Nach Zeile {last} folgen mehr als {MOST_EMPTY_ROWS} leere Zeilen. Bitte löschen "
                "Sie, was weit darunter steht, und speichern Sie die Datei noch einmal."
            )


def _results(sheet: Any) -> dict[tuple[int, int], Any]:
    return {
        (number, position): value
        for number, row in _numbered(sheet)
        for position, value in enumerate(cell.value for cell in row)
        if value is not None
    }
