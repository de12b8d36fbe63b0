"""What the page of one project or one solution shows.

Each function returns the context of `projects/portrait.html` with its text already rendered: the same
for every visitor, so it is made once per version of the catalogue.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from finding import map as germany
from projects import schema_org
from projects.catalogue import Catalogue, ProjectEntry, SolutionEntry
from projects.models import Project, ProjectMunicipality, Solution

NEIGHBOURS = 5
SIMILAR = 3
SAME_KIND = 6


class Similar(NamedTuple):
    project: ProjectEntry
    reasons: list[str]


def of_project(shown: Catalogue, project: Project) -> dict[str, Any]:
    """Eight queries: themes, municipalities, solutions, sources, and four for what hangs on it.

    Groups, results and experiences are rows of an app above, seen through their related names.
    """
    entry = shown.projects.by_slug[project.slug]
    participations = _lead_first(project.participations.select_related("municipality"))
    neighbours = germany.nearest(shown.projects.entries, entry, NEIGHBOURS)
    themes = list(project.themes.all())
    text = render_to_string(
        "projects/project_portrait.html",
        {
            # For what apps above show here, too: they hold it by the same version.
            "version": shown.version,
            "project": project,
            "entry": entry,
            "themes": themes,
            "participations": participations,
            "solutions": project.solutions.order_by("position", "sort_name"),
            "sources": [source for source in project.sources.all() if not source.solution_id],
            "neighbours": neighbours,
            "map": _map_of(entry, [place for _, place in neighbours]),
            "similar": _similar(shown.projects.entries, entry),
            "communities": project.communities.select_related("parent"),
            "example_for": project.example_for_communities.select_related("parent"),
            **_published(project),
            "report_url": report_url(project.name, entry.url),
        },
    )
    names = [participation.municipality.name for participation in participations]
    return {
        "title": project.name,
        "description": project.summary or project.title or f"Modellprojekt {project.name}",
        "path": entry.url,
        "json_ld": schema_org.script(schema_org.project(project, themes, names)),
        "breadcrumb": [("Modellprojekte", reverse("projects:list")), (project.name, None)],
        "text": text,
    }


def of_solution(shown: Catalogue, solution: Solution) -> dict[str, Any]:
    """Four queries: themes, sources, results and experiences."""
    entry = shown.solutions.by_slug[solution.slug]
    project = entry.project
    themes = list(solution.themes.all())
    sources = list(solution.project.sources.all())
    own = [source for source in sources if source.solution_id == solution.pk]
    text = render_to_string(
        "projects/solution_portrait.html",
        {
            "solution": solution,
            "entry": entry,
            "project": project,
            "check_note": solution.project.check_note,
            "themes": themes,
            "sources": own or [source for source in sources if not source.solution_id],
            "has_own_sources": bool(own),
            "elsewhere": _same_kind(shown.solutions.entries, entry),
            "elsewhere_count": _count_same_kind(shown, entry),
            **_published(solution),
            "elsewhere_url": f"{reverse('projects:solutions')}?art={entry.kind}",
            "report_url": report_url(solution.name, entry.url),
        },
    )
    return {
        "title": f"{solution.name} ({project.name})",
        "description": solution.description
        or f"{entry.kind_label} des Modellprojekts {project.name}",
        "path": entry.url,
        "json_ld": schema_org.script(schema_org.solution(solution, themes)),
        "breadcrumb": [("Lösungen", reverse("projects:solutions")), (solution.name, None)],
        "text": text,
    }


def _published(thing: Project | Solution) -> dict[str, Any]:
    """What groups have published about it, the latest first."""
    return {"results": thing.results.public(), "experiences": thing.experiences.public()}


def _lead_first(participations: Iterable[ProjectMunicipality]) -> list[ProjectMunicipality]:
    return sorted(participations, key=lambda participation: not participation.is_lead)


def _map_of(entry: ProjectEntry, neighbours: Sequence[ProjectEntry]) -> dict[str, Any] | None:
    """The part of Germany around a project, with its neighbours; None without coordinates."""
    if entry.point is None:
        return None
    window = germany.window_around([entry.point, *(place.point for place in neighbours)])
    return {
        "window": window,
        "outlines": [
            outline.path for outline in germany.outlines().values() if window.shows(outline.box)
        ],
        "here": entry,
        "neighbours": neighbours,
        "radius": germany.POINT_RADIUS * window.width / 300,
    }


def _similar(entries: Iterable[ProjectEntry], here: ProjectEntry) -> list[Similar]:
    """Those with the most themes in common, at least two; among equals those of the same kind."""
    wanted = set(here.themes)
    ranked = sorted(
        (
            (-len(shared), other.kind != here.kind, number, other, shared)
            for number, other in enumerate(entries)
            for shared in [wanted.intersection(other.themes)]
            if other is not here and len(shared) > 1
        ),
        key=lambda rank: rank[:3],
    )
    return [
        Similar(
            other,
            [theme.name for theme in sorted(shared)]
            + ([other.kind_label] if other.kind == here.kind else []),
        )
        for *_, other, shared in ranked[:SIMILAR]
    ]


def _same_kind(entries: Iterable[SolutionEntry], here: SolutionEntry) -> list[SolutionEntry]:
    """The same kind of solution of other projects, those first of which most is known."""
    others = [
        other for other in entries if other.kind == here.kind and other.project is not here.project
    ]
    return sorted(others, key=lambda other: (not other.maturity, not other.description))[:SAME_KIND]


def _count_same_kind(shown: Catalogue, here: SolutionEntry) -> int:
    index = shown.solutions.index
    return index.hits({"art": [here.kind]}, index.everything).bit_count()


def report_url(name: str, path: str) -> str:
    """An e-mail to the operator that already says which page it is about."""
    subject = quote(f"Fehler auf der Seite „{name}“")
    body = quote(f"Seite: {settings.SITE_URL}{path}\n\nWas nicht stimmt:\n")
    return f"mailto:{settings.OPERATOR['email']}?subject={subject}&body={body}"
