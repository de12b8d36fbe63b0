"""Pages about Kommunen: the picker's list, and what the portal knows about one of them."""

from collections.abc import Iterable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from finding.conditional import version_of
from finding.map import nearest
from finding.public_pages import public_page
from finding.same_for_all import same_for_all
from ground.names import fold
from projects import schema_org
from projects.catalogue import Catalogue, catalogue
from projects.entries import SolutionEntry
from projects.funding import FundingKind, funding_of
from projects.models import Municipality, Reuse
from projects.municipality_filters import MunicipalityFilter
from projects.municipality_picker import distinguished, offered
from projects.near_home import home_of, projects_in_order, why

NEIGHBOURS = 5


@same_for_all()
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=`: JSON for the type-ahead if asked for it, else the same Kommunen as a page."""
    q = request.GET.get("q", "").strip()
    wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    narrowed = MunicipalityFilter(request.GET, queryset=Municipality.objects.selectable())
    found, is_cut = offered(q, among=narrowed.qs)
    if wants_json:
        results = [_as_json(row) for row in found]
        response: HttpResponse = JsonResponse({"results": results, "is_cut": is_cut})
    else:
        context = {
            "q": q,
            "found": found,
            "is_cut": is_cut,
            "narrowing": narrowed.form,
            "breadcrumb": [("Kommune finden", None)],
        }
        response = render(request, "projects/municipality_search.html", context)
    patch_vary_headers(response, ["Accept"])
    return response


def _as_json(municipality: Municipality) -> dict[str, str | int]:
    return {
        "id": municipality.pk,
        "key": municipality.key,
        "name": municipality.name,
        "detail": distinguished(municipality),
    }


@public_page
def detail(request: HttpRequest, key: str) -> HttpResponse:
    shown = catalogue(version_of(request))
    municipalities = Municipality.objects.select_related("kreis", "verband", "successor")
    municipality = municipalities.with_key(key).first()
    if municipality is None:
        return _elsewhere(key)
    return render(request, "projects/municipality.html", _portrait(shown, municipality))


def _elsewhere(key: str) -> HttpResponse:
    """Addresses that were given out once, and keys as they stand in other lists."""
    if not key.isascii() or not key.isdigit() or len(key) > 12:
        raise Http404
    # Numbers of our own, as they stood in addresses before, have no zero in front.
    meant = Q(ars=key) | Q(ags=key)
    if not key.startswith("0") and len(key) < 8:
        meant |= Q(pk=int(key))
    rows = Municipality.objects.filter(meant).order_by("-pk")
    municipality = next((row for row in rows if str(row.pk) == key), None) or rows.first()
    if municipality is None:
        raise Http404
    return redirect(municipality, permanent=True)


def _portrait(shown: Catalogue, municipality: Municipality) -> dict[str, Any]:
    """Three queries: how it is funded, what it reuses, and who has become part of it."""
    here = home_of(municipality)
    reuses = _reuses(municipality)
    funding = funding_of(municipality)
    own = {project.pk for project in funding.projects}
    entries = shown.projects.entries
    others = [entry for entry in entries if entry.pk not in own]
    likest = (entries[number] for number in projects_in_order(shown, here))
    return {
        "municipality": municipality,
        "json_ld": schema_org.script(schema_org.municipality(municipality)),
        "here": here,
        "detail": distinguished(municipality),
        "absorbed": list(municipality.predecessors.order_by("sort_name", "pk")),
        "funding": funding,
        "reuses": [one for one in reuses if not one.is_planned],
        "planned": [one for one in reuses if one.is_planned],
        "offers": _offers(shown, own if funding.kind is FundingKind.OWN else ()),
        "neighbours": nearest(others, municipality, NEIGHBOURS),
        "likest": [
            (entry, why(here, entry))
            for entry in islice((one for one in likest if one.pk not in own), NEIGHBOURS)
        ],
        "seen_from": f"?{urlencode({here.parameter: here.key})}",
        "breadcrumb": [
            ("Kommune finden", reverse("projects:municipality_search")),
            (municipality.name, None),
        ],
    }


def _reuses(municipality: Municipality) -> list[Reuse]:
    """What it has taken over from others or means to, confirmed or told by a source.

    Also what a Kommune had taken over that has become part of it.
    """
    reuses = Reuse.objects.shown().filter(
        Q(municipality=municipality) | Q(municipality__successor=municipality)
    )
    reuses = list(
        reuses.select_related("solution__project", "product", "municipality").order_by(
            "position", "pk"
        )
    )
    own = {(_what(one), one.is_planned) for one in reuses if one.municipality == municipality}

    def is_told(one: Reuse) -> bool:
        """What is used says more than that it is planned, by whichever of the two."""
        return (_what(one), False) in own or (_what(one), one.is_planned) in own

    return [one for one in reuses if one.municipality == municipality or not is_told(one)]


def _what(reuse: Reuse) -> tuple[int | None, int | None]:
    return reuse.solution_id, reuse.product_id


def _offers(shown: Catalogue, projects: Iterable[int]) -> list[SolutionEntry]:
    """The solutions of its projects, those first of which one can read something."""
    found = [entry for pk in projects for entry in shown.solutions_of.get(pk, ())]
    return sorted(found, key=lambda entry: (not entry.has_text, fold(entry.name)))
