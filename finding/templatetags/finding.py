from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from finding.markup import counted, thousands
from finding.search import first_mark, highlight

EXCERPT_LENGTH = 180

register = template.Library()


register.filter(thousands)
register.filter(counted)


@register.filter
def bare_host(url: str) -> str:
    """https://www.ulm.de/leben → „ulm.de“."""
    return urlsplit(url).netloc.removeprefix("www.")


@register.filter
def marked(text: str, words: Collection[str]) -> SafeString:
    return highlight(text, words)


@register.filter
def excerpt(text: str, words: Collection[str]) -> SafeString:
    """The part of the text in which the first of the words stands, with all of them marked."""
    if len(text) <= EXCERPT_LENGTH:
        return highlight(text, words)
    hit = first_mark(text, words) or 0
    start = max(0, text.rfind(" ", 0, max(0, hit - EXCERPT_LENGTH // 3)) + 1)
    end = text.rfind(" ", 0, start + EXCERPT_LENGTH) if start + EXCERPT_LENGTH < len(text) else None
    return format_html(
        "{}{}{}", "… " if start else "", highlight(text[start:end], words), " …" if end else ""
    )


@register.filter
def why(entry: Any, words: Collection[str]) -> SafeString:
    """The line that says why this was found: of its texts the first that has a mark, or the first.

    Of a text that is a list, only what has one.
    """
    texts = getattr(entry, "texts", None) or [("", getattr(entry, "summary", ""))]
    for label, text in texts:
        said = text if isinstance(text, str) else ", ".join(_with_mark(text, words))
        if first_mark(said, words) is not None:
            return format_html("{}{}", f"{label}: " if label else "", excerpt(said, words))
    return excerpt(next((text for label, text in texts if text and not label), ""), words)


def _with_mark(texts: Collection[str], words: Collection[str]) -> list[str]:
    # Looking at them together first is looking once where none has any.
    if first_mark(", ".join(texts), words) is None:
        return []
    return [text for text in texts if first_mark(text, words) is not None]
