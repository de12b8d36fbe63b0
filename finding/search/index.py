"""Where words stand: in which texts, how much each counts there, and at which places.

`SearchWord` keeps that packed. What is asked for is unpacked once in each process, and what was asked for
last is held for as long as the texts are the same.
"""

import sys
from array import array
from collections.abc import Collection, Hashable, Iterable, Mapping
from functools import lru_cache
from itertools import chain, compress
from threading import Lock
from uuid import UUID

from finding.models import SearchDocument, SearchWord

# The numbers of the texts in which a word stands: in the name, else the lead, else the text, else the
# subject (A, B, C, D of `vector`). How often it stands there says nothing more (measured).
Word = tuple[tuple[int, ...], ...]
# How much it counts in each of these.
WORTH = (0.6, 0.3, 0.18, 0.12)
# The words of a term, each in one of its forms.
Term = tuple[frozenset[str], ...]

# So much is held of words and terms; all of the real ones together are a tenth of it.
_MOST_BYTES = 48 << 20
# What one takes however rare it is, and for each text (the numbers themselves are shared).
_BYTES, _BYTES_OF_A_TEXT = 300, 8

# Places of a text are numbered on from this many times its own key: PostgreSQL knows fewer.
_PLACES = 1 << 14

_IN_FIELD = [bytes(field == known for known in range(256)) for field in range(len(WORTH))]


class Index:
    """All texts of a build, numbered by kind and title from 1 on; shared by the threads of a process."""

    def __init__(self) -> None:
        rows = SearchDocument.objects.order_by("kind", "title", "object_id").values_list(
            "pk", "kind", "object_id", "quality"
        )
        self._numbers: dict[int, int] = {}
        self._kinds: dict[str, range] = {}
        # By the number of the text; there is none of the number 0.
        self.object_ids, self.quality = [0], [0]
        for number, (pk, kind, object_id, quality) in enumerate(rows.iterator(chunk_size=5000), 1):
            self._numbers[pk] = number
            first = self._kinds.get(kind, range(number, number)).start
            self._kinds[kind] = range(first, number + 1)
            self.object_ids.append(object_id)
            self.quality.append(quality)
        self._held = _Held(_MOST_BYTES)

    def of_kind(self, kind: str) -> range:
        """The numbers of its texts, by title."""
        return self._kinds.get(kind, range(0))

    def words(self, wanted: Collection[str]) -> dict[str, Word]:
        """Where each of them stands; at most one query."""
        found = self._held.those_of(wanted)
        if new := [word for word in wanted if word not in found]:
            rows = SearchWord.objects.filter(word__in=new).values_list(
                "word", "found_in", "best_fields"
            )
            unpacked = dict.fromkeys(new, ())
            unpacked |= {word: self._unpacked(*packed) for word, *packed in rows}
            self._held.hold(unpacked)
            found |= unpacked
        return found

    def _unpacked(self, found_in: bytes, best_fields: bytes) -> Word:
        texts = _numbers_of("i", found_in)
        fields = (compress(texts, best_fields.translate(field)) for field in _IN_FIELD)
        # The text of a word that was written meanwhile may be a new one.
        return tuple(tuple(filter(None, map(self._numbers.get, field))) for field in fields)

    def neighbours(self, wanted: Collection[Term], words: Mapping[str, Word]) -> dict[Term, Word]:
        """Where the words of each term stand side by side, in its order; at most one query."""
        found = self._held.those_of(wanted)
        if new := [term for term in wanted if term not in found]:
            places = _places(
                {word for term in new if _share_a_text(term, words) for word in chain(*term)}
            )
            unpacked = {term: (self._side_by_side(term, places),) for term in new}
            self._held.hold(unpacked)
            found |= unpacked
        return found

    def _side_by_side(self, term: Term, places: Mapping[str, array]) -> tuple[int, ...]:
        each = [[places[word] for word in forms if word in places] for forms in term]
        rarest_first = sorted(enumerate(each), key=lambda one: sum(map(len, one[1])))
        starts: set[int] | None = None
        for number, forms in rarest_first:
            there = chain(*forms)
            if starts is None:
                starts = {place - number for place in there}
            elif starts:
                wanted = {start + number for start in starts}
                starts = {place - number for place in wanted.intersection(there)}
        texts = {start // _PLACES for start in starts or ()}
        return tuple(sorted(filter(None, map(self._numbers.get, texts))))


@lru_cache(maxsize=1)
def index_of(build: UUID) -> Index:
    return Index()


class _Held:
    """What was asked for last, in so many bytes; shared by threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._last_asked_at_the_end: dict[Hashable, Word] = {}
        self._lock = Lock()

    def those_of(self, keys: Iterable) -> dict:
        held = self._last_asked_at_the_end
        with self._lock:
            found = {key: held.pop(key) for key in keys if key in held}
            held.update(found)
        return found

    def hold(self, new: Mapping) -> None:
        held = self._last_asked_at_the_end
        with self._lock:
            for key, word in new.items():
                if key not in held:
                    held[key] = word
                    self._bytes += _bytes_of(word)
            while self._bytes > self._most_bytes:
                self._bytes -= _bytes_of(held.pop(next(iter(held))))


def _bytes_of(word: Word) -> int:
    return _BYTES + _BYTES_OF_A_TEXT * sum(map(len, word))


def _share_a_text(term: Term, words: Mapping[str, Word]) -> bool:
    first, *others = (
        chain.from_iterable(texts for word in forms for texts in words[word]) for forms in term
    )
    texts = set(first)
    for other in others:
        texts = texts.intersection(other)
    return bool(texts)


def _places(words: Collection[str]) -> dict[str, array]:
    if not words:
        return {}
    rows = SearchWord.objects.filter(word__in=words).values_list("word", "places")
    return {word: _numbers_of("q", places) for word, places in rows}


def _numbers_of(typecode: str, packed: bytes) -> array:
    """From the byte order of the network."""
    unpacked = array(typecode, packed)
    if sys.byteorder == "little":
        unpacked.byteswap()
    return unpacked
