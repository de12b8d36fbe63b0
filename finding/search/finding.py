from collections.abc import (
    Callable,
    Collection,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from typing import TypeVar
from uuid import UUID

from finding.search.documents import up_to_date
from finding.search.index import MOST_WORTH, Index, index_of
from finding.search.query import (
    Alternative,
    Closeness,
    Piece,
    Query,
    understand,
    vocabulary_of,
)
from finding.search.searchable import names_of_kinds
from finding.search.thesaurus import thesaurus, thesaurus_of

T = TypeVar("T")

# With fewer hits of a kind than these, what comes less close is looked through as well.
ENOUGH = 5
# How much what comes so close counts, at most.
_CLOSE = {
    Closeness.FORM: 1.3,
    Closeness.COMPOUND: 0.6,
    Closeness.SAME: 0.4,
    Closeness.NARROWER: 0.25,
    Closeness.PART: 0.15,
    Closeness.BROADER: 0.1,
}
# What is not asked of a text counts so much where it stands.
_WEAK = 0.5

# What is only near to the words counts at least so much of the best that has them …
_FAR = 0.06
# … and beyond the first, so much of the best that is only near.
_NEARER = 0.5

# How much each point of quality adds to the rank of a text.
_FULLER = 0.02

# How much more is worth what is of the kind that the words name („App“).
_OF_KIND = 1.0

# Texts that lack words about as rare as the best ones do are as good as these.
_AS_GOOD = 0.03


# Of what comes less close so much is kept for searches inside of filters.
_MOST_FARTHER = 300


@dataclass(frozen=True)
class Depth:
    """All that the words find of one kind, so that they can be looked for among some of it.

    What comes close counts before what comes less close, and that before what has not all of the words;
    each is only looked at where there is too little of what is before it.
    """

    close: Mapping[int, float]  # primary key → rank, best first
    wide: Mapping[int, float]
    most: Mapping[int, tuple[float, float]]  # how much of the words each has, and its rank

    @property
    def farther(self) -> Iterable[int]:
        return (*self.wide, *self.most)

    def among(self, has: Callable[[int], bool]) -> tuple[list[int], bool]:
        """What is found among those of which this is true, best first; whether nothing has all words."""
        found = [pk for pk in self.close if has(pk)]
        if len(found) < ENOUGH:
            # What is only about a part of a compound, or a wider field („Bus“ for „Mitfahrbank“), is
            # better than nothing, and than nothing else.
            wide = {pk: rank for pk, rank in self.wide.items() if has(pk)}
            best = next(iter(self.close.values()), 0)
            found += _not_far(wide, ENOUGH - len(found), best)
        if found:
            return found, False
        most = {pk: worth for pk, worth in self.most.items() if has(pk)}
        least = max((share for share, _rank in most.values()), default=0) - _AS_GOOD
        ranks = {pk: rank for pk, (share, rank) in most.items() if share >= least}
        return _best_first(ranks), bool(ranks)


@dataclass(frozen=True)
class Hits:
    """What was found: primary keys by kind, best first; the words to mark; a better spelling or "".

    `missed` are the words that stand nowhere. Of the kinds in `partial` nothing has all of the others:
    what was found of them has most.
    """

    ids: Mapping[str, Sequence[int]]
    words: frozenset[str] = frozenset()
    suggestion: str = ""
    missed: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()
    asked: tuple[UUID, str] | None = None

    def depth(self, kind: str) -> Depth:
        """What the same words find of the kind inside of filters; without filters that is `ids`."""
        return _depth(*self.asked, kind) if self.asked else Depth({}, {}, {})


def find(
    q: str, *, kinds: Collection[str], among: Mapping[str, Container[int]] | None = None
) -> Hits:
    """Find what a person means by `q` among public things of these kinds.

    What has every word of `q`, in any form of it; where nothing of a kind has, what has most of them,
    the rarest first. "…" keeps words together, a minus excludes. Of the kinds that `among` names only
    those things are looked for, and where they are few, more widely. Never fails on any text.
    """
    hits = _find(up_to_date(), q.strip(), tuple(sorted(kinds)))
    if not among:
        return hits
    inside = {kind: hits.depth(kind).among(some.__contains__) for kind, some in among.items()}
    partial = {kind for kind, (_ids, is_partial) in inside.items() if is_partial}
    return replace(
        hits,
        ids={**hits.ids, **{kind: ids for kind, (ids, _is_partial) in inside.items()}},
        partial=(hits.partial - inside.keys()) | partial,
    )


def known_by_now(words: Iterable[str], *, kinds: Collection[str]) -> dict[str, int | None]:
    """Of single words, those that texts or the thesaurus have, with how much each finds of these kinds.

    None where the thesaurus has a word that the search has not read yet, which it does each minute.
    Nothing is guessed for the other words, so none of them costs a query of its own.
    """
    build = up_to_date()
    known, read, vocabulary = thesaurus(), thesaurus_of(build), vocabulary_of(build)
    asked = tuple(sorted(kinds))
    found: dict[str, int | None] = {}
    for word in words:
        if (word,) in read or vocabulary.forms(word):
            found[word] = sum(map(len, _find(build, word, asked).ids.values()))
        elif (word,) in known:
            found[word] = None
    return found


@lru_cache(maxsize=512)
def _find(build: UUID, q: str, kinds: tuple[str, ...]) -> Hits:
    """Kept per process for as long as the documents are the same: clicking facets repeats a search."""
    query = understand(q, build=build)
    missed = tuple(query.missed)
    if query.finds_nothing:
        return Hits(dict.fromkeys(kinds, ()), suggestion=query.suggestion, missed=missed)
    search = _Search(query, index_of(build))
    ids, partial = {}, set()
    for kind in kinds:
        found, is_partial = _depth_of(search, kind, inside=False).among(lambda _pk: True)
        ids[kind] = tuple(found)
        if is_partial:
            partial.add(kind)
    return Hits(ids, query.words, query.suggestion, missed, frozenset(partial), (build, q))


@lru_cache(maxsize=128)
def _depth(build: UUID, q: str, kind: str) -> Depth:
    return _depth_of(_Search(understand(q, build=build), index_of(build)), kind, inside=True)


def _depth_of(search: "_Search", kind: str, *, inside: bool) -> Depth:
    """`inside`: also what is only looked at inside of filters."""
    depth = search.depth(kind, inside=inside)
    has_enough = len(depth.close) + len(depth.wide) >= ENOUGH
    is_empty = not (depth.close or depth.wide or depth.most)
    is_looked_for_in_parts = is_empty or (search.is_hyphenated and not has_enough)
    if not is_looked_for_in_parts or not (parts := search.in_parts()):
        return depth
    # „E-Bike-Verleih“: nobody lends these, but there are E-Bikes, and others lend.
    further = parts.depth(kind, inside=inside)
    if is_empty:
        return further
    # One text has the word whole; the same may be said apart.
    added = {pk: rank for pk, rank in further.close.items() if pk not in depth.close}
    wide = added | depth.wide
    return replace(depth, wide={pk: wide[pk] for pk in _best_first(wide)})


class _Search:
    """One query, asked of the texts."""

    def __init__(self, query: Query, index: Index) -> None:
        self._query = query
        self._index = index
        pieces = [*query.wanted, *query.excluded]
        self._known: dict[Alternative, set[int]] = {}
        heads = {piece.head for piece in query.wanted if piece.head}
        self._words = index.words(heads.union(*(piece.forms for piece in pieces)))
        excluded = (self._having(piece, Closeness.FORM) for piece in query.excluded)
        self._excluded = set().union(*excluded)
        self._close = [self._having(piece, Closeness.NARROWER) for piece in query.needed]
        self._wide = [self._having(piece, Closeness.BROADER) for piece in query.needed]

    @property
    def is_hyphenated(self) -> bool:
        return any(piece.is_hyphenated for piece in self._query.pieces)

    def in_parts(self) -> "_Search | None":
        parts = self._query.in_parts()
        is_other = parts.needed and parts.pieces != self._query.pieces
        return _Search(parts, self._index) if is_other else None

    def depth(self, kind: str, *, inside: bool) -> Depth:
        """Without `inside` only what is looked at without filters."""
        texts = self._index.of_kind(kind).keys() - self._excluded
        close = self._ranks(texts.intersection(*self._close), kind)
        wide: dict[int, float] = {}
        most: dict[int, tuple[float, float]] = {}
        if inside or len(close) < ENOUGH:
            wide = self._ranks(texts.intersection(*self._wide) - close.keys(), kind)
        if len(self._wide) > 1 and (inside or not (close or wide)):
            most = self._with_most(texts, kind, inside=inside)
        limit = _MOST_FARTHER if inside else None
        return Depth(
            self._by_key(close, _best_first(close)),
            self._by_key(wide, _best_first(wide)[:limit]),
            self._by_key(most, most),
        )

    def _by_key(self, found: Mapping[int, T], texts: Iterable[int]) -> dict[int, T]:
        return {self._index.texts[text].object_id: found[text] for text in texts}

    def _with_most(
        self, texts: set[int], kind: str, *, inside: bool
    ) -> dict[int, tuple[float, float]]:
        """What has most of the words; of as many words, those that stand in fewer texts."""
        worth = dict.fromkeys(texts.intersection(set().union(*self._wide)), 0.0)
        for piece, having in zip(self._query.needed, self._wide, strict=True):
            for text in having & worth.keys():
                # Whole numbers count words; the fraction says how rare one is.
                worth[text] += 1 + 1 / (10 + piece.documents)
        ordered = _best_first(worth)
        if inside:
            ordered = ordered[:_MOST_FARTHER]
        else:
            least = worth[ordered[0]] - _AS_GOOD if ordered else 0
            ordered = [text for text in ordered if worth[text] >= least]
        ranks = self._ranks(set(ordered), kind)
        return {text: (worth[text], rank) for text, rank in ranks.items()}

    def _ranks(self, texts: set[int], kind: str) -> dict[int, float]:
        """For each piece what stands there, the closer and the rarer the more; the fuller texts before equals."""
        ranks = dict.fromkeys((text for text in self._index.of_kind(kind) if text in texts), 0.0)
        for piece in self._query.wanted:
            counts = 1 if piece.is_where or piece in self._query.needed else _WEAK
            weight = counts / (1 + log(1 + piece.documents) / 4)
            for closeness, worth in self._levels(piece, texts):
                share = weight * _CLOSE[closeness]
                for text, worth_there in worth.items():
                    ranks[text] += share * min(1, worth_there)
        known = self._index.texts
        of_kind = self._of_named_kind(kind)
        for text in ranks:
            ranks[text] *= 1 + _FULLER * known[text].quality + _OF_KIND * (text in of_kind)
        return ranks

    def _of_named_kind(self, kind: str) -> set[int]:
        """What is of the kind that the words name: of „Dorf-App“ what is an app, whatever it is for."""
        heads = {piece.head for piece in self._query.wanted} & names_of_kinds(kind)
        return {
            text
            for head in heads & self._words.keys()
            for text, worth in self._words[head].worth.items()
            if worth == MOST_WORTH
        }

    def _levels(
        self, piece: Piece, texts: set[int]
    ) -> Iterator[tuple[Closeness, dict[int, float]]]:
        """How much each text has of what comes just so close and no closer."""
        closer: set[str] = set()
        for closeness in sorted(piece.alternatives):
            worth: dict[int, float] = {}
            single = set()
            for alternative in piece.alternatives[closeness]:
                if len(alternative.words) == 1:
                    single |= alternative.words[0]
                else:
                    words = set().union(*alternative.words)
                    # A term of two words is worth no more than one of one.
                    share = 1 / len(alternative.words)
                    self._add(worth, words, self._with(alternative) & texts, share)
            self._add(worth, single - closer, texts)
            closer |= single
            yield closeness, worth

    def _add(
        self, worth: dict[int, float], words: Iterable[str], texts: set[int], share: float = 1
    ) -> None:
        # In the same order always, as the last digits of a sum depend on it.
        for word in sorted(words):
            if word in self._words:
                there = self._words[word].worth
                for text in there.keys() & texts:
                    worth[text] = worth.get(text, 0) + share * there[text]

    def _having(self, piece: Piece, closeness: Closeness) -> set[int]:
        return set().union(*map(self._with, piece.up_to(closeness)))

    def _with(self, alternative: Alternative) -> set[int]:
        if alternative not in self._known:
            self._known[alternative] = self._look_for(alternative)
        return self._known[alternative]

    def _look_for(self, alternative: Alternative) -> set[int]:
        if alternative.are_neighbours:
            return self._index.neighbours(alternative.words, self._words)
        each = (
            set().union(*(self._words[word].worth for word in words if word in self._words))
            for words in alternative.words
        )
        return set.intersection(*each)


def _best_first(ranks: Mapping[int, float]) -> list[int]:
    return sorted(ranks, key=ranks.__getitem__, reverse=True)


def _not_far(ranks: Mapping[int, float], most: int, best: float) -> list[int]:
    """The first of them, and what is nearly as near; nothing that is far below the `best` of others."""
    ordered = _best_first(ranks)
    least = max(ranks.values(), default=0) * _NEARER
    return [
        text
        for place, text in enumerate(ordered)
        if ranks[text] >= best * _FAR and (place < most or ranks[text] >= least)
    ]
