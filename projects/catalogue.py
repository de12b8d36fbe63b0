"""The public catalogue as the lists need it: held in memory, and never older than the database.

Each process builds it once per version of the catalogue with nine queries and then answers filters, counts,
maps and cards from it. What is not public is never read, so it cannot be shown by mistake.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from threading import Lock
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from finding import map as germany
from finding.facets import Facet
from finding.sections import Kept, Section
from finding.versions import CATALOGUE, Versions, current
from ground.land import Land
from projects.entries import UNKNOWN, ProjectEntry, SolutionEntry, TechnologyEntry, ThemeEntry
from projects.models import (
    ApplicantKind,
    CallYear,
    Cost,
    CostClass,
    Lesson,
    Maturity,
    OpenSource,
    Project,
    ProjectMunicipality,
    Reuse,
    SizeClass,
    Solution,
    SolutionKind,
    Theme,
    decisive_amount,
)

# Rendered portraits kept per process: at some 15 kB each a bounded part of its memory.
KEPT_PAGES = 500
KEPT_FOUND_CARDS = 2000
KEPT_ABOVE = 20
# Kommunen that visitors have named as theirs, and how all entries are sorted for each.
KEPT_HOMES = 500
KEPT_ORDERS = 40
# A technology of one solution only is found by its name; a facet of all of them nobody reads.
TECHNOLOGY_IN_FACET = 2

_MATURITIES_BY_USE = (
    Maturity.OPERATION,
    Maturity.COMPLETED,
    Maturity.IMPLEMENTATION,
    Maturity.PILOT,
    Maturity.PLANNED,
    Maturity.DISCONTINUED,
    Maturity.UNKNOWN,
)


@dataclass(frozen=True)
class Catalogue:
    """Everything public at one version. Immutable but for what has been rendered from it."""

    version: Versions
    projects: Section
    solutions: Section
    solutions_of: Mapping[int, Sequence[SolutionEntry]]  # by the project's primary key
    # Apps above have places on these pages, so they last as long as no part changes.
    pages: Kept = field(default_factory=lambda: Kept(KEPT_PAGES))
    # What apps above have read at these versions, by a name of theirs.
    above: Kept = field(default_factory=lambda: Kept(KEPT_ABOVE))
    # Cards with what was searched marked: who clicks through facets sees the same ones again.
    found_cards: Kept = field(default_factory=lambda: Kept(KEPT_FOUND_CARDS))
    homes: Kept = field(default_factory=lambda: Kept(KEPT_HOMES))
    likeness: Kept = field(default_factory=lambda: Kept(KEPT_ORDERS))

    def at(self, version: Versions) -> "Catalogue | None":
        """The same catalogue when only something above it has changed; None where it has itself."""
        if version.get(CATALOGUE) != self.version.get(CATALOGUE):
            return None
        return replace(self, version=version, pages=Kept(KEPT_PAGES), above=Kept(KEPT_ABOVE))


_lock = Lock()
_latest: Catalogue | None = None


def catalogue(version: Versions | None = None) -> Catalogue:
    """The catalogue as it is now. One query when this process has it already.

    While one thread builds a new one the others wait: they would otherwise build the same thing.
    """
    global _latest
    version = current() if version is None else version
    latest = _latest
    if latest is None or latest.version != version:
        with _lock:
            latest = _latest
            if latest is None or latest.version != version:
                # The version was read first: rows that changed since are newer than it says, and
                # the next request, seeing another version, builds again.
                latest = _latest = (latest and latest.at(version)) or build(version)
    return latest


def build(version: Versions) -> Catalogue:
    themes = _theme_entries()
    entries = _entries(themes, Project.objects.public(), Solution.objects.public())
    return _made_of(version, themes, *entries)


def including(shown: Catalogue, project_id: int) -> Catalogue:
    """As if this project were public, too: for a preview, never kept."""
    if any(project.pk == project_id for project in shown.projects.entries):
        return shown
    themes = _theme_entries()
    projects, solutions = _entries(
        themes,
        Project.objects.filter(pk=project_id),
        Solution.objects.filter(project=project_id),
    )
    return _made_of(
        shown.version,
        themes,
        [*shown.projects.entries, *projects],
        [*shown.solutions.entries, *solutions],
    )


def _made_of(
    version: Versions,
    themes: dict[int, ThemeEntry],
    projects: list[ProjectEntry],
    solutions: list[SolutionEntry],
) -> Catalogue:
    theme_choices = {theme.slug: theme.name for theme in themes.values()}
    solutions_of: dict[int, list[SolutionEntry]] = {}
    for entry in solutions:
        solutions_of.setdefault(entry.project.pk, []).append(entry)
    return Catalogue(
        version,
        _project_section(projects, theme_choices),
        _solution_section(solutions, theme_choices),
        solutions_of,
    )


def _theme_entries() -> dict[int, ThemeEntry]:
    return {
        pk: ThemeEntry(slug, name)
        for pk, slug, name in Theme.objects.order_by("slug").values_list("pk", "slug", "name")
    }


def _entries(
    themes: dict[int, ThemeEntry], projects: QuerySet[Project], solutions: QuerySet[Solution]
) -> tuple[list[ProjectEntry], list[SolutionEntry]]:
    rows = list(
        solutions
        .annotate(theme_ids=_theme_ids(Solution, "solution_id"))
        .order_by("sort_name", "pk")
        .values_list(
            "project_id", "pk", "slug", "name", "problem", "description", "kind", "maturity",
            "maturity_as_of", "evidence", "open_source", "licence", "unsure", "theme_ids",
            "search_words",
        )
    )  # fmt: skip
    lessons = _count_lessons()
    made = _projects(themes, rows, lessons, projects)
    by_pk = {project.pk: project for project in made}
    return made, _solutions(themes, rows, lessons, by_pk, _technologies(solutions))


def _solutions(
    themes: dict[int, ThemeEntry],
    rows: Sequence[tuple],
    lessons: "_Lessons",
    projects: Mapping[int, ProjectEntry],
    technologies: Mapping[int, list[TechnologyEntry]],
) -> list[SolutionEntry]:
    costs = _costs()
    reuses = _reuses()
    entries = []
    for project_id, pk, *facts, unsure, theme_ids, search_words in rows:
        if project_id not in projects:
            continue
        project = projects[project_id]
        entries.append(
            SolutionEntry(
                pk,
                *facts,
                tuple(unsure),
                _themes(themes, theme_ids),
                tuple(technologies.get(pk, ())),
                project,
                decisive_amount(costs.get(pk, ())),
                len(reuses.get(pk, ())),
                lessons.of_solutions[pk],
                tuple(lessons.told_of_solutions.get(pk, ())),
                SizeClass.merged(project.sizes, SizeClass.among(reuses.get(pk, ()))),
                tuple(search_words),
            )
        )
    return entries


def _technologies(solutions: QuerySet[Solution]) -> dict[int, list[TechnologyEntry]]:
    """By the solution's primary key, in order of their names."""
    links = list(
        Solution.technologies.through.objects.filter(solution__in=solutions)
        .order_by("technology__sort_name", "technology_id")
        .values_list("solution_id", "technology__slug", "technology__name")
    )
    used = Counter(slug for _, slug, _ in links)
    found: dict[int, list[TechnologyEntry]] = defaultdict(list)
    for solution_id, slug, name in links:
        found[solution_id].append(TechnologyEntry(slug, name, used[slug] >= TECHNOLOGY_IN_FACET))
    return found


def _costs() -> dict[int, list[tuple[str, bool, Decimal | None]]]:
    found = defaultdict(list)
    rows = Cost.objects.order_by().values_list("solution_id", "period", "for_reusers", "amount")
    for solution_id, *cost in rows:
        found[solution_id].append(tuple(cost))
    return found


def _reuses() -> dict[int, list[int | None]]:
    """By the solution's primary key the populations of those who reuse it, where known."""
    found: dict[int, list[int | None]] = defaultdict(list)
    rows = Reuse.objects.public().exclude(solution=None).order_by()
    for solution_id, population in rows.values_list("solution_id", "municipality__population"):
        found[solution_id].append(population)
    return found


class _Lessons(NamedTuple):
    """How many there are, with the experiences that communities published, by primary key."""

    of_projects: Counter[int]
    of_solutions: Counter[int]
    # What the lessons say: a search may have found what it found by one of them.
    told_of_projects: dict[int, list[str]]
    told_of_solutions: dict[int, list[str]]


# What apps above know of good and bad experiences: rows with a project, a solution, or both.
_told: list[Callable[[], QuerySet]] = []


def also_told(rows: Callable[[], QuerySet]) -> None:
    """Count these beside the lessons; their table has to raise the version of the catalogue."""
    _told.append(rows)


def also_told_rows() -> list[QuerySet]:
    return [rows() for rows in _told]


def _count_lessons() -> _Lessons:
    counted = _Lessons(Counter(), Counter(), defaultdict(list), defaultdict(list))
    lessons = Lesson.objects.filter(theme=None).order_by("position", "pk")
    for project_id, solution_id, text in lessons.values_list("project_id", "solution_id", "text"):
        counted.told_of_projects[project_id].append(text)
        counted.told_of_solutions[solution_id].append(text)
        counted.of_projects[project_id] += 1
        counted.of_solutions[solution_id] += 1
    for rows in also_told_rows():
        for project_id, solution_id in rows.order_by().values_list("project_id", "solution_id"):
            counted.of_projects[project_id] += 1
            counted.of_solutions[solution_id] += 1
    return counted


def _projects(
    themes: dict[int, ThemeEntry],
    solutions: Sequence[tuple],
    lessons: _Lessons,
    of: QuerySet[Project],
) -> list[ProjectEntry]:
    solution_counts = Counter(project_id for project_id, *_facts in solutions)
    populations: dict[int, list[int | None]] = defaultdict(list)
    parts = ProjectMunicipality.objects.order_by()
    for project_id, number in parts.values_list("project_id", "municipality__population"):
        populations[project_id].append(number)
    rows = list(
        of.annotate(theme_ids=_theme_ids(Project, "project_id"))
        .order_by("sort_name", "pk")
        .values_list(
            "pk", "slug", "name", "title", "summary", "call_year", "applicant_kind", "laender",
            "theme_ids", "population", "check_note", "funding_to", "ended_on", "search_words",
            "latitude", "longitude",
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
            latitude, longitude, funding_to, ended_on, solution_counts[facts[0]],
            SizeClass.among(populations.get(facts[0], ())) or SizeClass.among([population]),
            bool(lessons.of_projects[facts[0]]), tuple(lessons.told_of_projects.get(facts[0], ())),
            tuple(search_words), point,
        )
        for (
            *facts, laender, theme_ids, population, check_note, funding_to, ended_on, search_words,
            latitude, longitude,
        ), point in zip(rows, points, strict=True)
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
        _size_facet(),
        _LESSONS,
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
        Facet("kosten", "Kosten", _words(CostClass)),
        Facet("open_source", "Quelloffen", _words(OpenSource)),
        _size_facet(),
        Facet("land", "Land", _words(Land)),
        Facet("technologie", "Technologie", _shared_technologies(entries)),
        Facet("nachnutzung", "Nachnutzung", {"ja": "wird nachgenutzt"}),
        _LESSONS,
    ]
    order = {maturity.value: number for number, maturity in enumerate(_MATURITIES_BY_USE)}
    project_order: dict[int, int] = {}
    for entry in sorted(entries, key=lambda entry: entry.project.name):
        project_order.setdefault(entry.project.pk, len(project_order))
    return Section(
        entries,
        facets,
        {
            # What says nothing yet comes last.
            "name": lambda solution: not solution.has_text,
            "projekt": lambda solution: project_order[solution.project.pk],
            "reife": lambda solution: order[solution.maturity],
            "nachnutzung": lambda solution: -solution.reuse_count,
            "auskunft": lambda solution: -solution.known,
        },
    )


_LESSONS = Facet("erfahrungen", "Erfahrungen", {"ja": "mit Erfahrungen"})


def _size_facet() -> Facet:
    return Facet("groesse", "Größe der Kommune", _words(SizeClass) | {UNKNOWN: "nicht bekannt"})


def _shared_technologies(entries: Iterable[SolutionEntry]) -> dict[str, str]:
    """The most used first."""
    used = Counter(one for entry in entries for one in entry.technologies if one.is_in_facet)
    ordered = sorted(used.items(), key=lambda item: (-item[1], item[0].name))
    return {technology.slug: technology.name for technology, _ in ordered}


def _words(choices: Iterable[Any]) -> dict[str, str]:
    """Translated once: a lazy text costs its translation anew on every page."""
    return {str(choice.value) or UNKNOWN: str(choice.label) for choice in choices}
