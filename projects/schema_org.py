"""What search engines read of a page: its facts in the words of schema.org, as JSON-LD.

Only what the page itself shows; unknown facts are left out, as schema.org has no word for unknown.
Contacts are for those who read the page: what programs collect would be an address book.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ground.land import Land
from projects.models import (
    Municipality,
    OpenSource,
    Product,
    Project,
    Solution,
    SolutionKind,
    Theme,
)

# What can be used as software or as a service of the town; of all others only that somebody made it.
_KINDS = {
    SolutionKind.APP: "SoftwareApplication",
    SolutionKind.DATA_PLATFORM: "SoftwareApplication",
    SolutionKind.DIGITAL_TWIN: "SoftwareApplication",
    SolutionKind.PARTICIPATION: "GovernmentService",
    SolutionKind.HEALTH: "GovernmentService",
    SolutionKind.MOBILITY: "GovernmentService",
    SolutionKind.ADMINISTRATION: "GovernmentService",
}
# What each of these calls the sort of thing.
_SORTS = {"SoftwareApplication": "applicationCategory", "GovernmentService": "serviceType"}

# A text that closes the script element, or opens a comment in it, must not be able to do so.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(data: dict[str, Any]) -> SafeString:
    """A data block that no browser runs, so the content security policy has nothing against it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text.translate(_ESCAPES)),
    )


def project(
    project: Project, themes: Iterable[Theme], municipalities: Iterable[str]
) -> dict[str, Any]:
    data = {
        "@type": "Project",
        "@id": absolute(project.get_absolute_url()),
        "name": project.name,
        "alternateName": project.title,
        "description": project.summary,
        "url": project.website,
        "areaServed": [
            *({"@type": "AdministrativeArea", "name": name} for name in municipalities),
            *({"@type": "State", "name": Land(land).label} for land in project.laender),
        ],
        "keywords": [theme.name for theme in themes],
        "location": _location(project),
    }
    return known(data)


def municipality(municipality: Municipality) -> dict[str, Any]:
    key = municipality.ags and {
        "@type": "PropertyValue",
        "name": "Amtlicher Gemeindeschlüssel",
        "value": municipality.ags,
    }
    return known(
        {
            "@type": "AdministrativeArea",
            "@id": absolute(municipality.get_absolute_url()),
            "name": municipality.name,
            "identifier": key,
            "containedInPlace": {"@type": "State", "name": municipality.get_land_display()},
            "geo": _geo(municipality),
        }
    )


def theme(theme: Theme) -> dict[str, Any]:
    return known(
        {
            "@type": "DefinedTerm",
            "@id": absolute(theme.get_absolute_url()),
            "name": theme.name,
            "description": theme.description,
            "inDefinedTermSet": absolute(reverse("projects:themes")),
        }
    )


def product(product: Product) -> dict[str, Any]:
    return known(
        {
            "@type": "SoftwareApplication",
            "@id": absolute(product.get_absolute_url()),
            "name": product.name,
            "description": product.description,
            "url": product.website,
            "license": _licence(product.licence),
            "publisher": product.maker and {"@type": "Organization", "name": product.maker},
        }
    )


def solution(solution: Solution, themes: Iterable[Theme]) -> dict[str, Any]:
    is_code = solution.open_source == OpenSource.YES and solution.repository
    kind = (
        "SoftwareSourceCode" if is_code else _KINDS.get(SolutionKind(solution.kind), "CreativeWork")
    )
    data = {
        "@type": kind,
        "@id": absolute(solution.get_absolute_url()),
        "name": solution.name,
        "description": solution.description,
        "url": solution.url,
        _SORTS.get(kind, "genre"): solution.get_kind_display(),
        "keywords": [theme.name for theme in themes],
    }
    project = {
        "@type": "Project",
        "@id": absolute(solution.project.get_absolute_url()),
        "name": solution.project.name,
    }
    if kind == "GovernmentService":
        # A service has no maker and no licence.
        area = [{"@type": "State", "name": Land(land).label} for land in solution.project.laender]
        return known(data | {"provider": project, "areaServed": area})
    repository = {"codeRepository": solution.repository} if is_code else {}
    return known(data | repository | {"license": _licence(solution.licence), "creator": project})


def _licence(name: str) -> str:
    return f"https://spdx.org/licenses/{name}.html" if name and "LicenseRef" not in name else ""


def _location(project: Project) -> dict[str, Any] | None:
    geo = _geo(project)
    return geo and {"@type": "Place", "geo": geo}


def _geo(place: Any) -> dict[str, Any] | None:
    if place.latitude is None:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
