"""Takes a table of solutions in: what each line would do, and then all of it or nothing.

A line is known by project and name, so the same table a second time changes nothing. A trial writes
like the real thing and takes it back, so that whatever the database refuses is told beforehand.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from openpyxl.utils import get_column_letter

from ground.contention import violated
from ground.names import fold
from projects.models import Project, Solution
from projects.table.cells import CellError, text
from projects.table.columns import BY_FIELD, KEYS, VOCABULARIES, Column
from projects.table.exporting import TOO_LONG
from projects.table.reading import Broken, Row, Table
from projects.table.row_changes import compare, overwrite, store
from projects.table.rows import ROWS, RowsColumn

NEW, CHANGED, SAME, WRONG = "neu", "geändert", "unverändert", "Fehler"
_TOGETHER = 200
# What is stored in tables of their own.
_ELSEWHERE = {*VOCABULARIES, *(column.field for column in ROWS)}
_LONGEST_STEM = 70


AnyColumn = Column | RowsColumn


class MappingError(ValueError):
    """Says in German what is wrong with the assignment of the columns."""


@dataclass(frozen=True, slots=True)
class Change:
    heading: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mistake:
    column: str
    heading: str
    why: str


@dataclass(slots=True)
class Line:
    number: int
    project: str = ""
    name: str = ""
    changes: list[Change] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    row: Solution | None = None
    is_new: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        if self.mistakes:
            return WRONG
        if self.is_new:
            return NEW
        return CHANGED if self.changes else SAME


@dataclass(slots=True)
class Report:
    lines: list[Line]

    def of(self, kind: str) -> list[Line]:
        return [line for line in self.lines if line.kind == kind]

    @property
    def is_possible(self) -> bool:
        return not self.of(WRONG)

    @property
    def changes_something(self) -> bool:
        return any(line.kind in (NEW, CHANGED) for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """Of all that would be done, so that a yes counts only for what was shown."""
        told = [
            (line.number, line.kind, line.project, line.name, line.changes) for line in self.lines
        ]
        return sha256(repr(told).encode()).hexdigest()[:32]


def trial(table: Table, mapping: Sequence[str], *, empties: bool = False) -> Report:
    """What `take_in` would do, without anything being done."""
    with transaction.atomic():
        report = _taken_in(table, mapping, empties=empties)
        transaction.set_rollback(True)
    return report


def take_in(
    table: Table,
    mapping: Sequence[str],
    *,
    empties: bool = False,
    seen: str | None = None,
    then: Callable[[Report], object] = lambda report: None,
) -> Report | None:
    """Write all lines, or none if one is wrong. `then` belongs to it.

    None, and nothing written, where it would do something else than the report `seen` has told.
    """
    with transaction.atomic():
        report = _taken_in(table, mapping, empties=empties)
        if seen is not None and report.fingerprint != seen:
            transaction.set_rollback(True)
            return None
        if report.is_possible:
            then(report)
        else:
            transaction.set_rollback(True)
    return report


def _taken_in(table: Table, mapping: Sequence[str], *, empties: bool) -> Report:
    columns = _columns(mapping)
    report = Report(list(_Reading(columns, empties).lines(table.rows)))
    _write([line for line in report.lines if line.kind in (NEW, CHANGED)])
    return report


def _columns(mapping: Sequence[str]) -> list[tuple[int, AnyColumn]]:
    chosen = [(position, BY_FIELD[name]) for position, name in enumerate(mapping) if name]
    names = [column.field for _position, column in chosen]
    for column in KEYS:
        if column.field not in names:
            raise MappingError(f"Bitte sagen, in welcher Spalte „{column.heading}“ steht.")
    for _position, column in chosen:
        if names.count(column.field) > 1:
            raise MappingError(f"„{column.heading}“ ist zwei Spalten zugeordnet.")
    return chosen


class _Reading:
    """Compares lines with what is stored; everything needed for it is loaded once and locked."""

    def __init__(self, columns: list[tuple[int, AnyColumn]], empties: bool) -> None:
        self.columns, self.empties = columns, empties
        self.place = {column.field: position for position, column in columns}
        self.projects = _by_name(Project.objects.only("pk", "name"))
        rows = Solution.objects.select_for_update(of=["self"], no_key=True)
        apart = [column.field for _position, column in columns if column.field in _ELSEWHERE]
        rows = rows.select_related("project").prefetch_related(*apart)
        self.solutions: dict[int, dict[str, list[Solution]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.slugs = set()
        for row in rows.order_by("pk"):
            self.solutions[row.project_id][fold(row.name)].append(row)
            self.slugs.add(row.slug)
        self.words = {
            name: {fold(row.name): row for row in model.objects.all()}
            for name, model in VOCABULARIES.items()
        }
        self.seen: dict[tuple[int, str], int] = {}

    def lines(self, rows: Iterable[Row]) -> Iterator[Line]:
        for row in rows:
            cells = [self._cell(row, position) for position, _column in self.columns]
            if any(cell not in (None, "") for cell in cells):
                yield self._line(row)

    def _cell(self, row: Row, position: int) -> Any:
        return row.cells[position] if position < len(row.cells) else None

    def _line(self, row: Row) -> Line:
        line = Line(row.number)
        keys = {}
        for column in KEYS:
            cell = self._cell(row, self.place[column.field])
            keys[column.field] = "" if isinstance(cell, Broken) else text(cell)
            if isinstance(cell, Broken):
                self._wrong(line, column, cell.why)
            elif not keys[column.field]:
                self._wrong(line, column, "Die Zelle ist leer.")
        line.project, line.name = keys["project"], keys["name"]
        if not line.mistakes:
            self._find(line)
        if line.row is not None:
            self._compare(line, row)
        return line

    def _wrong(self, line: Line, column: AnyColumn, why: str) -> None:
        letter = (
            get_column_letter(self.place[column.field] + 1) if column.field in self.place else ""
        )
        line.mistakes.append(Mistake(letter, column.heading, why))

    def _find(self, line: Line) -> None:
        """The stored row, or a new one."""
        projects = self.projects.get(fold(line.project), [])
        if len(projects) != 1:
            why = "gibt es nicht" if not projects else "gibt es mehrmals"
            self._wrong(line, KEYS[0], f"Ein Modellprojekt „{line.project}“ {why}.")
            return
        rows = self.solutions[projects[0].pk].get(fold(line.name), [])
        exact = [row for row in rows if row.name == line.name] or rows
        if len(exact) > 1:
            self._wrong(line, KEYS[1], "Diesen Namen gibt es in dem Projekt mehrmals.")
            return
        key = (projects[0].pk, exact[0].name if exact else fold(line.name))
        if (before := self.seen.setdefault(key, line.number)) != line.number:
            self._wrong(line, KEYS[1], f"Diese Lösung steht schon in Zeile {before}.")
            return
        line.is_new = not exact
        line.row = exact[0] if exact else self._new(projects[0], line.name)

    def _new(self, project: Project, name: str) -> Solution:
        stem = slugify(fold(name))[:_LONGEST_STEM].strip("-") or "neu"
        slug, count = stem, 2
        while slug in self.slugs:
            slug, count = f"{stem}-{count}", count + 1
        self.slugs.add(slug)
        return Solution(project=project, name=name, slug=slug)

    def _compare(self, line: Line, row: Row) -> None:
        for position, column in self.columns:
            if column in KEYS:
                continue
            cell = self._cell(row, position)
            if isinstance(cell, Broken):
                self._wrong(line, column, cell.why)
                continue
            if text(cell) == "" and (line.is_new or not self.empties):
                continue
            if cell == TOO_LONG:
                continue
            try:
                if isinstance(column, RowsColumn):
                    self._set_rows(line, column, cell)
                else:
                    self._set(line, column, cell)
            except CellError as error:
                self._wrong(line, column, str(error))
            except ValidationError as error:
                self._wrong(line, column, " ".join(error.messages))
        if line.is_new:
            self._complete(line)

    def _complete(self, line: Line) -> None:
        if not line.row.kind and not any(one.heading == "Art" for one in line.mistakes):
            self._wrong(line, BY_FIELD["kind"], "Eine neue Lösung braucht eine Art.")
        try:
            Solution._meta.get_field("name").clean(line.name, line.row)
        except ValidationError as error:
            self._wrong(line, KEYS[1], " ".join(error.messages))

    def _set(self, line: Line, column: Column, cell: Any) -> None:
        vocabulary = column.field in VOCABULARIES
        has_old = not (line.is_new and vocabulary)
        shown = column.show(line.row) if has_old else None
        old, new = column.read(shown), column.read(cell)
        stored: Any = new
        if vocabulary:
            stored = self._known(column, new)
            new = column.read("; ".join(one.name for one in stored))
        if new == old:
            return
        if not vocabulary:
            stored = Solution._meta.get_field(column.field).clean(new, line.row)
        line.values[column.field] = stored
        line.changes.append(Change(column.heading, _told(old, shown), _told(new, cell)))
        if not vocabulary:
            setattr(line.row, column.field, stored)

    def _set_rows(self, line: Line, column: RowsColumn, cell: Any) -> None:
        changes = compare(column, line.row, column.read(cell))
        if changes.told:
            line.values[column.field] = changes
            line.changes += [
                Change(f"{column.heading}: {key}", old, new) for key, old, new in changes.told
            ]

    def _known(self, column: Column, names: list[str]) -> list[Any]:
        known = self.words[column.field]
        unknown = [name for name in names if fold(name) not in known]
        if unknown:
            raise CellError(f"Unter {column.heading} gibt es nicht: {', '.join(unknown)}.")
        return [known[fold(name)] for name in names]


def _told(value: Any, cell: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else text(cell)


def _by_name(projects: Iterable[Project]) -> dict[str, list[Project]]:
    found = defaultdict(list)
    for project in projects:
        found[fold(project.name)].append(project)
    return found


# Writing -----------------------------------------------------------------------------------------------


def _write(lines: list[Line]) -> None:
    """In pieces; only where the database refuses a piece, line by line, to know which it was."""
    for start in range(0, len(lines), _TOGETHER):
        piece = lines[start : start + _TOGETHER]
        try:
            with transaction.atomic():
                _store(piece)
        except IntegrityError:
            for line in piece:
                _store_alone(line)


def _store_alone(line: Line) -> None:
    if line.is_new:
        line.row.pk = None
        line.row._state.adding = True
    for column in ROWS:
        if column.field in line.values:
            line.values[column.field].as_never_stored()
    try:
        with transaction.atomic():
            _store([line])
    except IntegrityError as error:
        line.mistakes.append(_refused(violated(error)) or Mistake("", "", str(error)))


def _refused(name: str) -> Mistake | None:
    """In the words of the constraint of this name, and where it is one of rows, with their column."""
    for model, heading in ((Solution, ""), *((one.model, one.heading) for one in ROWS)):
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return Mistake("", heading, str(constraint.get_violation_error_message()))
    return None


def _store(lines: list[Line]) -> None:
    Solution.objects.bulk_create([line.row for line in lines if line.is_new])
    # Rows with the same columns together: a statement for each row would take minutes.
    together: dict[frozenset[str], list[Solution]] = defaultdict(list)
    for line in lines:
        if not line.is_new:
            line.row.updated_at = timezone.now()
            together[frozenset(line.values.keys() - _ELSEWHERE)].append(line.row)
    for columns, rows in together.items():
        overwrite(rows, [*sorted(columns), "updated_at"])
    for name in VOCABULARIES:
        through = getattr(Solution, name).through
        word = through._meta.get_field(VOCABULARIES[name]._meta.model_name).attname
        concerned = [line for line in lines if name in line.values]
        old = [line.row.pk for line in concerned if not line.is_new]
        through.objects.filter(solution__in=old).delete()
        through.objects.bulk_create(
            through(**{"solution_id": line.row.pk, word: one.pk})
            for line in concerned
            for one in line.values[name]
        )
    for column in ROWS:
        store(
            column,
            [
                (line.row, line.values[column.field])
                for line in lines
                if column.field in line.values
            ],
        )
