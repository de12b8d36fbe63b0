"""Which of many things carry which values, and how many, in time that hardly depends on how many.

A thing is a bit. A value of a facet is the integer whose bits are the things that carry it, so choosing,
combining and counting are Python's `|`, `&` and `bit_count()` on whole catalogues at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

# The digits of a binary number as bytes that are true and false.
_TRUTH = bytes.maketrans(b"01", b"\0\1")

Chosen = Mapping[str, Collection[str]]


class Facet(NamedTuple):
    name: str  # as in addresses: `?land=BW`
    label: str
    choices: Mapping[str, str]  # value in addresses → words for people, in the order shown


class FacetIndex:
    """Immutable, so any number of threads may ask at once."""

    def __init__(
        self, facets: Sequence[Facet], rows: Sequence[Mapping[str, Collection[str]]]
    ) -> None:
        """`rows` name for each thing, facet by facet, the values that it carries."""
        self.size = len(rows)
        self.everything = (1 << self.size) - 1
        carriers = {
            facet.name: {value: bytearray(self.size // 8 + 1) for value in facet.choices}
            for facet in facets
        }
        for number, row in enumerate(rows):
            for name, values in row.items():
                for value in values:
                    carriers[name][value][number >> 3] |= 1 << (number & 7)
        self._carriers = {
            name: {value: int.from_bytes(bits, "little") for value, bits in values.items()}
            for name, values in carriers.items()
        }
        # A facet nothing of which is known says nothing and is not offered.
        self.facets = tuple(facet for facet in facets if any(self._carriers[facet.name].values()))

    def hits(self, chosen: Chosen, among: int) -> int:
        """The things among these that carry, of each chosen facet, at least one chosen value."""
        for name, values in chosen.items():
            among &= self._any_of(name, values)
        return among

    def counts(self, chosen: Chosen, among: int) -> dict[str, dict[str, int]]:
        """For each value: how many hits there are if it alone is chosen of its facet.

        What is chosen of other facets holds; what is chosen of the value's own facet does not.
        """
        return self.counts_of(chosen, lambda passing: passing & among)

    def counts_of(self, chosen: Chosen, find: Callable[[int], int]) -> dict[str, dict[str, int]]:
        """The same where `find` says which of some things are hits."""
        return {
            facet.name: {
                value: find(carriers & among).bit_count()
                for value, carriers in self._carriers[facet.name].items()
            }
            for facet in self.facets
            for among in [self.hits(without(chosen, facet.name), self.everything)]
        }

    def tally(self, name: str, among: int) -> dict[str, int]:
        """How many of these carry each value."""
        return {
            value: (carriers & among).bit_count()
            for value, carriers in self._carriers[name].items()
        }

    def _any_of(self, name: str, values: Iterable[str]) -> int:
        carriers, union = self._carriers[name], 0
        for value in values:
            union |= carriers[value]
        return union


def bits_of(numbers: Iterable[int], size: int) -> int:
    bits = bytearray(size // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def in_order(hits: int, order: Sequence[int]) -> list[int]:
    """Those numbers of `order` whose bit is set, in that order."""
    flags = bin(hits)[:1:-1].ljust(len(order), "0").encode().translate(_TRUTH)
    return list(compress(order, map(flags.__getitem__, order)))


def without(chosen: Chosen, name: str) -> dict[str, Collection[str]]:
    return {other: values for other, values in chosen.items() if other != name}
