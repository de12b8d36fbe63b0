"""Where words stand: in which texts, how much each counts there, and at which places.

`SearchWord` keeps that packed. What is asked for is unpacked once in each process, and held for as long as
the texts are the same.
"""

import sys
from array import array
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple
from uuid import UUID

from finding.models import SearchDocument, SearchWord

# How much a word counts in the name, the lead, the text and the subject (A, B, C, D of `vector`); where
# it stands in several of them, the best counts. How often it stands there says nothing more (measured).
_WORTH = (0.6, 0.3, 0.18, 0.06)
MOST_WORTH = _WORTH[0]
# So many words of texts are held, some 50 MB. All of the real texts have a tenth of these.
_MOST_HELD = 600_000


# Places of a text are numbered on from this many times its own number: PostgreSQL knows fewer.
_PLACES = 1 << 14


class Word:
    """Where one word stands. Immutable."""

    def __init__(self, found_in: bytes, best_fields: bytes, places: bytes) -> None:
        texts = _unpacked("i", found_in)
        # How much it counts in each text that has it.
        self.worth: dict[int, float] = dict(
            zip(texts, map(_WORTH.__getitem__, best_fields), strict=True)
        )
        self._places = places

    @cached_property
    def places(self) -> array:
        return _unpacked("q", self._places)


class Text(NamedTuple):
    object_id: int
    quality: int


class Index:
    """All texts of a build, shared by the threads of a process."""

    def __init__(self) -> None:
        rows = SearchDocument.objects.order_by("title", "object_id").values_list(
            "pk", "kind", "object_id", "quality"
        )
        self.texts: dict[int, Text] = {}
        self._of_kind: dict[str, dict[int, None]] = {}
        for pk, kind, object_id, quality in rows.iterator(chunk_size=5000):
            self.texts[pk] = Text(object_id, quality)
            self._of_kind.setdefault(kind, {})[pk] = None
        self._forget()

    def _forget(self) -> None:
        # Others may still be reading what was held until now, so nothing is taken out of it.
        self._held: dict[str, Word] = {}
        self._neighbours: dict[tuple[frozenset[str], ...], set[int]] = {}
        self._is_holding = 0

    def of_kind(self, kind: str) -> Mapping[int, None]:
        """The numbers of its texts, by title."""
        return self._of_kind.get(kind, {})

    def words(self, wanted: Collection[str]) -> Mapping[str, Word]:
        """Those of them that stand anywhere; at most one query."""
        held = self._held
        new = [word for word in wanted if word not in held]
        if not new:
            return held
        rows = SearchWord.objects.filter(word__in=new).values_list(
            "word", "found_in", "best_fields", "places"
        )
        found = {word: Word(*packed) for word, *packed in rows}
        self._is_holding += sum(len(word.worth) for word in found.values())
        if self._is_holding > _MOST_HELD:
            self._forget()
            return {word: held[word] for word in wanted if word in held} | found
        held.update(found)
        return held

    def neighbours(self, wanted: tuple[frozenset[str], ...], words: Mapping[str, Word]) -> set[int]:
        """The texts in which one of each stand side by side, in this order."""
        held = self._neighbours
        if wanted not in held:
            known = [[words[word] for word in forms if word in words] for forms in wanted]
            held[wanted] = _with_neighbours(known) if all(known) else set()
            self._is_holding += len(held[wanted])
        return held[wanted]


@lru_cache(maxsize=1)
def index_of(build: UUID) -> Index:
    return Index()


def _with_neighbours(words: Sequence[Sequence[Word]]) -> set[int]:
    rarest, *others = sorted(
        enumerate(words), key=lambda one: sum(len(word.places) for word in one[1])
    )
    starts = {place - rarest[0] for word in rarest[1] for place in word.places}
    for number, forms in others:
        wanted = {start + number for start in starts}
        at = (wanted.intersection(word.places) for word in forms)
        starts = {place - number for place in set().union(*at)}
    return {start // _PLACES for start in starts}


def _unpacked(typecode: str, numbers: bytes) -> array:
    """From the byte order of the network."""
    unpacked = array(typecode, numbers)
    if sys.byteorder == "little":
        unpacked.byteswap()
    return unpacked
