"""The columns of the table of solutions: what stands in a cell, and how it is read back.

Reading what was written out gives the same value, so an untouched cell is never a change.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.text import capfirst

from ground.names import fold
from projects.models import (
    Evidence,
    Maturity,
    OpenSource,
    Solution,
    SolutionFact,
    SolutionKind,
    Technology,
    Theme,
)

# What a spreadsheet gives: text, numbers, days, or nothing.
Cell = Any


class CellError(ValueError):
    """Says in German what is wrong with a cell."""


class NotThere(CellError):
    """A word that a vocabulary does not have."""


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    heading: str
    read: Callable[[Cell], Any]
    show: Callable[[Solution], Cell]
    also_called: tuple[str, ...] = ()
    width: int = 20


def text(value: Cell) -> str:
    """A cell as people see it: whole numbers without „.0“, days as in German."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, datetime | date):
        return value.strftime("%d.%m.%Y")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 00:00(?::00)?)?")
_GERMAN_MONTH = re.compile(r"(\d{1,2})[./](\d{4})")


def partial_date(value: Cell) -> str:
    """„18.09.2025“, „09/2025“, 2025 or a day of the spreadsheet, as „2025-09-18“, „2025-09“, „2025“."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    written = text(value)
    if found := _GERMAN_DAY.fullmatch(written):
        day, month, year = map(int, found.groups())
        return _existing(year, month, day, written).isoformat()
    if found := _GERMAN_MONTH.fullmatch(written):
        month, year = map(int, found.groups())
        return _existing(year, month, 1, written).strftime("%Y-%m")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        return _existing(*map(int, written.split("-")), written).isoformat()
    return written


def day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    written = partial_date(value)
    if not written:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        raise CellError(f"„{written}“ ist kein Tag. Beispiel: 18.09.2025.")
    return date.fromisoformat(written)


def _existing(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(f"„{written}“ gibt es im Kalender nicht.") from None


_NUMBER = re.compile(r"\d{1,3}(\.\d{3})+(,0+)?|\d+(,0+)?")


def number(value: Cell) -> int:
    """A whole number, also as „1.200“ or „1.200,00“."""
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return int(value)
    written = text(value)
    if not written:
        return 0
    if not _NUMBER.fullmatch(written):
        raise CellError(f"„{written}“ ist keine ganze Zahl.")
    return int(written.split(",")[0].replace(".", ""))


def _one_of(choices: Any) -> Callable[[Cell], str]:
    known = {fold(str(word)): value for value, label in choices.choices for word in (value, label)}

    def read(value: Cell) -> str:
        written = text(value)
        if not written and "" not in choices.values:
            return ""
        if (found := known.get(fold(written))) is None:
            allowed = ", ".join(str(label) for _value, label in choices.choices)
            raise NotThere(f"„{written}“ gibt es hier nicht. Möglich: {allowed}.")
        return found

    return read


def _lines(value: Cell) -> list[str]:
    return [line.strip() for line in text(value).split("\n") if line.strip()]


def names(value: Cell) -> list[str]:
    """Words of a vocabulary, each once, in no order that would matter."""
    found = {part.strip() for part in re.split(r"[;\n]", text(value)) if part.strip()}
    return sorted(found, key=lambda name: (fold(name), name))


def _facts(value: Cell) -> list[str]:
    one = _one_of(SolutionFact)
    chosen = {one(name) for name in names(value)}
    return [fact for fact in SolutionFact.values if fact in chosen]


def _plain(field: str, *also_called: str, width: int = 30) -> Column:
    heading = capfirst(str(Solution._meta.get_field(field).verbose_name))
    return Column(field, heading, text, lambda row: getattr(row, field), also_called, width)


def _choice(field: str, choices: Any, *also_called: str) -> Column:
    heading = capfirst(str(Solution._meta.get_field(field).verbose_name))
    labels = {value: str(label) for value, label in choices.choices}
    # A new solution has no kind yet.
    return Column(
        field,
        heading,
        _one_of(choices),
        lambda row: labels.get(getattr(row, field), ""),
        also_called,
    )


def _partial(field: str) -> Column:
    heading = capfirst(str(Solution._meta.get_field(field).verbose_name))

    def show(row: Solution) -> Cell:
        value = getattr(row, field)
        return int(value) if re.fullmatch(r"\d{4}", value) else value

    return Column(field, heading, partial_date, show, width=14)


def _of(field: str, *also_called: str) -> Column:
    heading = capfirst(str(Solution._meta.get_field(field).verbose_name))
    return Column(
        field,
        heading,
        names,
        lambda row: "; ".join(sorted(one.name for one in getattr(row, field).all())),
        also_called,
        30,
    )


PROJECT = Column(
    "project", "Modellprojekt", text, lambda row: row.project.name, ("projekt", "kommune"), 28
)
NAME = Column(
    "name", "Lösung", text, lambda row: row.name, ("name", "massnahme", "bezeichnung", "titel"), 40
)
KEYS = (PROJECT, NAME)

COLUMNS: tuple[Column, ...] = (
    *KEYS,
    _choice("kind", SolutionKind, "kategorie", "typ"),
    _plain("problem", "herausforderung", width=50),
    _plain("description", "kurzbeschreibung", width=50),
    _plain("how_it_works", width=50),
    _choice("maturity", Maturity, "status", "reifegrad"),
    _partial("maturity_as_of"),
    _choice("evidence", Evidence),
    _plain("evidence_text", width=40),
    _choice("open_source", OpenSource, "open source"),
    _plain("licence"),
    _plain("repository", "repository"),
    _plain("url", "website", "link", "webseite"),
    _of("themes", "thema", "handlungsfelder", "handlungsfeld"),
    _of("technologies", "technologie"),
    Column(
        "partners",
        "Partner",
        _lines,
        lambda row: "\n".join(row.partners),
        ("kooperationspartner",),
        30,
    ),
    _plain("staff_text"),
    _plain("duration_text"),
    _partial("ended_on"),
    _plain("why_ended"),
    Column(
        "unsure",
        "Zu prüfen",
        _facts,
        lambda row: "; ".join(str(SolutionFact(fact).label) for fact in row.unsure),
    ),
    _plain("note", width=40),
    Column("confirmed_on", "Zuletzt bestätigt am", day, lambda row: row.confirmed_on, width=14),
    Column("position", "Reihenfolge", number, lambda row: row.position, width=10),
)
BY_FIELD = {column.field: column for column in COLUMNS}
# Stored in tables of their own.
VOCABULARIES = {"themes": Theme, "technologies": Technology}

_BY_WORD = {
    fold(word): column.field
    for column in COLUMNS
    for word in (column.heading, column.field, *column.also_called)
}


def guessed(headings: list[str]) -> list[str]:
    """For each heading the field it seems to mean, "" for none; each field once."""
    found: list[str] = []
    for heading in headings:
        field = _BY_WORD.get(fold(heading.strip().rstrip("*: ")), "")
        found.append("" if field in found else field)
    return found
