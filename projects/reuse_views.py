"""Who reuses what: a list with a map of the ways that solutions have gone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from finding.conditional import version_of
from finding.listing import Found, Listing
from finding.public_pages import is_fragment, public_list, without_empty_fields
from finding.same_for_all import shows
from finding.selection import read_selection
from finding.versions import SEARCH
from projects.beginning import beginning
from projects.catalogue import catalogue
from projects.reuses import REUSES, containing, public_reuses, transfers_on_map


@public_list
def reuse_list(request: HttpRequest) -> HttpResponse:
    projects = catalogue(version_of(request))
    shown = public_reuses(projects)
    section = shown.section
    selection = read_selection(request.GET, section.index.facets, tuple(REUSES.sortings))
    if short := without_empty_fields(request, selection):
        return short
    found = Found(containing(section, selection.q), "") if selection.q else None
    listing = Listing(section, REUSES, selection, found)
    if listing.is_beginning:
        shows(request, SEARCH)
    response = render(
        request,
        "finding/list_fragment.html" if is_fragment(request) else "projects/reuse_list.html",
        {
            "listing": listing,
            "words": REUSES,
            "selection": selection,
            "canonical": listing.url(selection),
            "cards": [
                render_to_string("projects/reuse_card.html", {"entry": entry})
                for entry in listing.entries
            ],
            "page_obj": listing.page,
            "reuses": shown,
            "map_lines": transfers_on_map(listing),
            "point_opens": "die Kommune",
            "breadcrumb": [(REUSES.many, None)],
            **(beginning(projects, selection.q) if listing.is_beginning else {}),
        },
    )
    if is_fragment(request):
        response["HX-Push-Url"] = listing.url(selection)
    return response
