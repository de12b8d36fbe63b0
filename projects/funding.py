"""Whether a Kommune is funded as a model project. Start Smart is for those that are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q

from projects.models import Municipality, Project, ProjectMunicipality


class FundingKind(Enum):
    OWN = "takes part in a model project itself"
    AREA = "lies inside a Kreis or Verband that takes part"
    NONE = "not funded"


@dataclass(frozen=True, slots=True)
class Funding:
    kind: FundingKind
    projects: tuple[Project, ...] = ()

    @property
    def may_request(self) -> bool:
        """Only who takes part itself is led elsewhere; its neighbours in the Kreis may go on."""
        return self.kind is not FundingKind.OWN


def funding_of(municipality: Municipality) -> Funding:
    """How a Kommune is funded, and by which public projects; one query."""
    return fundings_of([municipality])[municipality.pk]


def fundings_of(municipalities: Sequence[Municipality]) -> dict[int, Funding]:
    """The same for several, by primary key; one query for all.

    What a Kommune took part in that has ended, its successor takes part in.
    """
    places = {pk for municipality in municipalities for pk in _around(municipality)}
    wanted = places | {municipality.pk for municipality in municipalities}
    links = ProjectMunicipality.objects.filter(
        Q(municipality__in=wanted) | Q(municipality__successor__in=wanted), project__is_public=True
    ).select_related("project", "municipality")
    projects: dict[int, list[Project]] = {}
    for link in links.order_by("project__sort_name", "project_id"):
        for pk in (link.municipality_id, link.municipality.successor_id):
            if pk in wanted and link.project not in projects.setdefault(pk, []):
                projects[pk].append(link.project)
    return {municipality.pk: _funding(municipality, projects) for municipality in municipalities}


def _around(municipality: Municipality) -> list[int]:
    return [pk for pk in (municipality.kreis_id, municipality.verband_id) if pk is not None]


def _funding(municipality: Municipality, projects: dict[int, list[Project]]) -> Funding:
    if own := projects.get(municipality.pk):
        return Funding(FundingKind.OWN, tuple(own))
    area = {project.pk: project for pk in _around(municipality) for project in projects.get(pk, ())}
    return Funding(FundingKind.AREA, tuple(area.values())) if area else Funding(FundingKind.NONE)
