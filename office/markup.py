"""Pieces of the administration's pages that no template of Django's has."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def link(url: str, label: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, label)


def link_list(links: list[tuple[str, str]]) -> SafeString:
    """A list of links, or "" where there is none."""
    if not links:
        return SafeString()
    items = format_html_join("", '<li><a href="{}">{}</a></li>', links)
    return format_html('<ul class="plain-list">{}</ul>', items)
