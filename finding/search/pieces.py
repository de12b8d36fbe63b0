"""What a question consists of: words and terms, and what stands for each in the texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from finding.search.highlighting import Marked
from finding.search.stop_words import STOP_WORDS


class Closeness(IntEnum):
    """How close a word of the texts comes to what was typed."""

    FORM = 0
    COMPOUND = 1
    SAME = 2
    NARROWER = 3
    PART = 4
    BROADER = 5


class Alternative(NamedTuple):
    """All of these must stand in a text, each in one of its forms; as neighbours or anywhere."""

    words: tuple[frozenset[str], ...]
    are_neighbours: bool = False


@dataclass
class Piece:
    """One word, a term of several, or a phrase in quotation marks, and what they were translated into."""

    words: list[str]
    is_phrase: bool = False
    is_excluded: bool = False
    is_hyphenated: bool = False
    # Need not stand in a text that has the others.
    is_weak: bool = False
    # Where a question asks it („in der Turnhalle“), not what.
    is_where: bool = False
    alternatives: dict[Closeness, list[Alternative]] = field(default_factory=dict)
    # In how many texts its words stand, at most; and its own forms alone.
    documents: int = 0
    standing: int = 0
    # What we take a misspelt word for.
    meant: str = ""
    # The last word of it, what the rest says more of („App“ of „Dorf-App“).
    head: str = ""
    # What it is made of, for where nothing has all of it.
    parts: list["Piece"] = field(default_factory=list)

    @property
    def forms(self) -> set[str]:
        """All words by which it can be found."""
        every = (one for group in self.alternatives.values() for one in group)
        return {word for alternative in every for words in alternative.words for word in words}

    @property
    def marked(self) -> set[Marked]:
        """What of a text says it: of „freie Parkplätze“ not the „freien“ of something else."""
        found: set[Marked] = set()
        for group in self.alternatives.values():
            for one in group:
                found |= {one.words} if one.are_neighbours else set().union(*one.words)
        return found

    @property
    def stands_somewhere(self) -> bool:
        return any(self.alternatives.get(c) for c in (Closeness.FORM, Closeness.COMPOUND))

    def single_forms(self, closeness: Closeness) -> set[str]:
        """The words that may stand for it by themselves, up to so close."""
        return {
            word
            for level, group in self.alternatives.items()
            for one in group
            if level <= closeness and len(one.words) == 1
            for word in one.words[0]
        }

    def add(
        self,
        closeness: Closeness,
        alternative: Sequence[Iterable[str]],
        *,
        are_neighbours: bool = False,
    ) -> None:
        """Nothing happens where one of its words stands in no text."""
        sets = tuple(map(frozenset, alternative))
        if sets and all(sets):
            added = Alternative(sets, are_neighbours)
            self.alternatives.setdefault(closeness, []).append(added)

    def up_to(self, closeness: Closeness) -> Iterator[Alternative]:
        """What comes at least as close, or the closest that there is."""
        least = max(closeness, min(self.alternatives, default=closeness))
        for level, group in self.alternatives.items():
            if level <= least:
                yield from group


@dataclass
class Query:
    pieces: list[Piece]
    suggestion: str = ""

    @property
    def wanted(self) -> list[Piece]:
        """The pieces that stand in some text."""
        return [piece for piece in self.pieces if not piece.is_excluded and piece.forms]

    @property
    def needed(self) -> list[Piece]:
        """What of that a text must say: all but the weak ones, unless nothing else was asked."""
        wanted = self.wanted
        strong = [piece for piece in wanted if not piece.is_weak]
        strong = [piece for piece in strong if not piece.is_where] or strong
        # Of „digitale Akten“ the „digital“ in every text is no answer where nothing tells of „Akten“.
        is_pointless = any(not (piece.is_weak or piece.is_excluded) for piece in self.pieces)
        return strong or ([] if is_pointless else wanted)

    @property
    def missed(self) -> list[str]:
        """The words that stand nowhere, in no form."""
        return [
            word
            for piece in self.pieces
            if not (piece.is_excluded or piece.forms) or piece.meant
            for word in piece.words
        ]

    @property
    def is_empty(self) -> bool:
        return not any(not piece.is_excluded for piece in self.pieces)

    @property
    def finds_nothing(self) -> bool:
        return not self.needed

    @property
    def words(self) -> frozenset[Marked]:
        """What counts as a hit, folded, for highlighting: words, and terms whose words stand side by side."""
        needed = self.needed
        # Of what need not be there only the very word: „Landkreis“ for the „Ort“ of a question is noise.
        found = (
            piece.marked if piece in needed else piece.single_forms(Closeness.FORM)
            for piece in self.wanted
        )
        # The „der“ of a term is no reason to be there.
        return frozenset(
            one
            for some in found
            for one in some
            if isinstance(one, tuple) or (len(one) > 1 and one not in STOP_WORDS)
        )

    def in_parts(self) -> "Query":
        """The same with every compound as words of their own."""
        return Query([part for piece in self.pieces for part in piece.parts or [piece]])

    @property
    def excluded(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.is_excluded]
