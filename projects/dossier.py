"""What the portal knows about one theme, on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from finding.markup import counted
from finding.sections import Section
from projects import schema_org
from projects.catalogue import Catalogue
from projects.entries import SolutionEntry
from projects.models import Lesson, LessonKind, Theme
from projects.told import Told

BEST = 6
LESSONS = 4


class CostRange(NamedTuple):
    least: Decimal
    most: Decimal
    known: int  # of so many solutions the costs are known


class ThemeLine(NamedTuple):
    theme: Theme
    projects: int
    solutions: int


@dataclass(frozen=True, slots=True, eq=False)
class ThemeHit:
    pk: int
    slug: str
    name: str
    summary: str
    kind_label: str
    url: str
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


def of_theme(shown: Catalogue, theme: Theme) -> dict[str, Any]:
    """The context of `projects/portrait.html`. Two queries: what was learned, and the communities."""
    solutions = [one for one in shown.solutions.entries if _is_of(one, theme)]
    told = _told(shown, theme)
    text = render_to_string(
        "projects/theme_portrait.html",
        {
            "version": shown.version,
            "theme": theme,
            "solutions": sorted(solutions, key=_documented, reverse=True)[:BEST],
            "solution_count": len(solutions),
            "solutions_url": reverse("projects:solutions", query={"thema": theme.slug}),
            "costs": _costs(solutions),
            "successes": [one for one in told if one.kind == LessonKind.SUCCESS][:LESSONS],
            "pitfalls": [one for one in told if one.kind == LessonKind.PITFALL][:LESSONS],
            "projects": [one for one in shown.projects.entries if _is_of(one, theme)],
            "projects_url": reverse("projects:list", query={"thema": theme.slug}),
        },
    )
    return {
        "title": f"Thema {theme.name}",
        "description": theme.description
        or f"{theme.name}: Lösungen, Kosten, Erfahrungen und Modellprojekte.",
        "path": theme.get_absolute_url(),
        "json_ld": schema_org.script(schema_org.theme(theme)),
        "breadcrumb": [("Themen", reverse("projects:themes")), (theme.name, None)],
        "text": text,
    }


def all_themes(shown: Catalogue) -> list[ThemeLine]:
    """Those with anything in them, with how much that is."""
    projects, solutions = shown.projects.index, shown.solutions.index
    in_projects = projects.tally("thema", projects.everything)
    in_solutions = solutions.tally("thema", solutions.everything)
    lines = [
        ThemeLine(theme, in_projects.get(theme.slug, 0), in_solutions.get(theme.slug, 0))
        for theme in Theme.objects.order_by("name")
    ]
    return [line for line in lines if line.projects or line.solutions]


def themes_found(shown: Catalogue) -> Section:
    """The dossiers as the search needs them; read once per version of the catalogue."""
    return shown.pages.get("themes found", lambda: Section(_theme_hits(shown), (), {}))


def _theme_hits(shown: Catalogue) -> list[ThemeHit]:
    return [
        ThemeHit(
            line.theme.pk,
            line.theme.slug,
            line.theme.name,
            line.theme.description,
            f"Dossier · {counted(line.solutions, 'Lösung,Lösungen')} · "
            f"{counted(line.projects, 'Modellprojekt,Modellprojekte')}",
            line.theme.get_absolute_url(),
        )
        for line in all_themes(shown)
    ]


def _is_of(entry: Any, theme: Theme) -> bool:
    return any(one.slug == theme.slug for one in entry.themes)


def _documented(entry: SolutionEntry) -> tuple[int, int]:
    """Among those of which as much is known, how many reuse it."""
    return entry.known, entry.reuse_count


def _costs(solutions: Sequence[SolutionEntry]) -> CostRange | None:
    amounts = [one.decisive_amount for one in solutions if one.decisive_amount is not None]
    return CostRange(min(amounts), max(amounts), len(amounts)) if amounts else None


def _told(shown: Catalogue, theme: Theme) -> list[Told]:
    """What was learned in the theme as a whole, then in its solutions."""
    of_solutions = Q(solution__themes=theme, solution__project__is_public=True)
    lessons = (
        Lesson.objects.filter(Q(theme=theme) | of_solutions)
        .select_related("solution")
        .order_by("-theme", "-is_certain", "position", "pk")
        .distinct()
    )
    return [
        Told(
            lesson.kind,
            lesson.text,
            "",
            lesson,
            lesson.solution and shown.solutions.by_slug.get(lesson.solution.slug),
        )
        for lesson in lessons
    ]
