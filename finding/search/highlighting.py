import re
from collections.abc import Collection
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ground.names import fold

_WORD = re.compile(r"\w+")
# The words of a language come back again and again, on every page of hits.
_fold = lru_cache(maxsize=30_000)(fold)


def highlight(text: str, words: Collection[str]) -> SafeString:
    """The text as safe HTML, with `<mark>` around each word whose folded form is in `words`."""
    parts = []
    end = 0
    for match in _WORD.finditer(text):
        if _fold(match[0]) in words:
            parts += [escape(text[end : match.start()]), f"<mark>{escape(match[0])}</mark>"]
            end = match.end()
    return mark_safe("".join([*parts, escape(text[end:])]))
