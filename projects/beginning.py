"""Where to go on when a search found nothing, or hardly anything: for every list, and the site search."""

from typing import Any, NamedTuple

from finding import search
from finding.map import nearest
from projects.catalogue import Catalogue
from projects.entries import ProjectEntry
from projects.funding import Funding, fundings_of
from projects.models import Municipality
from projects.municipality_picker import find_municipalities, is_called

THEMES_SHOWN = 6
PLACES_SHOWN = 3
NEAR_SHOWN = 3


class Place(NamedTuple):
    municipality: Municipality
    funding: Funding
    nearest: list[tuple[float, ProjectEntry]]  # distances in km, and the projects
    is_called: bool  # as was searched, not only like it


class NearTheme(NamedTuple):
    slug: str
    name: str
    count: int  # of its solutions


def places(shown: Catalogue, q: str, *, limit: int = PLACES_SHOWN) -> list[Place]:
    """The Kommunen that may be meant, with how each is funded and the projects nearest to it."""
    wanted = search.place_in(q)
    found = find_municipalities(wanted, limit=limit)
    fundings = fundings_of(found)
    return [
        Place(
            municipality,
            fundings[municipality.pk],
            _near(shown, municipality, fundings[municipality.pk]),
            is_called(municipality, wanted),
        )
        for municipality in found
    ]


def _near(
    shown: Catalogue, municipality: Municipality, funding: Funding
) -> list[tuple[float, ProjectEntry]]:
    """Those that it does not take part in."""
    own = {project.pk for project in funding.projects}
    others = (entry for entry in shown.projects.entries if entry.pk not in own)
    return nearest(others, municipality, NEAR_SHOWN)


def beginning(shown: Catalogue, q: str, *, with_places: bool = True) -> dict[str, Any]:
    """What `projects/beginning.html` shows: words that do exist, themes, and what lies near a place."""
    words = search.near_words(q)
    return {
        "wanted": q,
        "near_words": words,
        "near_themes": _near_themes(shown, words),
        "near_places": places(shown, q) if with_places else [],
    }


def _near_themes(shown: Catalogue, words: list[str]) -> list[NearTheme]:
    """The themes of what the near words find; where there are no such words, those with most solutions."""
    section = shown.solutions
    among = 0
    for word in words[:2]:
        for pk in search.find(word, kinds=["solution"]).ids["solution"]:
            if pk in section.number_of:
                among |= 1 << section.number_of[pk]
    names = next((facet.choices for facet in section.index.facets if facet.name == "thema"), {})
    near = section.index.tally("thema", among or section.index.everything)
    total = section.index.tally("thema", section.index.everything)
    best = sorted((slug for slug in near if near[slug]), key=lambda slug: -near[slug])
    return [NearTheme(slug, names[slug], total[slug]) for slug in best[:THEMES_SHOWN]]
