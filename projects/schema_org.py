"""What search engines read of a page: its facts in the words of schema.org, as JSON-LD.

Only what the page itself shows; unknown facts are left out, as schema.org has no word for unknown.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ground.land import Land
from projects.models import OpenSource, Project, Solution, Theme

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
        "email": project.contact_email,
    }
    return known(data)


def solution(solution: Solution, themes: Iterable[Theme]) -> dict[str, Any]:
    is_code = solution.open_source == OpenSource.YES and solution.repository
    data = {
        "@type": "SoftwareSourceCode" if is_code else "CreativeWork",
        "@id": absolute(solution.get_absolute_url()),
        "name": solution.name,
        "description": solution.description,
        "genre": solution.get_kind_display(),
        "codeRepository": solution.repository if is_code else "",
        "keywords": [theme.name for theme in themes],
        "creator": {
            "@type": "Project",
            "@id": absolute(solution.project.get_absolute_url()),
            "name": solution.project.name,
        },
    }
    return known(data)


def _location(project: Project) -> dict[str, Any] | None:
    if project.latitude is None:
        return None
    return {
        "@type": "Place",
        "geo": {
            "@type": "GeoCoordinates",
            "latitude": project.latitude,
            "longitude": project.longitude,
        },
    }


def known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
