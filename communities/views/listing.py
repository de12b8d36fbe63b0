"""Filterable lists of what groups publish, made of the catalogue's own parts."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from finding import searched
from finding.conditional import version_of
from finding.listing import Listing, Words
from finding.public_pages import is_fragment, without_empty_fields
from finding.sections import Section
from finding.selection import read_selection
from projects.beginning import beginning
from projects.catalogue import catalogue

SORTINGS: Mapping[str, str] = {
    "relevanz": "Beste Treffer zuerst",
    "name": "Titel",
    "neueste": "Neueste zuerst",
}
RESULTS = Words("Ergebnis", "Ergebnisse", "communities:results", SORTINGS)
EXPERIENCES = Words("Erfahrung", "Erfahrungen", "communities:experiences", SORTINGS)


def filtered_list(
    request: HttpRequest, section: Section, words: Words, *, kind: str
) -> HttpResponse:
    """`kind` names the templates and what the search looks for."""
    selection = read_selection(request.GET, section.index.facets, tuple(words.sortings))
    if short := without_empty_fields(request, selection):
        return short
    hits, found = searched.find_for_page(request, selection, section, words, kind=kind)
    listing = Listing(section, words, selection, found)
    marked = hits.words if hits else ()
    response = render(
        request,
        f"communities/{'list_fragment' if is_fragment(request) else f'{kind}_list'}.html",
        {
            "listing": listing,
            "words": words,
            "selection": selection,
            "canonical": listing.url(selection),
            "cards": [
                render_to_string(
                    f"communities/{kind}_card.html", {"entry": entry, "words_found": marked}
                )
                for entry in listing.entries
            ],
            "page_obj": listing.page,
            "breadcrumb": [
                (_("Gemeinschaften"), reverse("communities:list")),
                (words.many, None),
            ],
            **(
                beginning(catalogue(version_of(request)), selection.q)
                if listing.is_beginning
                else {}
            ),
        },
    )
    if is_fragment(request):
        response["HX-Push-Url"] = listing.url(selection)
    return response
