"""What a list finds for somebody's words: the same on its page, in the interface, in tables and feeds."""

from functools import partial

from django.http import HttpRequest

from finding import search
from finding.listing import Found, Words, in_variety
from finding.same_for_all import A_SECOND, hold, shows
from finding.search import Hits, read_intents
from finding.sections import Section
from finding.selection import Selection
from finding.versions import SEARCH


def as_meant(selection: Selection, section: Section, words: Words) -> Selection:
    """„in Bayern“ becomes the filter that it means: to be seen, counted and taken back."""
    meant = read_intents(selection.q, section.index.facets, words.intents)
    if not meant.chosen:
        return selection
    chosen = selection.searching(meant.rest)
    for facet, values in meant.chosen.items():
        both = (*chosen.chosen.get(facet, ()), *values)
        chosen = chosen.with_values(facet, tuple(dict.fromkeys(both)))
    return chosen


def find_for_page(
    request: HttpRequest, selection: Selection, section: Section, words: Words, *, kind: str
) -> tuple[Hits, Found] | tuple[None, None]:
    """For a page that may be kept. Words that stand nowhere are counted for the editors."""
    if not selection.q:
        return None, None
    shows(request, SEARCH)
    hits = search.find_noting(selection.q, kind=kind)
    if not hits.ids[kind]:
        hold(request, A_SECOND)
    return hits, _found(hits, section, words, kind=kind)


def _found(hits: Hits, section: Section, words: Words, *, kind: str) -> Found:
    """The hits in the order of the list."""
    ids = in_variety(hits.ids[kind], section, words)
    return Found(ids, hits.suggestion, partial(hits.depth, kind))


def find(selection: Selection, section: Section, words: Words, *, kind: str) -> Found | None:
    """The same for programs: what they do not find is not counted for the editors."""
    if not selection.q:
        return None
    return _found(search.find(selection.q, kinds=[kind]), section, words, kind=kind)
