"""The columns of the table of solutions: what stands in a cell, and how it is read back.

Reading what was written out gives the same value, so an untouched cell is never a change.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
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
    words_between_commas,
)
from projects.table.cells import Cell, day, lines, names, number, one_of, partial_date, text
from projects.table.rows import ROWS, RowsColumn


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    heading: str
    read: Callable[[Cell], Any]
    show: Callable[[Solution], Cell]
    also_called: tuple[str, ...] = ()
    width: int = 20


def _facts(value: Cell) -> list[str]:
    one = one_of(SolutionFact)
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
        one_of(choices),
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

COLUMNS: tuple[Column | RowsColumn, ...] = (
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
        "search_words",
        "Suchworte",
        lambda cell: words_between_commas(text(cell)),
        lambda row: ", ".join(row.search_words),
        ("suchwörter", "schlagworte", "schlagwörter", "stichworte"),
        40,
    ),
    Column(
        "partners",
        "Partner",
        lines,
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
    *ROWS,
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
