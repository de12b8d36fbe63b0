"""What search engines read of a group and of what it publishes: only what the pages show, and no contact."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from communities.models import Community, Result
from projects.models import Project
from projects.schema_org import absolute, known, script

__all__ = ["community", "result", "script"]


def community(community: Community, projects: Iterable[Project]) -> dict[str, Any]:
    founded = str(community.founded_year or "")
    if community.founded_month:
        founded = f"{founded}-{community.founded_month:02}"
    return known(
        {
            "@type": "Organization",
            "@id": absolute(community.get_absolute_url()),
            "url": absolute(community.get_absolute_url()),
            "name": community.full_name,
            "alternateName": [one for one in community.also_called.split(", ") if one],
            "description": community.purpose,
            "foundingDate": founded,
            "parentOrganization": community.parent and _named(community.parent),
            "member": [
                {
                    "@type": "Project",
                    "@id": absolute(project.get_absolute_url()),
                    "name": project.name,
                }
                for project in projects
            ],
        }
    )


def result(result: Result) -> dict[str, Any]:
    return known(
        {
            "@type": "CreativeWork",
            "@id": absolute(result.get_absolute_url()),
            "url": result.link,
            "name": result.title,
            "description": result.summary,
            "genre": result.get_kind_display(),
            "license": result.licence,
            "version": result.version,
            "datePublished": result.published_at
            and timezone.localdate(result.published_at).isoformat(),
            "publisher": _named(result.community),
        }
    )


def _named(community: Community) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "@id": absolute(community.get_absolute_url()),
        "name": community.full_name,
    }
