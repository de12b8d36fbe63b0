"""For each open-source solution a `publiccode.yml`, as catalogues of public software read it."""

from typing import Any

import yaml
from django.db.models import Prefetch, QuerySet

from ground.land import Land
from opendata.facts import absolute
from projects.models import Maturity, OpenSource, Reuse, Solution, SolutionKind

SPEC = "0.7"
_STATUS = {
    Maturity.UNKNOWN: "development",
    Maturity.PLANNED: "concept",
    Maturity.PILOT: "beta",
    Maturity.IMPLEMENTATION: "development",
    Maturity.OPERATION: "stable",
    Maturity.COMPLETED: "stable",
    Maturity.DISCONTINUED: "obsolete",
}
_SHORT, _LONG = 150, 10_000


def published() -> QuerySet[Solution]:
    """Those of which everything is known that the format demands."""
    confirmed = Reuse.objects.public().filter(confirmed_on__isnull=False).order_by("name", "pk")
    return (
        Solution.objects.public()
        .filter(open_source=OpenSource.YES)
        .exclude(repository="")
        .exclude(licence="")
        .exclude(licence__contains="LicenseRef-")
        .select_related("project")
        .prefetch_related(Prefetch("reuses", confirmed, to_attr="confirmed_reuses"))
        .order_by("sort_name", "pk")
    )


def as_yaml(data: Any) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100).encode()


def of_solution(solution: Solution) -> dict[str, Any]:
    ended = solution.maturity in (Maturity.DISCONTINUED, Maturity.COMPLETED)
    maintenance = (
        {"type": "none"}
        if ended
        else {"type": "internal", "contacts": [{"name": solution.project.name}]}
    )
    data = {
        "publiccodeYmlVersion": SPEC,
        "name": solution.name,
        "url": solution.repository,
        "landingURL": solution.url or absolute(solution.get_absolute_url()),
        # What it runs on is not asked for yet.
        "platforms": ["other"],
        "developmentStatus": _STATUS[Maturity(solution.maturity)],
        "softwareType": _software_type(solution),
        "intendedAudience": {"scope": ["local-authorities"], "countries": ["DE"]},
        "description": {
            "de": {
                "localisedName": solution.name,
                "shortDescription": _short(solution),
                "longDescription": _long(solution),
                "features": [str(SolutionKind(solution.kind).label)],
            }
        },
        "legal": {"license": solution.licence},
        "maintenance": maintenance,
        "localisation": {"localisationReady": False, "availableLanguages": ["de"]},
    }
    if solution.confirmed_reuses:
        data["usedBy"] = [reuse.name for reuse in solution.confirmed_reuses]
    return data


def _software_type(solution: Solution) -> str:
    return "standalone/mobile" if solution.kind == SolutionKind.APP else "standalone/other"


def _short(solution: Solution) -> str:
    text = " ".join((solution.description or solution.problem or solution.name).split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1].rsplit(' ', 1)[0]}…"


def _long(solution: Solution) -> str:
    laender = ", ".join(Land(land).label for land in solution.project.laender)
    origin = (
        f"Entstanden im Modellprojekt Smart Cities {solution.project.name} ({laender}), gefördert seit "
        f"der Staffel {solution.project.call_year}. Angaben mit Quellen und Stand: "
        f"{absolute(solution.get_absolute_url())}"
    )
    texts = [solution.problem, solution.description, solution.how_it_works]
    told = "\n\n".join(text for text in texts if text)[: _LONG - len(origin) - 2]
    return f"{told}\n\n{origin}" if told else origin


def publishers() -> list[dict[str, Any]]:
    """Who publishes which repositories, as the crawler of the EU's and Italy's catalogues reads it."""
    found: dict[str, dict[str, Any]] = {}
    for solution in published():
        publisher = found.setdefault(
            solution.project.slug,
            {"name": solution.project.name, "id": solution.project.slug, "repos": []},
        )
        if solution.repository not in publisher["repos"]:
            publisher["repos"].append(solution.repository)
    return list(found.values())
