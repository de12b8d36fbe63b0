"""Figures of the office: what happened in a period, by Land, size of the Kommune, and theme.

An app says with `register` what it counts, as cases without persons; everything else is the same for all:
the tables, and that small numbers stay hidden, also where they could be had by subtracting.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from statistics import median
from typing import Any, NamedTuple, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from projects.models import (
    UNDECIDED,
    Municipality,
    ReuseStatement,
    SizeClass,
    StatementState,
    Theme,
)

DAY = 24 * 60 * 60
# Numbers from 1 to one less than this may point at somebody.
SMALL = 5
HIDDEN = _("verdeckt")
UNKNOWN = _("nicht bekannt")


class View(models.TextChoices):
    """What a row of the tables is; the values stand in addresses."""

    LAND = "land", _("Land")
    SIZE = "groesse", _("Einwohner der Kommune")
    THEME = "thema", _("Thema")


class Period(NamedTuple):
    """Whole days of Germany, both included."""

    first: date
    last: date

    def has(self, moment: str) -> Q:
        """Of rows by this column: what was then."""
        return Q(**{f"{moment}__date__gte": self.first, f"{moment}__date__lte": self.last})


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was counted. `part` is what became of it; the rest only where it is known."""

    part: str
    land: str = ""
    population: int | None = None
    themes: Sequence[str] = ()
    # By the name of the figure: how long it took, or whether it is so.
    measured: dict[str, float] = field(default_factory=dict)
    answered: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(
        cls, kommune: Municipality | None, part: str, themes: Iterable[Theme], **figures: Any
    ) -> Self:
        """About this Kommune; reads all of it, select it along."""
        land, population = (kommune.land, kommune.population) if kommune else ("", None)
        names = [theme.name for theme in themes]
        return cls(part, land, population, names, **figures)


@dataclass(frozen=True, slots=True)
class Source:
    """What one app counts. `right` is the permission of those who may see it."""

    key: str
    title: Any
    right: str
    # What all cases together are called, and by key what may become of one.
    total: Any
    parts: dict[str, Any]
    cases: Callable[[Period], Iterable[Case]]
    # Medians and shares beside the numbers, by their names in the cases.
    medians: dict[str, Any] = field(default_factory=dict)
    shares: dict[str, Any] = field(default_factory=dict)
    note: Any = ""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.key] = source


def sources_for(user: AbstractBaseUser) -> list[Source]:
    return [source for source in _sources.values() if user.has_perm(source.right)]


def is_for(user: AbstractBaseUser) -> bool:
    return bool(sources_for(user))


# One table ------------------------------------------------------------------------------------------


class Row(NamedTuple):
    label: str
    # `None` is hidden; of medians and shares also what is not known.
    total: int | None
    parts: list[int | None]
    medians: list[float | None]
    shares: list[int | None]


class Table(NamedTuple):
    source: Source
    rows: list[Row]
    # Of all cases; of themes it is no sum of the rows, as one case may be about several.
    all: Row


def table_of(source: Source, view: View, period: Period) -> Table:
    cases = list(source.cases(period))
    groups = _grouped(view, cases)
    shown = _shown_in_all_views(source, cases)[view]
    rows = [
        _row(source, label, found, line)
        for (label, found), line in zip(groups.items(), shown[:-1], strict=True)
    ]
    return Table(source, rows, _row(source, "", cases, shown[-1]))


def _grouped(view: View, cases: list[Case]) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = {label: [] for label in _labels(view, cases)}
    for case in cases:
        for label in _groups_of(case, view):
            groups[label].append(case)
    return {label: found for label, found in groups.items() if found}


def _shown_in_all_views(source: Source, cases: list[Case]) -> dict[View, list[list[int | None]]]:
    """The last line is the same in all views, so what one hides of it no other may show."""
    numbers = {
        view: [_numbers(source, found) for found in [*_grouped(view, cases).values(), cases]]
        for view in View
    }
    hidden: set[int] = set()
    while True:
        shown = {view: with_small_hidden(lines, hidden) for view, lines in numbers.items()}
        now = {
            column
            for lines in shown.values()
            for column, number in enumerate(lines[-1])
            if number is None
        }
        if now == hidden:
            return shown
        hidden = now


def _labels(view: View, cases: list[Case]) -> list[str]:
    match view:
        case View.LAND:
            known = [str(land.label) for land in Land]
        case View.SIZE:
            known = [str(size.label) for size in SizeClass]
        case View.THEME:
            known = sorted(set(chain.from_iterable(case.themes for case in cases)))
    return [*known, str(UNKNOWN)]


def _groups_of(case: Case, view: View) -> list[str]:
    unknown = [str(UNKNOWN)]
    match view:
        case View.LAND:
            return [str(Land(case.land).label)] if case.land else unknown
        case View.SIZE:
            size = SizeClass.of(case.population)
            return [str(size.label)] if size else unknown
    return list(case.themes) or unknown


def _numbers(source: Source, cases: list[Case]) -> list[int]:
    """What became of them, and last how many they are."""
    return [*(sum(case.part == part for case in cases) for part in source.parts), len(cases)]


def _row(source: Source, label: str, cases: list[Case], line: list[int | None]) -> Row:
    return Row(
        label,
        line[-1],
        line[:-1],
        [_median(cases, name) for name in source.medians],
        [_share(cases, name) for name in source.shares],
    )


def _median(cases: list[Case], name: str) -> float | None:
    found = [case.measured[name] for case in cases if name in case.measured]
    return round(median(found), 1) if len(found) >= SMALL else None


def _share(cases: list[Case], name: str) -> int | None:
    """In per cent. From it, the few who say yes, or no, could be worked out again."""
    found = [case.answered[name] for case in cases if name in case.answered]
    yes, no = sum(found), len(found) - sum(found)
    if len(found) < SMALL or 0 < yes < SMALL or 0 < no < SMALL:
        return None
    return round(100 * yes / len(found))


def days(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds() / DAY


# Small numbers --------------------------------------------------------------------------------------


def with_small_hidden(
    numbers: list[list[int]], also: Collection[int] = ()
) -> list[list[int | None]]:
    """Numbers with `None` for those that are small, and for those that would give these away.

    Each line and each column is a sum: its last number is that of the others. Where it hides a single
    number, or hidden ones that together are still small, the next larger one is hidden as well. `also`
    are the columns that the last line hides anyway.
    """
    hidden = {
        (row, column)
        for row, line in enumerate(numbers)
        for column, number in enumerate(line)
        if 0 < number < SMALL
    }
    hidden |= {(len(numbers) - 1, column) for column in also}
    rows, columns = range(len(numbers)), range(len(numbers[0]) if numbers else 0)
    sums = [[(row, column) for column in columns] for row in rows]
    sums += [[(row, column) for row in rows] for column in columns]
    while (further := _given_away(sums, numbers, hidden)) is not None:
        hidden.add(further)
    return [
        [None if (row, column) in hidden else numbers[row][column] for column in columns]
        for row in rows
    ]


def _given_away(
    sums: list[list[tuple[int, int]]], numbers: list[list[int]], hidden: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """The next one to hide, or None if nothing can be worked out."""
    for cells in sums:
        covered = [cell for cell in cells if cell in hidden]
        if not covered or _is_safe(covered, cells[-1], numbers):
            continue
        others = [cell for cell in cells if cell not in hidden and numbers[cell[0]][cell[1]]]
        if others:
            return min(others, key=lambda cell: (cell == cells[-1], numbers[cell[0]][cell[1]]))
    return None


def _is_safe(
    covered: list[tuple[int, int]], total: tuple[int, int], numbers: list[list[int]]
) -> bool:
    parts = [cell for cell in covered if cell != total]
    if total in covered:
        # What is known of the sum is only that it is no less than its open parts.
        return bool(parts)
    return len(parts) > 1 and sum(numbers[row][column] for row, column in parts) >= SMALL


# What Kommunen say that they use --------------------------------------------------------------------


def _reuse_cases(period: Period) -> Iterable[Case]:
    """Refused and withdrawn ones go after a month, so they are in no figure."""
    rows = (
        ReuseStatement.objects.confirmed()
        .filter(period.has("stated_at"), state__in=[*UNDECIDED, StatementState.PUBLISHED])
        .select_related("municipality", "solution")
        .prefetch_related("solution__themes")
    )
    for row in rows:
        part = "planned" if row.is_planned else "used"
        yield Case.of(row.municipality, part, row.solution.themes.all())


register(
    Source(
        "nachnutzung",
        _("Nachnutzung: Angaben von Kommunen"),
        "projects.change_reusestatement",
        total=_("Angaben"),
        parts={"used": _("nutzen es"), "planned": _("planen es")},
        cases=_reuse_cases,
        note=_(
            "Nach dem Tag der Angabe. Ohne abgelehnte und zurückgezogene, denn die werden gelöscht."
        ),
    )
)
