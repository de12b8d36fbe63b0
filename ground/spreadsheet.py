"""Tables as files that open in a spreadsheet without harm."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.http import HttpResponse

from ground.downloads import download

# A cell that starts like this is a formula to Excel and LibreOffice, no matter who wrote it.
# The wide ones are the same to an Excel that is set to Japanese or Chinese.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def cell(value: Any) -> Any:
    """A value that stays text where it is text. Numbers stay numbers, also negative ones."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


def csv_response(
    filename: str, header: Iterable[str], rows: Iterable[Iterable[Any]]
) -> HttpResponse:
    """A CSV file as a German Excel opens it: semicolons, UTF-8 with its mark, CRLF."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([cell(value) for value in row])
    content = text.getvalue().encode("utf-8-sig")
    return download(content, name=filename, content_type="text/csv; charset=utf-8")


def as_typed(written: str) -> str:
    """What `cell` was given: without the mark that keeps a text from being a formula."""
    if written.startswith("'") and written[1:].lstrip(" ").startswith(_STARTS_A_FORMULA):
        return written[1:]
    return written
