"""Lists of public things, held in memory: their entries, what can be asked of them, what was made of them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol

from django.utils.safestring import SafeString

from finding.facets import Facet, FacetIndex
from finding.map import Point


class Place(Protocol):
    """What a point on the map stands for."""

    pk: int
    name: str
    point: Point | None

    @property
    def url(self) -> str: ...


class Entry(Protocol):
    """What a list needs to know of each thing it holds. The cards know more."""

    @property
    def pk(self) -> int: ...

    @property
    def slug(self) -> str: ...

    @property
    def facets(self) -> Mapping[str, Sequence[str]]:
        """The values that it carries, by the names of the facets."""


class OnMap(Entry, Protocol):
    """What a list needs to know of things that it also shows on the map."""

    @property
    def place(self) -> Place:
        """Where it lies; may be the thing itself."""


class Section:
    """One list: its entries in order of their names, and what can be asked of them."""

    def __init__(
        self,
        entries: Sequence[Entry],
        facets: Sequence[Facet],
        sort_keys: Mapping[str, Callable[[Any], Any]],
    ) -> None:
        self.entries = entries
        self.index = FacetIndex(facets, [entry.facets for entry in entries])
        self.number_of = {entry.pk: number for number, entry in enumerate(entries)}
        self.by_slug = {entry.slug: entry for entry in entries}
        numbers = range(len(entries))
        # sorted() keeps the order of names among equals.
        self.orders = {"name": tuple(numbers)} | {
            name: tuple(sorted(numbers, key=lambda number: key(entries[number])))
            for name, key in sort_keys.items()
        }
        # What has been rendered so far, by primary key, and by project and number of its hits.
        self.cards: dict[int, SafeString] = {}
        self.points: dict[tuple[int, int], SafeString] = {}


class Kept:
    """What has been made once, by key. The oldest gives way, so memory is bounded."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[Hashable, Any] = {}

    def peek(self, key: Hashable) -> Any:
        return self._made.get(key)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        made = self._made.get(key)
        if made is None:
            made = make()
            if len(self._made) >= self._most:
                # list() at once, as other threads may be adding.
                self._made.pop(list(self._made)[0], None)  # noqa: RUF015 - see above
            self._made[key] = made
        return made
