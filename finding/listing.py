"""What a list page shows for what a visitor has chosen.

The apps above say what is listed: a `Section` of entries of theirs, and in which `Words`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.safestring import SafeString

from finding import map as germany
from finding.facets import Chosen, bits_of, in_order, without
from finding.markup import counted, facet_option, map_bubble, map_land, map_point
from finding.search import ENOUGH, Depth, Intent
from finding.sections import Entry, Place, Section
from finding.selection import BY_LIKENESS, Selection
from ground.land import Land

T = TypeVar("T")

PER_PAGE = 24
# Of those that belong together so many stand among the first ones.
OF_ONE = 2
# So many values of a facet are seen at once.
UNFOLDED = 7
MOST_IN_TITLE = 4
# Up to so many places the map shows each; beyond that it shows how many lie in each Land.
MOST_POINTS = 300
# Looking at more hits than these one by one would make the page slower the larger the catalogue is.
MOST_HITS_ON_MAP = 1000


class Words(NamedTuple):
    """How a list speaks of its entries."""

    one: str
    many: str
    url_name: str
    sortings: Mapping[str, str]
    # Whether a place on the map may hold several, so that it says how many.
    share_places: bool = False
    # What words like „in Bayern“ mean on this list.
    intents: Sequence[Intent] = ()
    # What its entries belong to, where a few of each are enough for the beginning.
    belongs_to: Callable[[Any], Hashable] | None = None


class Found(NamedTuple):
    """What the search engine says to the visitor's words."""

    ids: Sequence[int]  # primary keys, best first
    suggestion: str
    # What the words find inside of filters; None where that is what of `ids` passes them.
    depth: Callable[[], Depth] | None = None


class _Inside:
    """What the words find among some entries of a section, as bits."""

    def __init__(self, depth: Depth, section: Section) -> None:
        self._depth, self._section = depth, section
        self._close = self._bits(depth.close)
        self._farther = self._bits(depth.farther)

    def _bits(self, ids: Iterable[int]) -> int:
        number_of = self._section.number_of
        numbers = (number_of[pk] for pk in ids if pk in number_of)
        return bits_of(numbers, self._section.index.size)

    def hits(self, among: int) -> int:
        close = self._close & among
        if close.bit_count() >= ENOUGH or not self._farther & among:
            return close
        return self._bits(self.ids(among))

    def ids(self, among: int) -> list[int]:
        """Their primary keys, best first."""
        return inside(self._depth, self._section, among)


class Option(NamedTuple):
    value: str
    label: str
    count: int
    is_chosen: bool

    @property
    def is_dead_end(self) -> bool:
        """Choosing it would find nothing. What is chosen stays open, to be taken back."""
        return not self.count and not self.is_chosen

    def html(self, facet: str) -> SafeString:
        return facet_option(
            facet,
            self.value,
            self.label,
            self.count,
            is_chosen=self.is_chosen,
            is_dead_end=self.is_dead_end,
        )


class FacetOptions(NamedTuple):
    name: str
    label: str
    options: list[Option]

    @property
    def html(self) -> SafeString:
        return self._html(self.options)

    @property
    def is_long(self) -> bool:
        """Whether what comes after the first is folded away; two more are not worth a fold."""
        return len(self.options) > UNFOLDED + 2

    @property
    def first(self) -> list[Option]:
        """The first that lead anywhere, in their order."""
        return [option for option in self.options if not option.is_dead_end][:UNFOLDED]

    @property
    def rest(self) -> list[Option]:
        first = self.first
        return [option for option in self.options if option not in first]

    @property
    def has_chosen_in_rest(self) -> bool:
        return any(option.is_chosen for option in self.rest)

    @property
    def first_html(self) -> SafeString:
        return self._html(self.first)

    @property
    def rest_html(self) -> SafeString:
        return self._html(self.rest)

    def _html(self, options: Sequence[Option]) -> SafeString:
        return SafeString("".join(option.html(self.name) for option in options))


class Link(NamedTuple):
    label: str
    url: str


def inside(depth: Depth, section: Section, among: int) -> list[int]:
    """What the words find among these entries of the section: their primary keys, best first."""
    number_of = section.number_of
    found, _is_partial = depth.among(
        lambda pk: pk in number_of and bool(among >> number_of[pk] & 1)
    )
    return found


def in_variety(ids: Sequence[int], section: Section, words: Words) -> Sequence[int]:
    """The same in nearly the same order: nothing fills the beginning of the list with its own."""
    if not (belongs_to := words.belongs_to):
        return ids
    known = [pk for pk in ids if pk in section.number_of]
    return varied(known, key=lambda pk: belongs_to(section.entries[section.number_of[pk]]))


def varied(ids: Sequence[T], *, key: Callable[[T], Hashable]) -> list[T]:
    """The same in nearly the same order: nothing fills the beginning with its own."""
    seen: dict[Hashable, int] = {}
    first, later = [], []
    for one in ids:
        belongs_to = key(one)
        seen[belongs_to] = seen.get(belongs_to, 0) + 1
        (first if seen[belongs_to] <= OF_ONE else later).append(one)
    return first + later


class LandOnMap(NamedTuple):
    land: Land
    path: str
    url: str
    name: str  # what the link says: „Bayern: 12 Modellprojekte“
    is_chosen: bool
    bubble: (
        tuple[int, int, int] | None
    )  # x, y and the number of hits, where points would be too many


@dataclass(frozen=True)
class Listing:
    section: Section
    words: Words
    selection: Selection
    found: Found | None  # None where nobody searched
    # All entries by likeness to where the visitor is from; asked for only to sort by it.
    by_likeness: Callable[[], Sequence[int]] | None = field(default=None, kw_only=True)

    @cached_property
    def path(self) -> str:
        return reverse(self.words.url_name)

    def url(self, selection: Selection) -> str:
        return f"{self.path}{selection.query()}"

    def at_page(self, number: int) -> Selection:
        return replace(self.selection, page=number)

    def _find(self, among: int) -> int:
        """What of these entries the words find: inside of filters they are looked for more widely."""
        if self.found is None:
            return among
        if among == self.section.index.everything or self._inside is None:
            return self._all_found & among
        return self._inside.hits(among)

    @cached_property
    def _all_found(self) -> int:
        numbers = self.section.number_of
        found = self.found.ids if self.found else ()
        return bits_of((numbers[pk] for pk in found if pk in numbers), self.section.index.size)

    @cached_property
    def _inside(self) -> _Inside | None:
        depth = self.found.depth if self.found else None
        return _Inside(depth(), self.section) if depth else None

    def _passing(self, chosen: Chosen) -> int:
        return self.section.index.hits(chosen, self.section.index.everything)

    @cached_property
    def _hits(self) -> int:
        return self._find(self._passing(self.selection.chosen))

    @property
    def _by_relevance(self) -> list[int]:
        """The hits by their numbers in the section, best first."""
        section, found = self.section, self.found
        if found is None:
            return []
        ids = found.ids
        if self.selection.chosen and self._inside:
            ids = in_variety(
                self._inside.ids(self._passing(self.selection.chosen)), section, self.words
            )
        numbers = (section.number_of[pk] for pk in ids if pk in section.number_of)
        return [number for number in numbers if self._hits >> number & 1]

    @cached_property
    def count(self) -> int:
        return self._hits.bit_count()

    @property
    def counted(self) -> str:
        return counted(self.count, f"{self.words.one},{self.words.many}")

    @property
    def title(self) -> str:
        """What the page is called in a tab or a bookmark: „Lösungen: App, Bayern“."""
        chosen = [f"„{self.selection.q}“"] if self.selection.q else []
        for facet in self.section.index.facets:
            chosen += [facet.choices[value] for value in self.selection.chosen.get(facet.name, ())]
        more = len(chosen) - MOST_IN_TITLE
        if more > 0:
            chosen = [*chosen[:MOST_IN_TITLE], f"{more} weitere"]
        return f"{self.words.many}: {', '.join(chosen)}" if chosen else self.words.many

    @property
    def total(self) -> int:
        return self.section.index.size

    @cached_property
    def numbers(self) -> list[int]:
        """All hits in the order in which they are shown, by their numbers in the section."""
        if self.selection.sorting == "relevanz":
            return self._by_relevance
        if self.selection.sorting == BY_LIKENESS and self.by_likeness:
            return in_order(self._hits, self.by_likeness())
        return in_order(self._hits, self.section.orders[self.selection.sorting])

    @cached_property
    def page(self) -> Page:
        """The page asked for, or the last one where there are not so many."""
        return Paginator(self.numbers, PER_PAGE).get_page(self.selection.page)

    @property
    def entries(self) -> list[Entry]:
        return [self.section.entries[number] for number in self.page.object_list]

    @cached_property
    def facets(self) -> list[FacetOptions]:
        index, chosen = self.section.index, self.selection.chosen
        counts = index.counts_of(chosen, self._find)
        return [
            FacetOptions(
                facet.name,
                facet.label,
                [
                    Option(value, label, counts[facet.name][value], value in of_facet)
                    for value, label in facet.choices.items()
                ],
            )
            for facet in index.facets
            for of_facet in [chosen.get(facet.name, ())]
        ]

    @property
    def sortings(self) -> list[tuple[str, str]]:
        return [
            (name, label)
            for name, label in self.words.sortings.items()
            if (name != "relevanz" or self.selection.q)
            and (name != BY_LIKENESS or self.selection.here)
        ]

    @cached_property
    def active_filters(self) -> list[Link]:
        """Everything chosen, each with the address of the list without it."""
        selection = self.selection
        links = []
        if selection.here:
            links.append(Link(selection.here.label, self.url(selection.without_here())))
        if selection.q:
            links.append(Link(f"Suche: „{selection.q}“", self.url(selection.searching(""))))
        for facet in self.section.index.facets:
            links += [
                Link(
                    f"{facet.label}: {facet.choices[value]}",
                    self.url(selection.without(facet.name, value)),
                )
                for value in selection.chosen.get(facet.name, ())
            ]
        return links

    @cached_property
    def ways_out(self) -> list[Link]:
        """Where nothing is found: which single filter has to go for something to be found."""
        selection, index = self.selection, self.section.index
        ways = []
        if selection.q and selection.chosen:
            count = index.hits(selection.chosen, index.everything).bit_count()
            ways.append((count, f"Ohne den Suchbegriff „{selection.q}“", selection.searching("")))
        if len(selection.chosen) + bool(selection.q) > 1:
            for facet in index.facets:
                if facet.name in selection.chosen:
                    rest = self._find(self._passing(without(selection.chosen, facet.name)))
                    label = f"Ohne den Filter „{facet.label}“"
                    ways.append((rest.bit_count(), label, selection.with_values(facet.name, ())))
        words = f"{self.words.one},{self.words.many}"
        return [
            Link(f"{label}: {counted(count, words)}", self.url(reduced))
            for count, label, reduced in sorted(ways, key=lambda way: -way[0])
            if count
        ]

    @property
    def is_beginning(self) -> bool:
        """Whether the words found nothing at all, so that other ways on are wanted."""
        return bool(self.found and not self.found.ids)

    @property
    def suggestion(self) -> Link | None:
        """A better spelling, where the search engine knows one."""
        better = self.found.suggestion if self.found else ""
        return Link(better, self.url(self.selection.searching(better))) if better else None

    @cached_property
    def _counts_by_place(self) -> dict[Place, int] | None:
        """Where the hits lie, each place with how many; None where they are too many to draw."""
        if self.count > MOST_HITS_ON_MAP:
            return None
        counts: dict[Place, int] = {}
        for number in in_order(self._hits, self.section.orders["name"]):
            entry = self.section.entries[number]
            place = entry.place
            if place.point:
                counts[place] = counts.get(place, 0) + 1
        return counts if len(counts) <= MOST_POINTS else None

    @property
    def points(self) -> SafeString:
        """Each place that has hits, as a link that lies on it."""
        drawn, points = self.section.points, []
        for place, count in (self._counts_by_place or {}).items():
            point = drawn.get((place.pk, count))
            if point is None:
                title = place.name
                if self.words.share_places:
                    title += f": {counted(count, f'{self.words.one},{self.words.many}')}"
                point = map_point(place.url, title, place.point)
                drawn[place.pk, count] = point
            points.append(point)
        return SafeString("".join(points))

    @property
    def unmapped(self) -> int:
        """Hits whose place nobody has entered; only the list shows them."""
        if self._counts_by_place is None:
            return 0
        return self.count - sum(self._counts_by_place.values())

    @property
    def laender(self) -> SafeString:
        """The shapes of the Länder, each with the same choice and count as in the filter."""
        options = next((facet.options for facet in self.facets if facet.name == "land"), [])
        by_value = {option.value: option for option in options}
        words = f"{self.words.one},{self.words.many}"
        shapes = []
        for land, outline in germany.outlines().items():
            option = by_value.get(land.value, Option(land.value, land.label, 0, is_chosen=False))
            chosen = ", ausgewählt" if option.is_chosen else ""
            title = f"{option.label}{chosen}: {counted(option.count, words)}"
            url = "" if option.is_dead_end else self.url(self.selection.toggled("land", land.value))
            shapes.append(
                map_land(land.value, outline.path, url, title, is_chosen=option.is_chosen)
            )
        return SafeString("".join(shapes))

    @property
    def bubbles(self) -> SafeString:
        """Where the hits are too many for points: how many lie in each Land."""
        if self._counts_by_place is not None:
            return SafeString()
        tally = self.section.index.tally("land", self._hits)
        return SafeString(
            "".join(
                map_bubble(*outline.label, tally[land])
                for land, outline in germany.outlines().items()
                if tally[land]
            )
        )
