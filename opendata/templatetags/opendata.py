from dataclasses import replace

from django import template
from django.urls import reverse

from finding.listing import Listing
from opendata.licence import OFFICIAL_SOURCE
from opendata.lists import list_of_page

register = template.Library()

_LABELS = {"xlsx": "als Tabelle (XLSX)", "csv": "CSV", "json": "JSON", "atom": "Feed"}


@register.simple_tag
def official_source() -> str:
    """How the official list of municipalities is to be named."""
    return OFFICIAL_SOURCE


@register.simple_tag
def take_along(listing: Listing) -> list[tuple[str, str]]:
    """What is shown as files, just as it is filtered: their names and addresses."""
    of = list_of_page(listing.words.url_name)
    if of is None:
        return []
    changes = {"page": 1} | ({"view": ""} if hasattr(listing.selection, "view") else {})
    query = replace(listing.selection, **changes).query()
    return [
        (label, f"{reverse('opendata:export', args=[of.name, ending])}{query}")
        for ending, label in _LABELS.items()
    ]
