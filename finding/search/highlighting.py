import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ground.names import fold

# „Co-Working“ is also found as „Coworking“.
_WORD = re.compile(r"\w+(?:[-‐‑]\w+)+|\w+")
_PART = re.compile(r"\w+")
# The words of a language come back again and again, on every page of hits.
_fold = lru_cache(maxsize=30_000)(fold)


# A folded word, or a term: its words in their order, each in all of its forms.
Marked = str | tuple[frozenset[str], ...]


def highlight(text: str, words: Collection[Marked]) -> SafeString:
    """The text as safe HTML, with `<mark>` around each word or term of `words` that stands in it."""
    parts = []
    end = 0
    for start, stop in _marked(text, words):
        parts += [escape(text[end:start]), f"<mark>{escape(text[start:stop])}</mark>"]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))


def first_mark(text: str, words: Collection[Marked]) -> int | None:
    """Where the first of them begins that `highlight` would mark, or None."""
    return next((start for start, _end in _marked(text, words)), None)


def _marked(text: str, words: Collection[Marked]) -> Iterator[tuple[int, int]]:
    """Where they begin and end, one after the other, the longer of two that begin alike."""
    single, terms, first_of_terms = _told_apart(frozenset(words))
    # Most texts on a page of hits have none of them.
    there = _forms(text)
    found = [] if there.isdisjoint(single) else list(_marked_words(text, single))
    if not there.isdisjoint(first_of_terms):
        found += _marked_terms(text, terms)
    last = 0
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= last:
            yield start, end
            last = end


@lru_cache(maxsize=200)
def _told_apart(
    words: frozenset[Marked],
) -> tuple[frozenset[str], list[tuple[frozenset[str], ...]], frozenset[str]]:
    terms = [one for one in words if isinstance(one, tuple)]
    single = frozenset(one for one in words if isinstance(one, str))
    return single, terms, frozenset().union(*(term[0] for term in terms))


def _marked_terms(
    text: str, terms: Collection[tuple[frozenset[str], ...]]
) -> Iterator[tuple[int, int]]:
    there = [(part.start(), part.end(), _fold(part[0])) for part in _PART.finditer(text)]
    for place, (start, _end, _word) in enumerate(there):
        for term in terms:
            part = there[place : place + len(term)]
            if len(part) == len(term) and all(
                word in forms for (_start, _end, word), forms in zip(part, term, strict=True)
            ):
                yield start, part[-1][1]


def _marked_words(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(text):
        word = match[0]
        if _fold(word) in words:
            yield match.span()
        elif not word.isalnum():
            yield from _marked_parts(match, words)


@lru_cache(maxsize=4_000)
def _forms(text: str) -> frozenset[str]:
    """Everything in the text that could be marked, folded."""
    forms = set()
    for match in _WORD.finditer(text):
        parts = [_fold(part) for part in _PART.findall(match[0])]
        forms |= {_fold(match[0]), "".join(parts), *parts}
    return frozenset(forms)


def _marked_parts(match: re.Match[str], words: Collection[str]) -> Iterator[tuple[int, int]]:
    parts = list(_PART.finditer(match[0]))
    if "".join(_fold(part[0]) for part in parts) in words:
        yield match.span()
        return
    for part in parts:
        if _fold(part[0]) in words:
            yield match.start() + part.start(), match.start() + part.end()
