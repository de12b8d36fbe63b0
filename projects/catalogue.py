"""The public catalogue as the lists need it: held in memory, and never older than the database.

Each process builds it once per `CatalogueVersion` with three queries and then answers filters, counts,
maps and cards from it. What is not public is never read, so it cannot be shown by mistake.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse

from finding import map as germany
from finding.facets import Facet
from finding.models import CatalogueVersion
from finding.sections import Kept, Section
from ground.land import Land
from projects.models import (
    ApplicantKind,
    CallYear,
    Maturity,
    OpenSource,
    Project,
    Solution,
    SolutionKind,
    Theme,
)

UNKNOWN = "unbekannt"  # how an empty value stands in addresses
# Rendered portraits kept per process: at some 15 kB each a bounded part of its memory.
KEPT_PAGES = 500
KEPT_FOUND_CARDS = 2000
KEPT_ABOVE = 20

_MATURITIES_BY_USE = (
    Maturity.OPERATION,
    Maturity.COMPLETED,
    Maturity.IMPLEMENTATION,
    Maturity.PILOT,
    Maturity.PLANNED,
    Maturity.UNKNOWN,
)


class ThemeEntry(NamedTuple):
    slug: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ProjectEntry:
    """What lists, maps and neighbours show of a project."""

    pk: int
    slug: str
    name: str
    title: str
    summary: str
    call_year: int
    kind: str
    laender: tuple[str, ...]
    themes: tuple[ThemeEntry, ...]
    population: int | None
    is_to_check: bool
    latitude: float | None
    longitude: float | None
    solution_count: int
    point: germany.Point | None  # moved a little where it would hide another

    @property
    def url(self) -> str:
        return reverse("projects:detail", kwargs={"slug": self.slug})

    @property
    def place(self) -> "ProjectEntry":
        return self

    @property
    def kind_label(self) -> str:
        return ApplicantKind(self.kind).label

    @property
    def land_names(self) -> str:
        return ", ".join(Land(land).label for land in self.laender)

    @property
    def facets(self) -> dict[str, Sequence[str]]:
        return {
            "thema": [theme.slug for theme in self.themes],
            "land": self.laender,
            "art": [self.kind],
            "staffel": [str(self.call_year)],
        }


@dataclass(frozen=True, slots=True, eq=False)
class SolutionEntry:
    pk: int
    slug: str
    name: str
    description: str
    kind: str
    maturity: str
    open_source: str
    themes: tuple[ThemeEntry, ...]
    project: ProjectEntry

    @property
    def url(self) -> str:
        return reverse("projects:solution", kwargs={"slug": self.slug})

    @property
    def place(self) -> ProjectEntry:
        """A solution lies where its project does."""
        return self.project

    @property
    def kind_label(self) -> str:
        return SolutionKind(self.kind).label

    @property
    def maturity_label(self) -> str:
        return Maturity(self.maturity).label

    @property
    def is_open_source(self) -> bool:
        return self.open_source == OpenSource.YES

    @property
    def facets(self) -> dict[str, Sequence[str]]:
        return {
            "art": [self.kind],
            "thema": [theme.slug for theme in self.themes],
            "reife": [self.maturity or UNKNOWN],
            "open_source": [self.open_source],
            "land": self.project.laender,
        }


@dataclass(frozen=True)
class Catalogue:
    """Everything public at one version. Immutable but for what has been rendered from it."""

    version: int
    projects: Section
    solutions: Section
    solutions_of: Mapping[int, Sequence[SolutionEntry]]  # by the project's primary key
    pages: Kept = field(default_factory=lambda: Kept(KEPT_PAGES))
    # What apps above have read at this version, by a name of theirs.
    above: Kept = field(default_factory=lambda: Kept(KEPT_ABOVE))
    # Cards with what was searched marked: who clicks through facets sees the same ones again.
    found_cards: Kept = field(default_factory=lambda: Kept(KEPT_FOUND_CARDS))


_lock = Lock()
_latest: Catalogue | None = None


def catalogue(version: int | None = None) -> Catalogue:
    """The catalogue as it is now. One query when this process has it already.

    While one thread builds a new one the others wait: they would otherwise build the same thing.
    """
    global _latest
    version = CatalogueVersion.current() if version is None else version
    latest = _latest
    if latest is None or latest.version != version:
        with _lock:
            latest = _latest
            if latest is None or latest.version != version:
                # The version was read first: rows that changed since are newer than it says, and
                # the next request, seeing another version, builds again.
                latest = _latest = build(version)
    return latest


def build(version: int) -> Catalogue:
    themes = {
        pk: ThemeEntry(slug, name)
        for pk, slug, name in Theme.objects.order_by("slug").values_list("pk", "slug", "name")
    }
    solutions = list(
        Solution.objects.public()
        .annotate(theme_ids=_theme_ids(Solution, "solution_id"))
        .order_by("sort_name", "pk")
        .values_list(
            "project_id", "pk", "slug", "name", "description", "kind", "maturity",
            "open_source", "theme_ids",
        )
    )  # fmt: skip
    projects = _projects(themes, solutions)
    by_pk = {project.pk: project for project in projects}
    theme_choices = {theme.slug: theme.name for theme in themes.values()}
    entries = [
        SolutionEntry(*facts, _themes(themes, theme_ids), by_pk[project_id])
        for project_id, *facts, theme_ids in solutions
        if project_id in by_pk
    ]
    solutions_of: dict[int, list[SolutionEntry]] = {}
    for entry in entries:
        solutions_of.setdefault(entry.project.pk, []).append(entry)
    return Catalogue(
        version,
        _project_section(projects, theme_choices),
        _solution_section(entries, theme_choices),
        solutions_of,
    )


def _projects(themes: dict[int, ThemeEntry], solutions: Sequence[tuple]) -> list[ProjectEntry]:
    solution_counts: dict[int, int] = {}
    for project_id, *_facts in solutions:
        solution_counts[project_id] = solution_counts.get(project_id, 0) + 1
    rows = list(
        Project.objects.public()
        .annotate(theme_ids=_theme_ids(Project, "project_id"))
        .order_by("sort_name", "pk")
        .values_list(
            "pk", "slug", "name", "title", "summary", "call_year", "applicant_kind", "laender",
            "theme_ids", "population", "check_note", "latitude", "longitude",
        )
    )  # fmt: skip
    points = germany.spread(
        [
            None if latitude is None else germany.position(latitude, longitude)
            for *_, latitude, longitude in rows
        ]
    )
    return [
        ProjectEntry(
            *facts, tuple(laender), _themes(themes, theme_ids), population, bool(check_note),
            latitude, longitude, solution_counts.get(facts[0], 0), point,
        )
        for (*facts, laender, theme_ids, population, check_note, latitude, longitude), point
        in zip(rows, points, strict=True)
    ]  # fmt: skip


def _theme_ids(model: type, column: str) -> ArraySubquery:
    links = model.themes.through.objects.filter(**{column: OuterRef("pk")})
    return ArraySubquery(links.values("theme_id"))


def _themes(themes: dict[int, ThemeEntry], ids: Sequence[int]) -> tuple[ThemeEntry, ...]:
    return tuple(sorted(themes[pk] for pk in ids if pk in themes))


def _project_section(entries: list[ProjectEntry], themes: dict[str, str]) -> Section:
    facets = [
        Facet("thema", "Thema", themes),
        Facet("land", "Land", _words(Land)),
        Facet("art", "Art der Kommune", _words(ApplicantKind)),
        Facet("staffel", "Staffel", _words(CallYear)),
    ]
    return Section(
        entries,
        facets,
        {
            "staffel": lambda project: project.call_year,
            "einwohner": lambda project: -(project.population or -1),
            "massnahmen": lambda project: -project.solution_count,
        },
    )


def _solution_section(entries: list[SolutionEntry], themes: dict[str, str]) -> Section:
    facets = [
        Facet("art", "Art", _words(SolutionKind)),
        Facet("thema", "Thema", themes),
        Facet("reife", "Reife", _words(_MATURITIES_BY_USE)),
        Facet("open_source", "Quelloffen", _words(OpenSource)),
        Facet("land", "Land", _words(Land)),
    ]
    order = {maturity.value: number for number, maturity in enumerate(_MATURITIES_BY_USE)}
    project_order: dict[int, int] = {}
    for entry in sorted(entries, key=lambda entry: entry.project.name):
        project_order.setdefault(entry.project.pk, len(project_order))
    return Section(
        entries,
        facets,
        {
            "projekt": lambda solution: project_order[solution.project.pk],
            "reife": lambda solution: order[solution.maturity],
        },
    )


def _words(choices: Iterable[Any]) -> dict[str, str]:
    """Translated once: a lazy text costs its translation anew on every page."""
    return {str(choice.value) or UNKNOWN: str(choice.label) for choice in choices}
