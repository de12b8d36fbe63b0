"""Whether a Kommune is funded as a model project. Start Smart is for those that are not."""

from dataclasses import dataclass
from enum import Enum

from projects.models import Municipality, Project


class Kind(Enum):
    OWN = "takes part in a model project itself"
    AREA = "lies inside a Kreis or Verband that takes part"
    NONE = "not funded"


@dataclass(frozen=True, slots=True)
class Funding:
    kind: Kind
    projects: tuple[Project, ...] = ()

    @property
    def may_request(self) -> bool:
        """Only who takes part itself is led elsewhere; its neighbours in the Kreis may go on."""
        return self.kind is not Kind.OWN


def funding_of(municipality: Municipality) -> Funding:
    """How a Kommune is funded, and by which public projects; two queries at most."""
    own = Project.objects.public().filter(municipalities=municipality)
    if projects := tuple(own):
        return Funding(Kind.OWN, projects)
    around = [pk for pk in (municipality.kreis_id, municipality.verband_id) if pk is not None]
    if around:
        area = Project.objects.public().filter(municipalities__in=around).distinct()
        if projects := tuple(area):
            return Funding(Kind.AREA, projects)
    return Funding(Kind.NONE)
