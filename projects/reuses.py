"""Who has taken over what from whom: all public reuses, held in memory like the catalogue itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from finding import map as germany
from finding.facets import Facet
from finding.listing import Listing, Words
from finding.sections import Section
from ground.land import Land
from ground.names import fold
from projects.catalogue import Catalogue
from projects.entries import ProjectEntry, SolutionEntry
from projects.models import Municipality, Product, Reuse, SizeClass, SolutionKind, StatedBy

REUSES = Words(
    "Nachnutzung",
    "Nachnutzungen",
    "projects:reuses",
    {
        "relevanz": "Beste Treffer zuerst",
        "name": "Kommune",
        "was": "Lösung",
        "bestaetigt": "Zuletzt bestätigt zuerst",
        "seit": "Seit wann, neueste zuerst",
    },
    share_places=True,
)
# Beyond so many lines nobody reads the map.
MOST_LINES = 300


class ReusePlace(NamedTuple):
    """Where somebody is who reuses something; one for all that they reuse."""

    pk: int
    name: str
    url: str
    point: germany.Point | None


@dataclass(frozen=True, slots=True, eq=False)
class ReuseEntry:
    pk: int
    slug: str
    name: str  # of those who reuse it
    what: str
    url: str  # where it is told: the page of the solution, or of the product
    place: ReusePlace
    origin: ProjectEntry | None  # None for a product from outside the network
    kind_label: str
    how: str
    since: str
    is_confirmed: bool
    confirmed_on: date | None
    by_itself: bool
    source: str
    source_url: str
    is_certain: bool
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_transfer(self) -> bool:
        """From a model project to others."""
        return self.origin is not None


@dataclass(frozen=True)
class PublicReuses:
    section: Section
    # How many Kommunen have said that they mean to.
    planned: int

    @property
    def transfers(self) -> list[ReuseEntry]:
        return [entry for entry in self.section.entries if entry.is_transfer]

    @property
    def others(self) -> int:
        """How many are of products that come from no model project."""
        return len(self.section.entries) - len(self.transfers)

    @property
    def origins(self) -> int:
        """From how many projects."""
        return len({entry.origin.pk for entry in self.transfers if entry.origin})

    @property
    def takers(self) -> int:
        """To how many places."""
        return len({entry.place.pk for entry in self.transfers})


def public_reuses(shown: Catalogue) -> PublicReuses:
    """Two queries, once per version."""
    return shown.above.get("projects:reuses", lambda: _read(shown))


def containing(section: Section, q: str) -> list[int]:
    """The reuses in whose names all these words stand; the search itself knows none of them."""
    words = fold(q).split()
    return [
        entry.pk for entry in section.entries if all(word in _searched(entry) for word in words)
    ]


def transfers_on_map(listing: Listing) -> SafeString:
    """A line from each model project to those who took something over from it."""
    entries = [listing.section.entries[number] for number in listing.numbers[:MOST_LINES]]
    pairs = {
        (entry.origin.point, entry.place.point): None
        for entry in entries
        if entry.origin and entry.origin.point and entry.place.point
    }
    lines = [_line(start, end) for start, end in pairs if start != end]
    if not lines:
        return SafeString("")
    starts = {(round(start[0]), round(start[1])): None for start, _end in pairs}
    return format_html(
        '<g class="map__transfers" aria-hidden="true">{}{}</g>',
        format_html_join("", '<path d="{}"/>', ((line,) for line in lines)),
        format_html_join("", '<circle cx="{}" cy="{}" r="4"/>', starts),
    )


def _line(start: germany.Point, end: germany.Point) -> str:
    """Bent a little, so that there and back again are two lines."""
    (x0, y0), (x1, y1) = start, end
    x, y = (x0 + x1) / 2 + (y1 - y0) / 8, (y0 + y1) / 2 - (x1 - x0) / 8
    return f"M{x0:.0f} {y0:.0f}Q{x:.0f} {y:.0f} {x1:.0f} {y1:.0f}"


def _searched(entry: ReuseEntry) -> str:
    origin = entry.origin.name if entry.origin else ""
    return fold(f"{entry.name} {entry.what} {origin}")


def _read(shown: Catalogue) -> PublicReuses:
    rows = list(
        Reuse.objects.public()
        .select_related("municipality", "product", "project")
        .order_by("name", "pk")
    )
    rows.sort(key=lambda row: (fold(row.name), row.pk))
    solutions = {entry.pk: entry for entry in shown.solutions.entries}
    places = _places(shown, rows)
    entries = [
        _entry(row, solutions.get(row.solution_id), places[_place_of(shown, row)])
        for row in rows
        if row.solution_id is None or row.solution_id in solutions
    ]
    return PublicReuses(_section(entries), Reuse.objects.planned().count())


def _place_of(shown: Catalogue, row: Reuse) -> tuple[str, int]:
    if row.municipality_id and row.municipality and row.municipality.latitude is not None:
        return "kommune", row.municipality_id
    if row.project_id and row.project_id in shown.projects.number_of:
        return "projekt", row.project_id
    if row.municipality_id:
        return "kommune", row.municipality_id
    return "ohne", row.pk


def _places(shown: Catalogue, rows: Iterable[Reuse]) -> dict[tuple[str, int], ReusePlace]:
    """Moved apart where one would hide another."""
    found = {_place_of(shown, row): row for row in rows}
    points = germany.spread([_point(shown, key, row) for key, row in found.items()])
    return {
        key: ReusePlace(number, row.name, _page_of(shown, key, row), point)
        for number, ((key, row), point) in enumerate(zip(found.items(), points, strict=True))
    }


def _point(shown: Catalogue, key: tuple[str, int], row: Reuse) -> germany.Point | None:
    kind, pk = key
    located: Municipality | ProjectEntry | None = row.municipality
    if kind == "projekt":
        located = shown.projects.entries[shown.projects.number_of[pk]]
    if kind == "ohne" or located is None or located.latitude is None:
        return None
    return germany.position(located.latitude, located.longitude)


def _page_of(shown: Catalogue, key: tuple[str, int], row: Reuse) -> str:
    kind, pk = key
    if kind == "projekt":
        return shown.projects.entries[shown.projects.number_of[pk]].url
    if kind == "kommune" and row.municipality:
        return row.municipality.get_absolute_url()
    return ""


def _entry(row: Reuse, solution: SolutionEntry | None, place: ReusePlace) -> ReuseEntry:
    product: Product | None = row.product
    size = SizeClass.of(row.municipality.population) if row.municipality else None
    return ReuseEntry(
        pk=row.pk,
        slug=str(row.pk),
        name=row.name,
        what=solution.name if solution else str(product),
        url=f"{solution.url}#nutzung" if solution else _product_page(product),
        place=place,
        origin=solution.project if solution else None,
        kind_label=solution.kind_label if solution else "Produkt",
        how=row.how,
        since=row.since,
        is_confirmed=row.is_confirmed,
        confirmed_on=row.confirmed_on,
        by_itself=row.stated_by == StatedBy.REUSER,
        source=row.source,
        source_url=row.source_url,
        is_certain=row.is_certain,
        facets={
            "land": [row.municipality.land] if row.municipality else [],
            "groesse": [size] if size else [],
            "art": [solution.kind] if solution else [],
            "projekt": [solution.project.slug] if solution else [],
            "bestaetigt": ["ja"] if row.is_confirmed else [],
        },
    )


def _product_page(product: Product | None) -> str:
    return product.get_absolute_url() if product else reverse("projects:reuses")


def _section(entries: list[ReuseEntry]) -> Section:
    origins = {entry.origin.slug: entry.origin.name for entry in entries if entry.origin}
    facets = [
        Facet("projekt", "Aus dem Modellprojekt", dict(sorted(origins.items(), key=_by_name))),
        Facet("art", "Art der Lösung", _words(SolutionKind)),
        Facet("land", "Land der Kommune", _words(Land)),
        Facet("groesse", "Größe der Kommune", _words(SizeClass)),
        Facet("bestaetigt", "Bestätigung", {"ja": "von der Kommune bestätigt"}),
    ]
    return Section(
        entries,
        facets,
        {
            "was": lambda reuse: fold(reuse.what),
            "bestaetigt": lambda reuse: -(reuse.confirmed_on or date.min).toordinal(),
            "seit": lambda reuse: _latest_first(reuse.since),
        },
    )


def _latest_first(since: str) -> tuple[int, ...]:
    """What says no date comes last."""
    return tuple(-int(part) for part in since.split("-")) if since else (0,)


def _by_name(item: tuple[str, str]) -> str:
    return fold(item[1])


def _words(choices: Iterable) -> dict[str, str]:
    return {str(choice.value): str(choice.label) for choice in choices}
