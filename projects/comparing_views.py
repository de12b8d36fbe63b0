"""Comparing and marking: everything stands in the address, nothing is stored and nobody is known."""

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finding.conditional import version_of
from finding.public_pages import public_page
from projects.catalogue import catalogue
from projects.comparing import MOST_COMPARED, MOST_REMEMBERED, compare, query_of, read
from projects.likeness import alike


@public_page
def comparison(request: HttpRequest) -> HttpResponse:
    """Solutions, or where the address names none, projects."""
    shown = catalogue(version_of(request))
    marked = read(shown, request.GET, most=MOST_COMPARED)
    chosen = marked.solutions or marked.projects
    context = {
        "marked": marked,
        "most": MOST_COMPARED,
        "is_mixed": bool(marked.solutions and marked.projects),
        "comparison": compare(chosen) if len(chosen) > 1 else None,
        "chosen": chosen,
        "proposals": [
            (one, query_of([*marked.solutions, one.solution]))
            for one in (
                alike(shown.solutions.entries, marked.solutions[0]) if marked.solutions else []
            )
            if one.solution not in marked.solutions
        ]
        if 0 < len(chosen) < MOST_COMPARED
        else [],
        "canonical": f"{request.path}{query_of(chosen)}",
        "breadcrumb": [("Vergleich", None)],
    }
    return render(request, "projects/comparison.html", context)


@public_page
def remembered(request: HttpRequest) -> HttpResponse:
    shown = catalogue(version_of(request))
    marked = read(shown, request.GET, most=MOST_REMEMBERED)
    address = f"{request.path}{marked.query}"
    entries = [*marked.solutions, *marked.projects]
    context = {
        "marked": marked,
        "most": MOST_REMEMBERED,
        "lines": {
            name: [
                (one, request.path + query_of(o for o in entries if o is not one))
                for one in of_kind
            ]
            for name, of_kind in (("solutions", marked.solutions), ("projects", marked.projects))
        },
        "mail_url": f"mailto:?subject={quote('Meine Merkliste')}"
        f"&body={quote(settings.SITE_URL + address)}",
        "canonical": address,
        "breadcrumb": [("Merkliste", None)],
    }
    return render(request, "projects/remembered.html", context)
