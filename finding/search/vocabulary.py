"""The words that stand in the texts of a build, and which of them resemble another."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Value
from django.db.models.functions import Greatest

from finding.models import SearchWord
from finding.search.compounds import SHORT_PARTS, SHORTEST_PART, Lexicon
from finding.search.reading import MOST_CHARACTERS
from finding.search.stems import stem, words_of
from finding.search.stop_words import STOP_WORDS
from finding.search.thesaurus import Thesaurus, thesaurus_of

# More forms than these of one word do not find more, they only cost.
MOST_FORMS = 200
# A shorter word with another letter is another word.
_SHORTEST_SLIP = 6
_ENDINGS = "emnrs"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Vocabulary:
    """All words that stand in texts; one query. Immutable, and shared by all searches of a build."""

    def __init__(self, known: Thesaurus) -> None:
        self._by_stem: dict[str, list[str]] = {}
        self._by_part: dict[str, list[str]] = {}
        self._documents: dict[str, int] = {}
        spellings: dict[str, str] = {}
        rows = SearchWord.objects.order_by("-documents", "word").values_list(
            "word", "spelling", "stem", "parts", "documents"
        )
        for word, spelling, word_stem, parts, documents in rows:
            self._documents[word] = documents
            spellings[word] = spelling
            self._by_stem.setdefault(word_stem, []).append(word)
            for part in parts:
                self._by_part.setdefault(part, []).append(word)
        self._sorted = sorted(self._documents)
        # What compounds that people type can be made of.
        self.lexicon = Lexicon(known.written | spellings)
        self._written = known.written | spellings

    def forms(self, word: str) -> list[str]:
        return self.of_stem(stem(word))

    def of_stem(self, word_stem: str) -> list[str]:
        return self._by_stem.get(word_stem, [])[:MOST_FORMS]

    def compounds(self, word: str) -> list[str]:
        if len(word) < SHORTEST_PART and word not in SHORT_PARTS:
            return []
        return self._by_part.get(stem(word), [])[:MOST_FORMS]

    def both(self, word: str) -> list[str]:
        return self.forms(word) + self.compounds(word)

    def ending(self, letters: str) -> list[str]:
        """The longer words that end so."""
        found = (word for word in self._sorted if word.endswith(letters) and word != letters)
        return list(islice(found, MOST_FORMS))

    def beginning(self, letters: str) -> list[str]:
        """The words that begin so."""
        start = bisect_left(self._sorted, letters)
        end = bisect_left(self._sorted, f"{letters}\uffff")
        return self._sorted[start : min(end, start + MOST_FORMS)]

    def one_slip_from(self, word: str) -> str:
        """A known word that differs in one letter, or two swapped, but begins alike; or ""."""
        if word in self._written or len(word) < _SHORTEST_SLIP:
            return ""
        near = [other for other in _with_one_slip(word) if other in self._written]
        return max(near, key=lambda other: (self._documents.get(other, 0), other), default="")

    def is_written(self, word: str) -> bool:
        """Whether a text or the thesaurus has just this word."""
        return word in self._written

    def spelling(self, words: Sequence[str]) -> str:
        """The words as one, as texts write it: „Fahrradstellplätze“."""
        return "".join(self._written.get(word, word).lower() for word in words).capitalize()

    def documents(self, words: Iterable[str]) -> int:
        return sum(self._documents.get(word, 1) for word in words)


@lru_cache(maxsize=1)
def vocabulary_of(build: UUID) -> Vocabulary:
    return Vocabulary(thesaurus_of(build))


def _with_one_slip(word: str) -> Iterator[str]:
    for place in range(1, len(word)):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            # Another ending is another form.
            if len(after) > 1 or letter not in _ENDINGS or after not in _ENDINGS:
                yield before + letter + after[1:]


def near_words(text: str, *, most: int = 5) -> list[str]:
    """Words that do stand in texts and resemble what was typed, as they are written there; one query."""
    words = [word for word in words_of(text[:MOST_CHARACTERS]) if word not in STOP_WORDS][:4]
    if not words:
        return []
    likeness = Greatest(*(TrigramSimilarity("word", word) for word in words), Value(0.0))
    rows = (
        SearchWord.objects.annotate(likeness=likeness)
        .filter(likeness__gte=0.3)
        .order_by("-likeness", "-documents")
        .values_list("spelling", flat=True)
    )
    return list(dict.fromkeys(rows[:most]))
