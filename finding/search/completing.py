"""What a person is probably typing: names, terms of the thesaurus and words that do stand somewhere."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from finding.models import SearchDocument, SearchWord
from finding.search.documents import up_to_date
from finding.search.stems import stem, words_of
from finding.search.thesaurus import thesaurus_of

MOST = 8
# A completion for one letter would be any.
SHORTEST = 2


class _Candidate(NamedTuple):
    words: str  # folded, with a space before each
    label: str
    weight: int


def complete(q: str, *, limit: int = MOST) -> list[str]:
    """Texts of which some word begins as `q` does, those that begin with it and the commonest first."""
    typed = " ".join(words_of(q))
    if len(typed) < SHORTEST:
        return []
    needle = f" {typed}"
    found = [one for one in _candidates(up_to_date()) if needle in one.words]
    found.sort(
        key=lambda one: (
            f"{needle} " not in f"{one.words} ",  # the very word
            not one.words.startswith(needle),
            -one.weight,
            len(one.label),
            one.label,
        )
    )
    return list(dict.fromkeys(one.label for one in found))[:limit]


@lru_cache(maxsize=1)
def _candidates(build: UUID) -> tuple[_Candidate, ...]:
    """All that can be offered, once per build; three queries."""
    rows = list(
        SearchWord.objects.filter(documents__gte=2).values_list("spelling", "documents", "stem")
    )
    words = [(spelling, documents) for spelling, documents, _stem in rows if len(spelling) >= 4]
    counts: dict[str, int] = {}
    for _spelling, documents, word_stem in rows:
        counts[word_stem] = counts.get(word_stem, 0) + documents
    terms = [
        (label, sum(counts.get(stem(word), 0) for word in term))
        for label, term in thesaurus_of(build).labelled
        # Offered only where it leads to something.
        if all(stem(word) in counts for word in term)
    ]
    titles = SearchDocument.objects.values_list("title", "quality")
    names = [(title, 20 + quality) for title, quality in titles]
    return tuple(_distinct([*names, *terms, *words]))


def _distinct(offers: Iterable[tuple[str, int]]) -> Iterable[_Candidate]:
    seen: set[str] = set()
    for label, weight in offers:
        words = "".join(f" {word}" for word in words_of(label))
        if words and words not in seen:
            seen.add(words)
            yield _Candidate(words, label, weight)
