"""What the page of one project shows.

It returns the context of `projects/portrait.html` with its text already rendered: the same
for every visitor, so it is made once a day per version of the catalogue.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse

from finding import map as germany
from projects import schema_org
from projects.catalogue import Catalogue
from projects.entries import ProjectEntry, SolutionEntry
from projects.freshness import stale
from projects.models import Project, ProjectMunicipality, Theme
from projects.told import told_of

NEIGHBOURS = 5
SIMILAR = 3


class Similar(NamedTuple):
    project: ProjectEntry
    reasons: list[str]


def of_project(shown: Catalogue, project: Project, today: date) -> dict[str, Any]:
    """As many queries for a project of one measure as for one of fifty.

    Groups are rows of an app above, seen through their related names.
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
            "stale": stale(project, today),
            "entry": entry,
            "themes": themes,
            "participations": participations,
            "solutions": _in_its_order(shown, project),
            "sources": [source for source in project.sources.all() if not source.solution_id],
            "neighbours": neighbours,
            "map": _map_of(entry, [place for _, place in neighbours]),
            "similar": _similar(shown.projects.entries, entry),
            "communities": project.communities.select_related("parent"),
            "example_for": project.example_for_communities.select_related("parent"),
            **told_of(project),
            "documents": project.documents.all(),
            "missing": missing(project, participations, themes),
            "page_path": entry.url,
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


def _in_its_order(shown: Catalogue, project: Project) -> list[SolutionEntry]:
    """Its measures in the order in which the project names them."""
    slugs = project.solutions.order_by("position", "sort_name").values_list("slug", flat=True)
    return [shown.solutions.by_slug[slug] for slug in slugs if slug in shown.solutions.by_slug]


def missing(
    project: Project, participations: Sequence[ProjectMunicipality], themes: Sequence[Theme]
) -> list[str]:
    """What nobody has said yet, in the words of the page: said once instead of at every place."""
    known = {
        "Zusammenfassung": project.summary,
        "Themen": themes,
        "beteiligte Kommunen": participations,
        "Stand des Projekts": project.status_text or project.phase or project.ended_on,
        "Förderzeitraum": project.funding_from or project.funding_to,
        "Budget": project.budget,
        "Website": project.website,
        "Ansprechstelle": project.contact_name or project.contact_email or project.contact_phone,
    }
    return [name for name, fact in known.items() if not fact]


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
