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


def _marked(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(text):
        parts = list(_PART.finditer(match[0]))
        if len(parts) > 1 and "".join(_fold(part[0]) for part in parts) in words:
            yield match.span()
            continue
        for part in parts:
            if _fold(part[0]) in words:
                yield match.start() + part.start(), match.start() + part.end()
