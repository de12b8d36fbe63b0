from array import array
from bisect import bisect_left
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
from itertools import chain
from math import log
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

from finding.search.documents import up_to_date
from finding.search.highlighting import Marked
from finding.search.index import WORTH, Index, index_of
from finding.search.pieces import Alternative, Closeness, Piece, Query
from finding.search.query import understand
from finding.search.searchable import names_of_kinds
from finding.search.thesaurus import thesaurus, thesaurus_of
from finding.search.vocabulary import vocabulary_of

T = TypeVar("T")

# With fewer hits of a kind than these, what comes less close is looked through as well.
ENOUGH = 5
# How much what comes so close counts.
_CLOSE = {
    Closeness.FORM: 1.3,
    Closeness.COMPOUND: 0.6,
    Closeness.SAME: 0.4,
    Closeness.NARROWER: 0.25,
    Closeness.PART: 0.15,
    Closeness.BROADER: 0.1,
}
# A text that says something in many words has more of it, but each of them adds less.
_AGAIN = 0.5
# What is not asked of a text counts so much where it stands.
_WEAK = 0.8

# What is only near to the words counts at least so much of the best that has them …
_FAR = 0.07
# … and beyond the first, so much of the best that is only near.
_NEARER = 0.5

# How much each point of quality adds to the rank of a text.
_FULLER = 0.02

# How much more is worth what is of the kind that the words name („App“).
_OF_KIND = 1.0

# Texts that lack words about as rare as the best ones do are as good as these.
_AS_GOOD = 0.03


# Of what comes less close so much is kept for searches inside of filters …
_MOST_FARTHER = 300
# … and so much is ranked of what lacks a word.
_MOST_LACKING = 300


@dataclass(frozen=True)
class Depth:
    """All that the words find of one kind, so that they can be looked for among some of it.

    What comes close counts before everything else, which is only looked at where there is too little of it.
    What has not all of the words is better than nothing, and than what hardly comes near to them.
    """

    close: Sequence[int]  # primary keys, best first
    close_ranks: Sequence[float]
    wide: Mapping[int, float]  # primary key → rank, best first
    most: Mapping[int, tuple[float, float]]  # how much of the words each has, and its rank

    @classmethod
    def of(
        cls,
        close: Mapping[int, float],
        wide: Mapping[int, float],
        most: Mapping[int, tuple[float, float]],
    ) -> "Depth":
        # Thousands may be kept for each search, so nothing but numbers is.
        return cls(tuple(close), array("d", close.values()), wide, most)

    @property
    def farther(self) -> Iterable[int]:
        return (*self.wide, *self.most)

    @property
    def is_empty(self) -> bool:
        return not (self.close or self.wide or self.most)

    @property
    def has_enough(self) -> bool:
        return len(self.close) + len(self.wide) >= ENOUGH

    def with_what_is_said_apart(self, further: "Depth") -> "Depth":
        """One text has the word whole; the same may be said apart."""
        if self.is_empty:
            return further
        close = frozenset(self.close)
        added = dict(zip(further.close, further.close_ranks, strict=True))
        wide = {pk: rank for pk, rank in added.items() if pk not in close} | self.wide
        return replace(self, wide={pk: wide[pk] for pk in _best_first(wide)})

    def among(self, has: Callable[[int], bool]) -> tuple[list[int], bool]:
        """What is found among those of which this is true, best first; whether nothing has all words."""
        found = [pk for pk in self.close if has(pk)]
        if len(found) < ENOUGH:
            # What is only about a part of a compound, or a wider field („Bus“ for „Mitfahrbank“), is
            # better than nothing, and than nothing else.
            wide = {pk: rank for pk, rank in self.wide.items() if has(pk)}
            best = self.close_ranks[0] if self.close else 0
            near = _not_far(wide, ENOUGH - len(found), best)
            found += self._with_lacking({pk: wide[pk] for pk in near}, has)
        if found:
            return found, False
        most = {pk: worth for pk, worth in self.most.items() if has(pk)}
        least = max((share for share, _rank in most.values()), default=0) - _AS_GOOD
        ranks = {pk: rank for pk, (share, rank) in most.items() if share >= least}
        return _best_first(ranks), bool(ranks)

    def _with_lacking(self, near: dict[int, float], has: Callable[[int], bool]) -> list[int]:
        """What lacks a word but says the others plainly is better than what hardly comes near to all of them.

        So as many of that stand between what comes near, best first, and nothing of it at the end.
        """
        most = {pk: worth for pk, worth in self.most.items() if near and has(pk)}
        words = max((int(share) for share, _rank in most.values()), default=0)
        plain = {
            pk: rank
            for pk, (share, rank) in most.items()
            if share >= words and rank > min(near.values())
        }
        return _best_first({pk: plain[pk] for pk in _best_first(plain)[: len(near)]} | near)


@dataclass(frozen=True)
class Hits:
    """What was found: primary keys by kind, best first; the words to mark; a better spelling or "".

    `missed` are the words that stand nowhere. Of the kinds in `partial` nothing has all of the others:
    what was found of them has most.
    """

    ids: Mapping[str, Sequence[int]]
    words: frozenset[Marked] = frozenset()
    suggestion: str = ""
    missed: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()
    asked: tuple[UUID, str] | None = None

    def depth(self, kind: str) -> Depth:
        """What the same words find of the kind inside of filters; without filters that is `ids`."""
        return _depth(*self.asked, kind) if self.asked else Depth.of({}, {}, {})


def find(
    q: str, *, kinds: Collection[str], among: Mapping[str, Container[int]] | None = None
) -> Hits:
    """Find what a person means by `q` among public things of these kinds.

    What has every word of `q`, in any form of it; where little of a kind has, what comes near to
    them or has most of them, the rarest first. "…" keeps words together, a minus excludes. Of the
    kinds that `among` names only those things are looked for, and where they are few, more widely.
    Never fails on any text.
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
        if read.spelt([word]) or vocabulary.forms(word):
            found[word] = sum(map(len, _find(build, word, asked).ids.values()))
        elif known.spelt([word]):
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
    for kind, depth in _depths(search, kinds, inside=False).items():
        found, is_partial = depth.among(lambda _pk: True)
        ids[kind] = tuple(found)
        if is_partial:
            partial.add(kind)
    return Hits(ids, query.words, query.suggestion, missed, frozenset(partial), (build, q))


@lru_cache(maxsize=128)
def _depth(build: UUID, q: str, kind: str) -> Depth:
    search = _Search(understand(q, build=build), index_of(build))
    return _depths(search, [kind], inside=True)[kind]


def _depths(search: "_Search", kinds: Collection[str], *, inside: bool) -> dict[str, Depth]:
    """`inside`: also what is only looked at inside of filters."""
    depths = search.depths(kinds, inside=inside)
    lacking = [
        kind
        for kind, depth in depths.items()
        if depth.is_empty or (search.is_hyphenated and not depth.has_enough)
    ]
    if lacking and (parts := search.in_parts()):
        # „E-Bike-Verleih“: nobody lends these, but there are E-Bikes, and others lend.
        for kind, further in parts.depths(lacking, inside=inside).items():
            depths[kind] = depths[kind].with_what_is_said_apart(further)
    return depths


class _Search:
    """One query, asked of the texts, which are numbers here."""

    def __init__(self, query: Query, index: Index) -> None:
        self._query = query
        self._index = index
        pieces = [*query.wanted, *query.excluded]
        heads = {piece.head for piece in query.wanted if piece.head}
        self._words = index.words(heads.union(*(piece.forms for piece in pieces)))
        every = (one for piece in pieces for group in piece.alternatives.values() for one in group)
        terms = {one.words for one in every if one.are_neighbours}
        self._terms = index.neighbours(terms, self._words)
        self._with_all: dict[Alternative, set[int]] = {}
        excluded = (self._having(piece, Closeness.FORM) for piece in query.excluded)
        self._excluded = set(chain.from_iterable(excluded))

    @property
    def is_hyphenated(self) -> bool:
        return any(piece.is_hyphenated for piece in self._query.pieces)

    def in_parts(self) -> "_Search | None":
        parts = self._query.in_parts()
        is_other = parts.needed and parts.pieces != self._query.pieces
        return _Search(parts, self._index) if is_other else None

    def depths(self, kinds: Collection[str], *, inside: bool) -> dict[str, Depth]:
        """Without `inside` only what is looked at without filters.

        Kinds are ranked together: a word is gone through once for all of them.
        """
        with_all = self._with_all_pieces(Closeness.NARROWER)
        close = self._ranks(with_all, kinds)
        wide: dict[str, dict[int, float]] = {kind: {} for kind in kinds}
        most: dict[str, dict[int, tuple[float, float]]] = {kind: {} for kind in kinds}
        if lacking := [kind for kind in kinds if inside or len(close[kind]) < ENOUGH]:
            widely = self._with_all_pieces(Closeness.BROADER)
            limit = _MOST_FARTHER if inside else None
            for kind, ranks in self._ranks(widely - with_all, lacking).items():
                wide[kind] = {text: ranks[text] for text in _best_first(ranks)[:limit]}
            lacking = [kind for kind in lacking if inside or wide[kind] or not close[kind]]
            if len(self._query.needed) > 1:
                most |= self._with_most(lacking, without=with_all.union(*wide.values()))
        return {
            kind: Depth.of(
                self._by_key(close[kind], _best_first(close[kind])),
                self._by_key(wide[kind], wide[kind]),
                self._by_key(most[kind], most[kind]),
            )
            for kind in kinds
        }

    def _by_key(self, found: Mapping[int, T], texts: Iterable[int]) -> dict[int, T]:
        key_of = self._index.object_ids
        return {key_of[text]: found[text] for text in texts}

    def _with_all_pieces(self, closeness: Closeness) -> set[int]:
        rarest, *others = sorted(self._query.needed, key=attrgetter("documents"))
        texts = set(self._having(rarest, closeness))
        for piece in others:
            texts = texts.intersection(self._having(piece, closeness))
        return texts - self._excluded

    def _with_most(
        self, kinds: Collection[str], *, without: set[int]
    ) -> dict[str, dict[int, tuple[float, float]]]:
        """What has most of the words; of as many words, those that stand in fewer texts."""
        worth: dict[int, float] = {}
        left_out = without | self._excluded
        for piece in self._query.needed:
            for text in set(self._having(piece, Closeness.BROADER)) - left_out:
                # Whole numbers count words; the fraction says how rare one is.
                worth[text] = worth.get(text, 0.0) + (1 + 1 / (10 + piece.documents))
        looked_at: set[int] = set()
        for texts in self._of_kinds(worth, kinds).values():
            ordered = sorted(texts, key=worth.__getitem__, reverse=True)
            least = worth[ordered[0]] - _AS_GOOD if ordered else 0
            looked_at.update(ordered[:_MOST_LACKING])
            looked_at.update(text for text in ordered if worth[text] >= least)
        return {
            kind: {text: (worth[text], rank) for text, rank in ranks.items()}
            for kind, ranks in self._ranks(looked_at, kinds).items()
        }

    def _of_kinds(self, texts: Iterable[int], kinds: Collection[str]) -> dict[str, list[int]]:
        """Those of each kind, by title."""
        ordered = sorted(texts)
        ranges = {kind: self._index.of_kind(kind) for kind in kinds}
        return {
            kind: ordered[bisect_left(ordered, of.start) : bisect_left(ordered, of.stop)]
            for kind, of in ranges.items()
        }

    def _ranks(self, texts: set[int], kinds: Collection[str]) -> dict[str, dict[int, float]]:
        """Those of each kind, with what stands there, the closer and the rarer the more; by title."""
        of_kinds = self._of_kinds(texts, kinds)
        summed = self._summed(set(chain.from_iterable(of_kinds.values())))
        quality, ranks = self._index.quality, {}
        for kind, some in of_kinds.items():
            named = self._of_named_kind(kind)
            # Of equals the fuller texts come first.
            ranks[kind] = {
                text: summed[text] * (1 + _FULLER * quality[text] + _OF_KIND * (text in named))
                for text in some
            }
        return ranks

    def _of_named_kind(self, kind: str) -> set[int]:
        """What is of the kind that the words name: of „Dorf-App“ what is an app, whatever it is for."""
        heads = {piece.head for piece in self._query.wanted} & names_of_kinds(kind)
        return {text for head in heads for in_name in self._words[head][:1] for text in in_name}

    def _summed(self, texts: set[int]) -> dict[int, float]:
        sums = dict.fromkeys(texts, 0.0)
        for piece in self._query.wanted if texts else ():
            counts = 1 if piece.is_where or piece in self._query.needed else _WEAK
            weight = counts / (1 + log(1 + piece.documents) / 4)
            for closeness, worth in self._levels(piece, texts):
                share = weight * _CLOSE[closeness]
                for text, there in worth.items():
                    sums[text] += share * (there if there < 1 else 1 + _AGAIN * log(there))
        return sums

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
                    self._add(worth, words, texts.intersection(self._with(alternative)), share)
            self._add(worth, single - closer, texts)
            closer |= single
            yield closeness, worth

    def _add(
        self, worth: dict[int, float], words: Iterable[str], texts: set[int], share: float = 1
    ) -> None:
        # In the same order always, as the last digits of a sum depend on it.
        for word in sorted(words) if texts else ():
            for counts, there in zip(WORTH, self._words[word], strict=False):
                counts *= share
                for text in texts.intersection(there):
                    worth[text] = worth.get(text, 0) + counts

    def _having(self, piece: Piece, closeness: Closeness) -> Iterator[int]:
        """The texts that have it, some of them more than once."""
        every = list(piece.up_to(closeness))
        single = set().union(*(one.words[0] for one in every if len(one.words) == 1))
        several = (self._with(one) for one in every if len(one.words) > 1)
        return chain(self._with_one(single), *several)

    def _with_one(self, words: Iterable[str]) -> Iterator[int]:
        return chain.from_iterable(chain.from_iterable(map(self._words.__getitem__, words)))

    def _with(self, several: Alternative) -> Iterable[int]:
        if several.are_neighbours:
            return self._terms[several.words][0]
        if several not in self._with_all:
            first, *others = several.words
            texts = set(self._with_one(first))
            for words in others:
                texts = texts.intersection(self._with_one(words))
            self._with_all[several] = texts
        return self._with_all[several]


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
