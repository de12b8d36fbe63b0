"""Who reuses what: a list with a map of the ways that solutions have gone."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string

from finding.conditional import version_of
from finding.listing import Found, Listing
from finding.public_pages import public_list
from finding.selection import read_selection
from projects.beginning import beginning
from projects.catalogue import catalogue
from projects.reuses import REUSES, containing, public_reuses, transfers_on_map


@public_list
def reuse_list(request: HttpRequest) -> HttpResponse:
    projects = catalogue(version_of(request))
    shown = public_reuses(projects)
    section = shown.section
    selection = read_selection(request.GET, section.index.facets, tuple(REUSES.sortings))
    is_fragment = "HX-Request" in request.headers
    if not is_fragment and any("" in values for _name, values in request.GET.lists()):
        # A form sends its empty fields, too. What people copy from the address bar should be short.
        return HttpResponseRedirect(f"{request.path}{selection.query()}")
    found = Found(containing(section, selection.q), "") if selection.q else None
    listing = Listing(section, REUSES, selection, found)
    response = render(
        request,
        "finding/list_fragment.html" if is_fragment else "projects/reuse_list.html",
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
    if is_fragment:
        response["HX-Push-Url"] = listing.url(selection)
    return response
