"""How like one's own Kommune a project is: in size, kind, distance and Land, and in which words to say so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

from finding.map import kilometres
from projects.catalogue import Catalogue
from projects.entries import ProjectEntry, SolutionEntry
from projects.models import ApplicantKind, Municipality, SizeClass
from projects.municipality_picker import distinguished

# Up to half as many people again, or a third fewer, is „ähnlich groß“.
SIMILAR = log2(1.5)
# Twice the size weighs as much as 100 km, another kind of Kommune as much, another Land half of that.
KILOMETRES, OTHER_KIND, OTHER_LAND = 100, 1.0, 0.5
# What is not known counts as eight times the size and 400 km: it cannot come first by chance.
SIZE_UNKNOWN, DISTANCE_UNKNOWN = 3.0, 4.0

_TOWNS = (
    (20_000, ApplicantKind.KLEINSTADT),
    (100_000, ApplicantKind.MITTELSTADT),
)
_LEVELS = {
    Municipality.Level.KREIS: ApplicantKind.LANDKREIS,
    Municipality.Level.VERBAND: ApplicantKind.KOOPERATION,
    Municipality.Level.REGION: ApplicantKind.REGIONALVERBAND,
}
_OF_SEVERAL = frozenset(_LEVELS.values())


@dataclass(frozen=True, slots=True)
class Home:
    """The Kommune that a visitor has named as theirs."""

    key: str
    name: str
    detail: str
    url: str
    land: str
    kind: ApplicantKind | None
    population: int | None
    latitude: float | None
    longitude: float | None

    parameter = "kommune"

    @property
    def label(self) -> str:
        return f"Ihre Kommune: {self.name}"


def home_of(municipality: Municipality) -> Home:
    return Home(
        key=municipality.key,
        name=municipality.name,
        detail=distinguished(municipality),
        url=municipality.get_absolute_url(),
        land=municipality.land,
        kind=_kind(municipality),
        population=municipality.population,
        latitude=municipality.latitude,
        longitude=municipality.longitude,
    )


def home(shown: Catalogue, key: str) -> Home | None:
    """The Kommune that an address names; asked of the database once per version of the catalogue."""
    return shown.homes.get(key, lambda: _read(key) or _NOBODY) or None


def _read(key: str) -> Home | None:
    rows = Municipality.objects.existing().select_related("kreis")
    municipality = rows.with_key(key).first()
    return home_of(municipality) if municipality else None


# Kept like an answer, so that asking again costs nothing; and false.
_NOBODY: tuple[()] = ()


def _kind(municipality: Municipality) -> ApplicantKind | None:
    """What the rounds of selection would have called it; unknown without its population."""
    is_city = municipality.designation in ("Kreisfreie Stadt", "Stadtkreis")
    if municipality.level != Municipality.Level.GEMEINDE and not is_city:
        return _LEVELS[Municipality.Level(municipality.level)]
    if municipality.population is None:
        return None
    return next(
        (kind for limit, kind in _TOWNS if municipality.population < limit),
        ApplicantKind.GROSSSTADT,
    )


def projects_in_order(shown: Catalogue, here: Home) -> Sequence[int]:
    """The numbers of all projects in their section, the likest first, by name among equals."""
    return shown.likeness.get(
        ("projects", here.key), lambda: _order(shown.projects.entries, _difference_from(here))
    )


def solutions_in_order(shown: Catalogue, here: Home) -> Sequence[int]:
    """The same for solutions: each is as like as its project; what says nothing yet comes last."""

    def order() -> Sequence[int]:
        difference = _difference_from(here)
        by_project = {entry.pk: difference(entry) for entry in shown.projects.entries}

        def rank(solution: SolutionEntry) -> tuple[bool, float]:
            return not solution.has_text, by_project[solution.project.pk]

        return _order(shown.solutions.entries, rank)

    return shown.likeness.get(("solutions", here.key), order)


def _order(entries: Sequence, rank: Callable) -> tuple[int, ...]:
    ranks = [rank(entry) for entry in entries]
    return tuple(sorted(range(len(entries)), key=ranks.__getitem__))


def _difference_from(here: Home) -> Callable[[ProjectEntry], float]:
    def difference(project: ProjectEntry) -> float:
        distance = _distance(here, project)
        return (
            _size_gap(here, project)
            + (DISTANCE_UNKNOWN if distance is None else distance / KILOMETRES)
            + (0 if project.kind == here.kind else OTHER_KIND)
            + (0 if here.land in project.laender else OTHER_LAND)
        )

    return difference


def _size_gap(here: Home, project: ProjectEntry) -> float:
    """How often one has to double the smaller to get the larger."""
    gap = SIZE_UNKNOWN
    if here.population and project.population:
        gap = abs(log2(project.population / here.population))
    # A union of small towns is as large as a city, and yet of one's own size.
    return min(gap, SIMILAR) if _has_a_part_like(here, project) else gap


def _has_a_part_like(here: Home, project: ProjectEntry) -> bool:
    """Whether one of several that take part is of one's own class of size; the largest has no end."""
    own = SizeClass.of(here.population)
    return project.kind in _OF_SEVERAL and own != SizeClass.CITY and own in project.sizes


def _distance(here: Home, project: ProjectEntry) -> float | None:
    if here.latitude is None or project.latitude is None:
        return None
    return kilometres(here, project)


def why(here: Home, project: ProjectEntry) -> str:
    """„ähnlich groß, 38 km entfernt, im selben Land“; never empty."""
    distance = _distance(here, project)
    reasons = [_size_in_words(here, project)]
    if project.kind == here.kind:
        reasons.append(f"auch {project.kind_label}")
    if distance is not None:
        reasons.append("am selben Ort" if distance < 1 else f"{distance:.0f} km entfernt")
    if here.land in project.laender:
        reasons.append("im selben Land")
    return ", ".join(filter(None, reasons)) or "in einem anderen Land"


def _size_in_words(here: Home, project: ProjectEntry) -> str:
    if not here.population or not project.population:
        return ""
    gap = log2(project.population / here.population)
    if abs(gap) <= SIMILAR:
        return "ähnlich groß"
    if _has_a_part_like(here, project):
        return "mit einer Kommune Ihrer Größe"
    return "größer" if gap > 0 else "kleiner"
