"""Pages about Kommunen: the picker's list, and what the portal knows about one of them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from finding.map import nearest
from finding.same_for_all import same_for_all
from projects.catalogue import catalogue
from projects.funding import funding_of
from projects.models import Municipality
from projects.municipality_filters import MunicipalityFilter
from projects.municipality_picker import distinguished, find_municipalities

SHOWN_AS_LIST = 50
SHOWN_WHILE_TYPING = 10
NEIGHBOURS = 5


@same_for_all()
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=`: JSON for the type-ahead if asked for it, else the same Kommunen as a page."""
    q = request.GET.get("q", "").strip()
    wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    limit = SHOWN_WHILE_TYPING if wants_json else SHOWN_AS_LIST
    narrowed = MunicipalityFilter(request.GET, queryset=Municipality.objects.selectable())
    found = find_municipalities(q, limit=limit, among=narrowed.qs)
    if wants_json:
        response: HttpResponse = JsonResponse({"results": [_as_json(row) for row in found]})
    else:
        context = {
            "q": q,
            "found": found,
            "is_cut": len(found) == SHOWN_AS_LIST,
            "narrowing": narrowed.form,
            "breadcrumb": [("Kommune finden", None)],
        }
        response = render(request, "projects/municipality_search.html", context)
    patch_vary_headers(response, ["Accept"])
    return response


def _as_json(municipality: Municipality) -> dict[str, str | int]:
    return {
        "id": municipality.pk,
        "name": municipality.name,
        "detail": distinguished(municipality),
    }


@same_for_all()
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    municipalities = Municipality.objects.select_related("kreis", "verband", "successor")
    municipality = get_object_or_404(municipalities, pk=pk)
    funding = funding_of(municipality)
    own = {project.pk for project in funding.projects}
    others = [entry for entry in catalogue().projects.entries if entry.pk not in own]
    return render(
        request,
        "projects/municipality.html",
        {
            "municipality": municipality,
            "detail": distinguished(municipality),
            "funding": funding,
            "neighbours": nearest(others, municipality, NEIGHBOURS),
            "breadcrumb": [
                ("Kommune finden", reverse("projects:municipality_search")),
                (municipality.name, None),
            ],
        },
    )
