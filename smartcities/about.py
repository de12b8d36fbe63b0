"""`/ueber/`: the network on one page, each statement with its source and its doubt."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communities.entries import public_communities
from communities.models import PartnerOrganisation, PartnerSupport
from events.entries import public_events
from events.models import EventKind
from finding.conditional import version_of
from finding.same_for_all import same_for_all
from projects import schema_org
from projects.catalogue import Catalogue, catalogue
from projects.models import CallYear, Municipality, NetworkFact, NetworkTopic
from projects.models.sourced import address_in

CONFERENCES = 3


@same_for_all()
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """One query as long as the catalogue stays as it is: whether it does."""
    version, now = version_of(request), timezone.now()
    shown = catalogue(version)
    context = shown.pages.get("about", lambda: _known(shown)) | {
        "coming_conferences": [
            event
            for event in public_events(version).next(now, 50)
            if EventKind.REGIONAL_CONFERENCE in event.facets["art"]
        ][:CONFERENCES],
        "breadcrumb": [("Über das Netzwerk", None)],
        "json_ld": schema_org.script(_operator()),
    }
    return render(request, "pages/about.html", context)


def _operator() -> dict[str, Any]:
    """Who runs the portal, for search engines; ways to reach them are on the pages only."""
    name = settings.OPERATOR["name"] or "Modellprojekte Smart Cities"
    here = schema_org.absolute("/")
    return {"@type": "Organization", "@id": f"{here}#betreiber", "name": name, "url": here}


def _known(shown: Catalogue) -> dict[str, Any]:
    """Four queries: facts, partners and whom they support, and how many Kommunen there are."""
    rounds = [
        (year, sum(entry.call_year == year for entry in shown.projects.entries))
        for year in CallYear.values
    ]
    return {
        "project_count": len(shown.projects.entries),
        "rounds": [one for one in rounds if one[1]],
        "municipality_count": Municipality.objects.existing()
        .filter(level=Municipality.Level.GEMEINDE, ags__isnull=False)
        .count(),
        "facts": _by_topic(NetworkFact.objects.order_by("position", "pk")),
        "partners": _partners(),
        "aegs": public_communities(shown.version).aegs,
    }


def _by_topic(facts: Iterable[NetworkFact]) -> dict[str, list[NetworkFact]]:
    """By names that a template can say: `facts.start_smart`."""
    topics: dict[str, list[NetworkFact]] = {topic.name.lower(): [] for topic in NetworkTopic}
    for fact in facts:
        topics[NetworkTopic(fact.topic).name.lower()].append(fact)
    return topics


def _partners() -> list[dict[str, Any]]:
    supports = PartnerSupport.objects.select_related("community").order_by("community__sort_name")
    rows = PartnerOrganisation.objects.prefetch_related(
        Prefetch("supports", supports, to_attr="supported")
    )
    return [
        {
            "name": row.name,
            "role": row.role,
            "website": row.website,
            "source": row.source,
            "source_url": address_in(row.source),
            "groups": [support.community for support in row.supported],
        }
        for row in sorted(rows, key=lambda row: ("Leitung" not in row.role, row.name))
    ]
