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


def highlight(text: str, words: Collection[str]) -> SafeString:
    """The text as safe HTML, with `<mark>` around each word whose folded form is in `words`."""
    parts = []
    end = 0
    for start, stop in _marked(text, words):
        parts += [escape(text[end:start]), f"<mark>{escape(text[start:stop])}</mark>"]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))


def first_mark(text: str, words: Collection[str]) -> int | None:
    """Where the first word begins that `highlight` would mark, or None."""
    return next((start for start, _end in _marked(text, words)), None)


def _marked(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    # Most texts on a page of hits have none of them.
    if _forms(text).isdisjoint(words):
        return
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
