"""Columns whose cells hold the rows of a sheet, its costs or sources: one on each line, parts between „|“."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst

from projects.models import CostPeriod, DocumentKind, LessonKind, Solution, StatedBy
from projects.table.cells import (
    Cell,
    CellError,
    amount,
    day,
    lines,
    one_of,
    partial_date,
    shown_amount,
    text,
)

_BETWEEN = re.compile(r"(?<!\\)\|")

# What stands between the bars of one line, by the names of the fields.
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a line: a field of the row. What a new row holds where the part is left out."""

    field: str
    heading: str
    read: Callable[[Cell], Any] = text
    show: Callable[[Any], str] = text


@dataclass(frozen=True, slots=True)
class RowsColumn:
    """The first part tells the rows of one solution apart; fields without a part stay as they are.

    Made to stand among the plain columns: `field`, `heading`, `read` and `show` mean the same there.
    """

    field: str
    heading: str
    model: type[Model]
    parts: tuple[Part, ...]
    also_called: tuple[str, ...] = ()
    # Columns that a row takes from its solution.
    copied: tuple[str, ...] = ()
    width: int = 50

    @property
    def key(self) -> str:
        return self.parts[0].field

    def stored(self, solution: Solution) -> list[Any]:
        return [] if solution.pk is None else list(getattr(solution, self.field).all())

    def show(self, solution: Solution) -> str:
        return "\n".join(self.line(row) for row in self.stored(solution))

    def line(self, row: Any) -> str:
        return self.told({part.field: getattr(row, part.field) for part in self.parts})

    def told(self, values: Values) -> str:
        shown = [part.show(values[part.field]) for part in self.parts]
        while len(shown) > 1 and not shown[-1]:
            shown.pop()
        return " ".join(" | ".join(one.replace("|", "\\|") for one in shown).split())

    def read(self, cell: Cell) -> dict[str, Values]:
        """By what tells them apart, in their order."""
        found: dict[str, Values] = {}
        for number, line in enumerate(lines(cell), start=1):
            try:
                values = self.read_line(line)
                if (key := values[self.key]) in found:
                    raise CellError(f"„{key}“ steht hier zweimal.")
            except CellError as error:
                raise CellError(f"Zeile {number} der Zelle: {error}") from None
            found[key] = values
        return found

    def read_line(self, line: str) -> Values:
        written = [part.strip().replace("\\|", "|") for part in _BETWEEN.split(line)]
        if len(written) > len(self.parts):
            raise CellError(
                f"Es sind höchstens {len(self.parts)} Teile: {self.form}. Ein Strich, der zum Text "
                "gehört, wird „\\|“ geschrieben."
            )
        if not written[0]:
            raise CellError(f"Der erste Teil „{self.parts[0].heading}“ fehlt.")
        written += [""] * (len(self.parts) - len(written))
        return {part.field: part.read(one) for part, one in zip(self.parts, written, strict=True)}

    @property
    def form(self) -> str:
        """How a line is written: „wofür | Betrag | Art“."""
        return " | ".join(part.heading for part in self.parts)


def _marked(word: str, *, when: bool) -> tuple[Callable[[Cell], bool], Callable[[bool], str]]:
    """A word that stands there or not, for a field that is true `when` it does."""

    def read(cell: Cell) -> bool:
        written = text(cell)
        if written and written.casefold() != word.casefold():
            raise CellError(f"„{written}“ gibt es hier nicht. Möglich: {word}, oder nichts.")
        return bool(written) is when

    return read, lambda value: word if bool(value) is when else ""


def _choice(field: str, heading: str, choices: Any, *, absent: str = "") -> Part:
    labels = {value: str(label) for value, label in choices.choices}
    read = one_of(choices)

    def read_or_absent(cell: Cell) -> str:
        if not text(cell) and not absent:
            allowed = ", ".join(labels.values())
            raise CellError(f"Der Teil „{heading}“ fehlt. Möglich: {allowed}.")
        return read(cell) or absent

    return Part(field, heading, read_or_absent, lambda value: labels.get(value, ""))


_SOURCE = Part("source", "Quelle")
_NOTE = Part("note", "Anmerkung")
_DOUBT = Part("is_certain", "zu prüfen", *_marked("zu prüfen", when=False))
_SOURCED = (_SOURCE, _NOTE, _DOUBT)


def _of(
    field: str, *parts: Part, also_called: tuple[str, ...] = (), copied: tuple[str, ...] = ()
) -> RowsColumn:
    model = Solution._meta.get_field(field).related_model
    heading = capfirst(str(model._meta.verbose_name_plural))
    return RowsColumn(field, heading, model, parts, also_called, copied)


ROWS: tuple[RowsColumn, ...] = (
    _of(
        "costs",
        Part("purpose", "wofür"),
        Part("amount", "Betrag", amount, shown_amount),
        _choice("period", "Art", CostPeriod),
        Part("as_of", "Stand", partial_date),
        *_SOURCED,
        Part("for_reusers", "für Nachnutzende", *_marked("für Nachnutzende", when=True)),
    ),
    _of(
        "lessons",
        Part("text", "was"),
        _choice("kind", "Art", LessonKind),
        *_SOURCED,
        also_called=("erfahrungen",),
    ),
    _of(
        "reuses",
        Part("name", "wer"),
        Part("how", "wie"),
        Part("since", "seit", partial_date),
        _choice("stated_by", "Angabe von", StatedBy, absent=StatedBy.SOURCE),
        *_SOURCED,
        also_called=("nachnutzung",),
    ),
    _of("blocks", Part("text", "was"), Part("origin", "von wem"), *_SOURCED),
    _of(
        "documents",
        Part("url", "Adresse"),
        _choice("kind", "Art", DocumentKind),
        Part("title", "Titel"),
        Part("licence", "Lizenz"),
        *_SOURCED,
    ),
    _of(
        "sources",
        Part("text", "Quelle"),
        _NOTE,
        Part("checked_on", "geprüft am", day, text),
        also_called=("quelle",),
        copied=("project",),
    ),
)
