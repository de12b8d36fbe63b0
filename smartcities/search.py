"""`/suche/`: one box over everything public."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from communities.entries import ExperienceEntry, GroupEntry, ResultEntry, public_communities
from events.entries import EventEntry, public_events
from finding import search
from finding.conditional import version_of
from finding.map import nearest
from finding.same_for_all import A_SECOND, same_for_all
from finding.sections import Entry
from projects.catalogue import Catalogue, ProjectEntry, catalogue
from projects.funding import Funding, fundings_of
from projects.models import Municipality
from projects.municipality_picker import find_municipalities

SHOWN = 5
KINDS = ("project", "solution", "community", "result", "experience", "event")


class Group(NamedTuple):
    """Hits of one kind: the first few, how many there are, and where all of them stand."""

    label: str
    list_url: str
    entries: list[Entry | EventEntry | GroupEntry | ResultEntry | ExperienceEntry]
    count: int


class Place(NamedTuple):
    municipality: Municipality
    funding: Funding
    nearest: tuple[float, ProjectEntry] | None  # distance in km, and the project


@same_for_all(seconds=A_SECOND)
@require_safe
def site_search(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").replace("\0", " ").strip()[:200]
    context = {"q": q, "breadcrumb": [("Suche", None)]}
    if q:
        hits = search.find(q, kinds=KINDS)
        shown = catalogue(version_of(request))
        context |= {
            "groups": _groups(shown, hits),
            "municipalities": shown.pages.get(
                ("municipalities", q), lambda: _municipalities(shown, q)
            ),
            "words": hits.words,
            "suggestion": hits.suggestion,
        }
    return render(request, "search/site_search.html", context)


def _groups(shown: Catalogue, hits: search.Hits) -> list[Group]:
    communities = public_communities(shown.version)
    sections = [
        ("Modellprojekte", "projects:list", "project", shown.projects),
        ("Lösungen", "projects:solutions", "solution", shown.solutions),
        ("Gemeinschaften", "communities:list", "community", communities.groups),
        ("Ergebnisse", "communities:results", "result", communities.results),
        ("Erfahrungen", "communities:experiences", "experience", communities.experiences),
        ("Veranstaltungen", "events:list", "event", public_events(shown.version).section),
    ]
    groups = []
    for label, url_name, kind, section in sections:
        # Several hits may be parts of one entry.
        known = (section.number_of.get(pk) for pk in hits.ids[kind])
        numbers = dict.fromkeys(number for number in known if number is not None)
        found = [section.entries[number] for number in numbers]
        # There are few groups, and their list cannot be searched: all of them stand here.
        most = len(found) if kind == "community" else SHOWN
        if found:
            groups.append(Group(label, reverse(url_name), found[:most], len(found)))
    return groups


def _municipalities(shown: Catalogue, q: str) -> list[Place]:
    """The Kommunen that may be meant, with how each is funded and the project nearest to it."""
    found = find_municipalities(q, limit=SHOWN)
    fundings = fundings_of(found)
    return [
        Place(
            municipality,
            fundings[municipality.pk],
            next(iter(nearest(shown.projects.entries, municipality, 1)), None),
        )
        for municipality in found
    ]
