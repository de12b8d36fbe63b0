"""The table of solutions as XLSX, in the columns in which it can be taken in again."""

import io
from datetime import date

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from projects.models import Solution
from projects.table.cells import Cell
from projects.table.columns import COLUMNS
from projects.table.rows import ROWS

# More than this a cell cannot hold. Read back, the sentence changes nothing.
LONGEST = 32_767
TOO_LONG = "(zu lang für eine Zelle, bitte im Portal bearbeiten)"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(solutions: QuerySet[Solution]) -> bytes:
    """Days are days and numbers are numbers; text is text, also where it looks like a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lösungen")
    sheet.freeze_panes = "C2"
    for position, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    bold = Font(bold=True)
    headings = [_cell(sheet, column.heading) for column in COLUMNS]
    for heading in headings:
        heading.font = bold
    sheet.append(headings)
    rows = solutions.select_related("project").prefetch_related(
        "themes", "technologies", *(column.field for column in ROWS)
    )
    for row in rows:
        sheet.append([_cell(sheet, column.show(row)) for column in COLUMNS])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_TOP = Alignment(vertical="top", wrap_text=True)


def _cell(sheet: object, value: Cell) -> WriteOnlyCell:
    if isinstance(value, str) and len(value) > LONGEST:
        value = TOO_LONG
    cell = WriteOnlyCell(sheet, value=value if value != "" else None)
    if isinstance(value, str) and value:
        cell.data_type = "s"
        cell.alignment = _TOP
    elif isinstance(value, date):
        cell.number_format = "DD.MM.YYYY"
    return cell
