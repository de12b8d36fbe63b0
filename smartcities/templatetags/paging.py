from collections.abc import Iterator

from django import template
from django.core.paginator import Page

register = template.Library()


@register.filter
def elided(page: Page) -> Iterator[int | str]:
    """Page numbers around this page, with the first, the last and gaps between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
