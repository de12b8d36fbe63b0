"""`/suche/`: one box over everything public."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects import search
from projects.catalogue import Catalogue, Entry, catalogue
from projects.models import Municipality, Project, ProjectMunicipality
from projects.municipality_picker import find_municipalities

SHOWN = 5


class Group(NamedTuple):
    """Hits of one kind: the first few, how many there are, and where all of them stand."""

    label: str
    list_url: str
    entries: list[Entry]
    count: int


@require_safe
def site_search(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").replace("\0", " ").strip()[:200]
    context = {"q": q, "breadcrumb": [("Suche", None)]}
    if q:
        hits = search.find(q, kinds=["project", "solution"])
        shown = catalogue()
        context |= {
            "groups": _groups(shown, hits),
            "municipalities": shown.pages.get(("municipalities", q), lambda: _municipalities(q)),
            "words": hits.words,
            "suggestion": hits.suggestion,
        }
    return render(request, "search/site_search.html", context)


def _groups(shown: Catalogue, hits: search.Hits) -> list[Group]:
    sections = [
        ("Modellprojekte", "projects:list", "project", shown.projects),
        ("Lösungen", "projects:solutions", "solution", shown.solutions),
    ]
    groups = []
    for label, url_name, kind, section in sections:
        numbers = section.number_of
        found = [section.entries[numbers[pk]] for pk in hits.ids[kind] if pk in numbers]
        if found:
            groups.append(Group(label, reverse(url_name), found[:SHOWN], len(found)))
    return groups


def _municipalities(q: str) -> list[tuple[Municipality, list[Project]]]:
    """The Kommunen that may be meant, each with the model projects it takes part in."""
    municipalities = find_municipalities(q, limit=SHOWN)
    links = ProjectMunicipality.objects.filter(
        municipality__in=municipalities, project__is_public=True
    ).select_related("project")
    projects: dict[int, list[Project]] = {}
    for link in links:
        projects.setdefault(link.municipality_id, []).append(link.project)
    return [(municipality, projects.get(municipality.pk, [])) for municipality in municipalities]
