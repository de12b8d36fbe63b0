"""Any filtered list as a table: CSV, XLSX and JSON, sent while it is read, in bounded memory."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from io import StringIO
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from rest_framework.serializers import ListSerializer

from finding.listing import Listing
from ground.names import fold
from ground.spreadsheet import cell
from opendata.licence import Terms
from opendata.lists import OpenList
from projects.entries import UNKNOWN

AT_ONCE = 500
BLOCK = 1 << 16
# What a cell of Excel holds.
MOST_IN_CELL = 32_767
COLUMN_WIDTH = 22
LONGEST_NAME = 80


def blocks(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(things)
    while block := list(islice(rest, size)):
        yield block


def told(of: OpenList, listing: Listing) -> Iterator[dict[str, Any]]:
    entries = listing.section.entries
    for numbers in blocks(listing.numbers, AT_ONCE):
        yield from of.told([entries[number].pk for number in numbers])


def file_name(of: OpenList, listing: Listing, ending: str) -> str:
    """What was chosen, in letters that every system takes: „loesungen-quelloffen-bayern.csv“."""
    name, *words = filter(None, (slugify(fold(one)) for one in (of.name, *_chosen(listing))))
    for number, word in enumerate(words):
        if len(name) + len(word) > LONGEST_NAME:
            return f"{name}-und-{len(words) - number}-weitere.{ending}"
        name = f"{name}-{word}"
    return f"{name}.{ending}"


def _chosen(listing: Listing) -> Iterator[str]:
    for facet in listing.section.index.facets:
        for value in listing.selection.chosen.get(facet.name, ()):
            if value == "ja":
                yield facet.label
            else:
                # „nein“ and „nicht bekannt“ say nothing by themselves.
                of = f"{facet.label} " if value in ("nein", UNKNOWN) else ""
                yield f"{of}{facet.choices[value]}"
    yield listing.selection.q


def columns(of: OpenList) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """Name, heading and what makes the value of a cell."""
    return [(name, str(field.label), _cell_of(field)) for name, field in of.facts().fields.items()]


def _cell_of(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, ListSerializer):
        words = field.child.in_words
        return lambda rows: " | ".join(words(row) for row in rows)
    return getattr(field, "cell", lambda value: value)


def rows(of: OpenList, listing: Listing) -> Iterator[list[Any]]:
    made = columns(of)
    for thing in told(of, listing):
        yield [make(thing[name]) for name, _, make in made]


def as_csv(of: OpenList, listing: Listing) -> Iterator[bytes]:
    """As a German Excel opens it: semicolons, decimal commas, UTF-8 with its mark."""
    yield b"\xef\xbb\xbf"
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([heading for _, heading, _ in columns(of)])
    for row in rows(of, listing):
        writer.writerow([_as_text(value) for value in row])
        if text.tell() > BLOCK:
            yield _taken(text)
    yield _taken(text)


def _taken(text: StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def _as_text(value: Any) -> Any:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return cell(value)


def as_xlsx(of: OpenList, listing: Listing) -> Iterator[bytes]:
    """Numbers are numbers and days are days; written to the disk first, then sent.

    Licence and source are on a sheet behind that of the data: programs read the first one.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(of.title[:31])
    sheet.freeze_panes = "B2"
    headings = [heading for _, heading, _ in columns(of)]
    last = get_column_letter(len(headings))
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = COLUMN_WIDTH
    sheet.append([_as_heading(sheet, heading) for heading in headings])
    count = 1
    for row in rows(of, listing):
        sheet.append([_as_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{last}{count}"
    _tell_terms(book, of.terms())
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _tell_terms(book: Workbook, terms: Terms) -> None:
    sheet = book.create_sheet("Lizenz und Quelle")
    for name, text in (
        ("Lizenz", terms.licence.name),
        ("Adresse", terms.licence.url),
        ("Quelle", terms.attribution),
    ):
        sheet.append([_as_heading(sheet, name), _as_cell(sheet, text)])


def _as_heading(sheet: Any, text: str) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, value=text)
    made.font = Font(bold=True)
    return made


def _as_cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    made = WriteOnlyCell(sheet, value=value[:MOST_IN_CELL])
    # Said to be text, so what begins like a formula is none.
    made.data_type = "s"
    return made


def as_json(of: OpenList, listing: Listing) -> Iterator[bytes]:
    terms = of.terms()
    head = {
        "count": listing.count,
        "licence": terms.licence.url,
        "attribution": terms.attribution,
    }
    yield json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "results": [\n'
    between = b""
    for things in blocks(told(of, listing), 50):
        texts = (json.dumps(thing, ensure_ascii=False) for thing in things)
        yield between + ",\n".join(texts).encode()
        between = b",\n"
    yield b"\n]}\n"


Writer = Callable[[OpenList, Listing], Iterator[bytes]]
FORMATS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": ("application/json", as_json),
}
