"""Which of the formats a file has, judged by its content, never by its name."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from projects.gemeindeverzeichnis import gv100ad, spreadsheet
from projects.gemeindeverzeichnis.records import FileError, RawList

# No name and no number of the list has a control character; a wrongly decoded one has plenty.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
# The umlauts of DOS, read as those of Windows: „F”rde“.
_MISREAD = re.compile(r"[^\W\d_][„”™][^\W\d_]")
_DOUBLY_ENCODED = re.compile(r"Ã[\x80-\xbf„¶¼Ÿ–œ]")


def open_list(path: Path) -> RawList:
    """Recognise the file; raises `FileError` with a German sentence if it is none of the formats."""
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    if not content.strip():
        raise FileError("Die Datei ist leer.")
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError(
            "Das ist eine alte Excel-Datei (XLS). Bitte in Excel als XLSX speichern und noch einmal "
            "einlesen."
        )
    text = _decoded(content)
    if gv100ad.looks_like(text):
        return gv100ad.from_text(text)
    return spreadsheet.from_rows(_csv_rows(text), every_row_is_complete=True)


def _decoded(content: bytes) -> str:
    """UTF-8 if it is that, else Windows-1252 or Latin-1; raises `FileError` if it is neither."""
    text = _first_fitting(content, "utf-8-sig", "cp1252", "latin-1")
    if mistake := _CONTROL.search(text) or _DOUBLY_ENCODED.search(text) or _MISREAD.search(text):
        line = text.count("\n", 0, mistake.start()) + 1
        column = mistake.start() - text.rfind("\n", 0, mistake.start())
        raise FileError(
            f"Zeile {line}, Zeichen {column}: Die Datei ist nicht als UTF-8 oder Latin-1 "
            "gespeichert. Umlaute und Zahlen wären falsch."
        )
    return text


def _first_fitting(content: bytes, *encodings: str) -> str:
    for encoding in encodings[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(encodings[-1])


def _csv_rows(text: str) -> Iterator[spreadsheet.Row]:
    beginning = "\n".join(text.splitlines()[:10])
    delimiter = max(",;\t|", key=beginning.count)
    if delimiter not in beginning:
        raise FileError(
            "Die Datei ist weder eine XLSX-Datei noch eine Tabelle mit Trennzeichen noch GV100AD."
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise FileError(
            f"Zeile {reader.line_num}: Ein Anführungszeichen wird nicht richtig geschlossen. "
            "Ist die Zeile abgeschnitten?"
        ) from None


def _workbook(content: bytes) -> RawList:
    """The list is on the first sheet that has its headings; cover and imprint have none."""
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError):
        raise FileError(
            "Die Datei beginnt wie eine XLSX-Datei, lässt sich aber nicht öffnen. Ist sie "
            "vollständig heruntergeladen?"
        ) from None
    mistakes = []
    for sheet in workbook.worksheets:
        rows = (
            (line, [spreadsheet.cell_text(value) for value in row])
            for line, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        )
        try:
            return spreadsheet.from_rows(rows, every_row_is_complete=False)
        except FileError as mistake:
            mistakes.append(mistake)
    raise min(mistakes, key=lambda mistake: len(str(mistake)))


def day_in_name(path: Path) -> date | None:
    """The day in a file name: „…_2020-12-31.csv“ or „GV100AD_31122020.txt“."""
    for pattern in (
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        r"(?<!\d)(?P<day>\d{2})\.?(?P<month>\d{2})\.?(?P<year>\d{4})(?!\d)",
    ):
        if found := re.search(pattern, path.stem):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                continue
    return None
