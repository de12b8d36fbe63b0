"""`/suche/`: one box over everything public."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from asking.search import AnswerHit, answers_found
from communities.entries import ExperienceEntry, GroupEntry, ResultEntry, public_communities
from events.entries import EventEntry, public_events
from finding import search
from finding.conditional import version_of
from finding.listing import inside, varied
from finding.same_for_all import A_SECOND, EVERYTHING, hold, same_for_all
from finding.search import missed, read_intents
from finding.search.stems import words_of
from finding.sections import Entry
from finding.versions import SEARCH
from projects.beginning import beginning, places
from projects.catalogue import Catalogue, catalogue
from projects.dossier import themes_found
from projects.lists import INTENTS
from projects.municipality_picker import distinguished, find_municipalities

SHOWN = 5
SUGGESTED = 6
# With fewer hits than these, where to go on stands below them.
FEW = 3
KINDS = ("project", "solution", "theme", "community", "result", "experience", "event", "answer")


# Words that name a kind of thing: no text must say them, but what is of that kind stands first.
_NAMES_OF_KINDS = {
    "solution": "loesung loesungen massnahme massnahmen",
    "project": "projekt projekte modellprojekt modellprojekte",
    "theme": "thema themen dossier dossiers",
    "community": "ag aeg arbeitsgruppe arbeitsgruppen arbeitsgemeinschaft entwicklungsgemeinschaft "
    "gemeinschaft gemeinschaften themengruppe themengruppen",
    "result": "ergebnis ergebnisse",
    "event": "veranstaltung veranstaltungen termin termine",
}
_KIND_NAMED = {name: kind for kind, names in _NAMES_OF_KINDS.items() for name in names.split()}


def _named_kind(words: str) -> tuple[str, str]:
    """Of „Veranstaltungen zu Wasserstoff“ the kind of thing, and „zu Wasserstoff“; "" where none is named.

    The name of a kind comes first: „Raum für Veranstaltungen“ is no event.
    """
    first, _, rest = words.partition(" ")
    kind = _KIND_NAMED.get(" ".join(words_of(first)), "")
    return (kind, rest) if kind and not search.is_quoted(words) else ("", words)


class Group(NamedTuple):
    """Hits of one kind: the first few, how many there are, and where all of them stand."""

    kind: str
    label: str
    list_url: str
    entries: list[Entry | EventEntry | GroupEntry | ResultEntry | ExperienceEntry | AnswerHit]
    count: int


@same_for_all(parts=(*EVERYTHING, SEARCH))
@require_safe
def site_search(request: HttpRequest) -> HttpResponse:
    q = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:200].strip()
    context: dict[str, Any] = {"q": q, "breadcrumb": [("Suche", None)]}
    if q:
        context |= _found(catalogue(version_of(request)), q)
        if not context["groups"] and not context["municipalities"]:
            missed.note(context["missed"], now=timezone.now())
            hold(request, A_SECOND)
    return render(request, "search/site_search.html", context)


@require_safe
@cache_control(max_age=300)
def suggestions(request: HttpRequest) -> HttpResponse:
    """`?q=`: what somebody is probably typing, for the list under the field; then Kommunen."""
    q = request.GET.get("q", "").replace("\0", " ").strip()[:100]
    completed = search.complete(q, limit=SUGGESTED) or _names_found(
        catalogue(version_of(request)), q
    )
    texts = [{"id": text, "name": text, "detail": ""} for text in completed]
    # What is only called like it is no answer to words that stand somewhere.
    named = find_municipalities(q, limit=3, with_similar=not texts) if len(q) > 2 else []
    places = [
        {"id": place.name, "name": place.name, "detail": distinguished(place)} for place in named
    ]
    return JsonResponse({"results": texts + places})


def _names_found(shown: Catalogue, q: str) -> list[str]:
    """What „Dorf-App“ finds, as nothing is called so."""
    section = shown.solutions
    found = search.find(q, kinds=["solution"]).ids["solution"][:SUGGESTED]
    return [section.entries[section.number_of[pk]].name for pk in found if pk in section.number_of]


def _found(shown: Catalogue, q: str) -> dict[str, Any]:
    meant = read_intents(q, (*shown.projects.index.facets, *shown.solutions.index.facets), INTENTS)
    kind, rest = _named_kind(meant.rest or q)
    words = search.without_nearness(rest)
    hits = search.find(words, kinds=KINDS)
    groups = _groups(shown, q, hits, meant.chosen if meant.rest else {}, first=kind)
    if not words and kind:
        groups = [group for group in groups if group.kind == kind]
    municipalities = shown.pages.get(("municipalities", q), lambda: places(shown, q, limit=SHOWN))
    found = {
        "groups": groups,
        "municipalities": municipalities,
        # „Dorf-App“ means no Apfeldorf.
        "places_are_last": bool(groups) and not any(place.is_called for place in municipalities),
        "words": hits.words,
        "suggestion": hits.suggestion,
        "missed": hits.missed,
        # „in Bayern“ narrows what can be narrowed by it; the link leaves it out.
        "narrowed": meant.rest if meant.chosen and meant.rest else "",
    }
    if sum(group.count for group in groups) < FEW:
        # The Kommunen stand above already.
        found |= beginning(shown, words, with_places=False) | {"is_beginning": True}
    return found


def _groups(
    shown: Catalogue,
    q: str,
    hits: search.Hits,
    chosen: Mapping[str, tuple[str, ...]],
    *,
    first: str = "",
) -> list[Group]:
    """What was found of each kind; of the kind `first`, if nothing else was asked, all that is `chosen`."""
    communities = public_communities(shown.version)
    sections = [
        ("Lösungen", "projects:solutions", "solution", shown.solutions),
        ("Modellprojekte", "projects:list", "project", shown.projects),
        ("Themen", "projects:themes", "theme", themes_found(shown)),
        ("Gemeinschaften", "communities:list", "community", communities.groups),
        ("Ergebnisse", "communities:results", "result", communities.results),
        ("Erfahrungen", "communities:experiences", "experience", communities.experiences),
        ("Veranstaltungen", "events:list", "event", public_events(shown.version).section),
        ("Fragen und Antworten", "search", "answer", answers_found(shown)),
    ]
    groups = []
    for label, url_name, kind, section in sections:
        of_section = {facet.name for facet in section.index.facets}
        applied = {name: values for name, values in chosen.items() if name in of_section}
        among = section.index.hits(applied, section.index.everything)
        is_whole = kind == first and not hits.asked and not hits.missed
        if is_whole:
            known = range(len(section.entries))
        else:
            ids = inside(hits.depth(kind), section, among) if applied else hits.ids[kind]
            known = (section.number_of.get(pk) for pk in ids)
        # Several hits may be parts of one entry.
        numbers = dict.fromkeys(n for n in known if n is not None and among >> n & 1)
        found = [section.entries[number] for number in numbers]
        if kind == "solution":
            found = varied(found, key=lambda entry: entry.project.pk)
        # There are few of these, and no list of them can be searched: all that was found stands here.
        most = len(found) if kind in ("community", "theme", "answer") else SHOWN
        if found:
            of_list = applied if is_whole else {"q": q}
            url = f"{reverse(url_name)}?{urlencode(of_list, doseq=True)}".rstrip("?")
            groups.append(Group(kind, label, url, found[:most], len(found)))
    return sorted(groups, key=lambda group: group.kind != first)
