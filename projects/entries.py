"""What lists, maps and neighbours show of a project and of a solution: plain facts, read once per version."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from finding import map as germany
from ground.land import Land
from projects.models import (
    ApplicantKind,
    CostClass,
    Evidence,
    Maturity,
    OpenSource,
    SizeClass,
    SolutionKind,
)

UNKNOWN = "unbekannt"  # how an empty value stands in addresses

# A text of an entry, or what it lists, with what to call it where that is not plain.
Said = tuple[str, str | Sequence[str]]


class ThemeEntry(NamedTuple):
    slug: str
    name: str


class TechnologyEntry(NamedTuple):
    slug: str
    name: str
    is_in_facet: bool


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
    funding_to: str
    ended_on: str
    solution_count: int
    # Of the Kommunen that take part; where no list knows them, of the project as a whole.
    sizes: tuple[SizeClass, ...]
    has_lessons: bool
    lessons: tuple[str, ...]
    search_words: tuple[str, ...]
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
    def texts(self) -> list[Said]:
        """Where a search may have found it."""
        return [
            ("", self.summary),
            *(("Erfahrung", lesson) for lesson in self.lessons),
            ("Themen", [theme.name for theme in self.themes]),
            ("Gesucht als", self.search_words),
        ]

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
            "groesse": self.sizes or [UNKNOWN],
            "erfahrungen": ["ja"] if self.has_lessons else [],
        }


@dataclass(frozen=True, slots=True, eq=False)
class SolutionEntry:
    pk: int
    slug: str
    name: str
    problem: str
    description: str
    kind: str
    maturity: str
    maturity_as_of: str
    evidence: str
    open_source: str
    licence: str
    unsure: tuple[str, ...]
    themes: tuple[ThemeEntry, ...]
    technologies: tuple[TechnologyEntry, ...]
    project: ProjectEntry
    decisive_amount: Decimal | None
    reuse_count: int
    lesson_count: int
    lessons: tuple[str, ...]
    # Where it was made and where it is reused: for those who look for one their own size.
    sizes: tuple[SizeClass, ...]
    search_words: tuple[str, ...]

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
    def texts(self) -> list[Said]:
        """Where a search may have found it."""
        return [
            ("", self.problem),
            ("", self.description),
            *(("Erfahrung", lesson) for lesson in self.lessons),
            ("Themen", [theme.name for theme in self.themes]),
            ("Technik", [technology.name for technology in self.technologies]),
            ("Modellprojekt", ", ".join({self.project.name: 0, self.project.title: 0})),
            ("Gesucht als", self.search_words),
        ]

    @property
    def maturity_label(self) -> str:
        return Maturity(self.maturity).label

    @property
    def evidence_label(self) -> str:
        return Evidence(self.evidence).label

    @property
    def is_open_source(self) -> bool:
        return self.open_source == OpenSource.YES

    @property
    def cost_class(self) -> CostClass:
        return CostClass.of(self.decisive_amount)

    @property
    def has_text(self) -> bool:
        return bool(self.problem or self.description)

    @property
    def known(self) -> int:
        """How much of what one decides by is known."""
        facts = (
            self.problem,
            self.description,
            self.maturity,
            self.decisive_amount is not None,
            self.open_source != OpenSource.UNKNOWN,
            self.licence,
            self.reuse_count,
            self.lesson_count,
        )
        return sum(map(bool, facts))

    @property
    def facets(self) -> dict[str, Sequence[str]]:
        return {
            "thema": [theme.slug for theme in self.themes],
            "art": [self.kind],
            "reife": [self.maturity or UNKNOWN],
            "kosten": [self.cost_class],
            "open_source": [self.open_source],
            "groesse": self.sizes or [UNKNOWN],
            "land": self.project.laender,
            "technologie": [one.slug for one in self.technologies if one.is_in_facet],
            "nachnutzung": ["ja"] if self.reuse_count else [],
            "erfahrungen": ["ja"] if self.lesson_count else [],
        }
