from collections.abc import Collection
from html import unescape
from urllib.parse import urlsplit

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.markup import counted, thousands
from projects.search import highlight

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
    before = str(highlight(text, words)).partition("<mark>")[0]
    hit = len(unescape(before)) if len(before) < len(text) else 0
    start = max(0, text.rfind(" ", 0, max(0, hit - EXCERPT_LENGTH // 3)) + 1)
    end = start + EXCERPT_LENGTH
    part = text[start:end]
    return format_html(
        "{}{}{}", "… " if start else "", highlight(part, words), " …" if end < len(text) else ""
    )
