"""Words that mean the same, or nearly the same, to people who search."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from uuid import UUID

from finding.models import Synonyms
from finding.search.stems import stem, words_of
from finding.search.stop_words import STOP_WORDS

# No entry of the thesaurus has more words („mobiles Bürgerbüro auf Rädern“ is a text, not a term).
MOST_WORDS_OF_A_TERM = 4
# Fewer letters than these make another word by chance, however they are joined.
_FEWEST_LETTERS = 4

Term = tuple[str, ...]  # folded words
Key = tuple[str, ...]  # their stems


@dataclass(frozen=True)
class Related:
    """What else a term may mean, the term itself left out; `same` before `narrower` before `broader`."""

    same: tuple[Term, ...] = ()
    narrower: tuple[Term, ...] = ()
    broader: tuple[Term, ...] = ()


class Thesaurus:
    """Immutable. Terms are known by their stems, so that any form of them is."""

    def __init__(self, groups: list[tuple[str, str]]) -> None:
        """`groups`: words and narrower words as the editors write them, separated by commas."""
        self._same = [_terms(words) for words, _narrower in groups]
        self._narrower = [_terms(narrower) for _words, narrower in groups]
        self._groups_of: dict[Key, list[int]] = {}
        self._kinds_of: dict[Key, list[int]] = {}
        for number, (same, narrower) in enumerate(zip(self._same, self._narrower, strict=True)):
            for term in same:
                self._groups_of.setdefault(_key(term), []).append(number)
            for term in narrower:
                self._kinds_of.setdefault(_key(term), []).append(number)
        # As the editors write them, for suggestions.
        self.labelled = tuple(
            (label.strip(), tuple(words_of(label)))
            for words, narrower in groups
            for label in (*words.split(","), *narrower.split(","))
            if label.strip()
        )
        # How each of its words is written.
        self.written = {
            folded: written
            for label, _term in self.labelled
            for written in label.replace("-", " ").replace("/", " ").split()
            for folded in words_of(written)
        }

        # A group's own spelling before those of the groups that only have it as a kind.
        terms = (*chain(*self._same), *chain(*self._narrower))
        self._by_letters = {stem("".join(term)): term for term in reversed(terms)}
        self._as_written = {term for _label, term in self.labelled}

    def names(self, word: str) -> bool:
        """Whether it is a term as it stands; `in` also knows its other forms, „testen“ for „Test“."""
        return (word,) in self._as_written

    def __contains__(self, term: Term) -> bool:
        key = _key(term)
        return key in self._groups_of or key in self._kinds_of

    def spelt(self, words: Sequence[str]) -> Term | None:
        """The term that these words are, wherever they are joined or apart; None for no term.

        „Geo Daten Portal“ is the „Geodaten-Portal“; „e. V.“ is no „EV“, and „vor Schulen“ no „Vorschule“.
        """
        term, letters = tuple(words), "".join(words)
        if term in self:
            return term
        is_short = len(letters) < _FEWEST_LETTERS and letters.isalpha()
        is_chance = is_short or not STOP_WORDS.isdisjoint(words)
        return None if is_chance else self._by_letters.get(stem(letters))

    def related(self, term: Term) -> Related:
        key = _key(term)
        own, of = self._groups_of.get(key, []), self._kinds_of.get(key, [])
        same = _distinct((term for number in own for term in self._same[number]), {key})
        below = [term for number in own for term in self._narrower[number]]
        known = {key, *map(_key, same)}
        narrower = _distinct(below, known)
        # What means the same as a kind of it is found after the kinds, as is the thing in general.
        twins = [
            twin
            for term in below
            for number in self._groups_of.get(_key(term), ())
            for twin in self._same[number]
        ]
        groups_above = [*of, *(n for term in same for n in self._kinds_of.get(_key(term), ()))]
        above = [term for number in groups_above for term in self._same[number]]
        broader = _distinct([*twins, *above], known | set(map(_key, narrower)))
        return Related(tuple(same), tuple(narrower), tuple(broader))


def thesaurus() -> Thesaurus:
    """The thesaurus as it is now; one query."""
    return Thesaurus(list(Synonyms.objects.order_by("pk").values_list("words", "narrower")))


@lru_cache(maxsize=2)
def thesaurus_of(build: UUID) -> Thesaurus:
    """The thesaurus as it was read first for a build of the documents."""
    return thesaurus()


def _terms(words: str) -> list[Term]:
    terms = (tuple(words_of(word)) for word in words.split(","))
    return [term for term in terms if term and len(term) <= MOST_WORDS_OF_A_TERM]


def _key(term: Term) -> Key:
    return tuple(map(stem, term))


def _distinct(terms: Iterator[Term] | list[Term], known: set[Key]) -> list[Term]:
    return list({_key(term): term for term in terms if _key(term) not in known}.values())
