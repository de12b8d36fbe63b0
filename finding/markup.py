"""The pieces of a list page that stand there by the dozen: in a template each would cost ten times as much.

They say the same again and again, so the last few thousand are kept.
"""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from finding.map import POINT_RADIUS, Point


def thousands(number: int) -> str:
    """7300 → „7.300“, as German texts write it."""
    return f"{number:,}".replace(",", ".")


def counted(number: int, words: str) -> str:
    """`counted(1, "Projekt,Projekte")` → „1 Projekt“."""
    one, many = words.split(",")
    return f"{thousands(number)} {one if number == 1 else many}"


@lru_cache(maxsize=5000)
def facet_option(
    name: str, value: str, label: str, count: int, *, is_chosen: bool, is_dead_end: bool
) -> SafeString:
    """A checkbox with the number of hits behind it; one that would find nothing cannot be ticked."""
    return format_html(
        '<li><label class="facet__option{}"><input type="checkbox" id="{}-{}" name="{}" value="{}"{}>'
        '<span>{}</span> <span class="facet__count">{}</span></label></li>',
        " facet__option--none" if is_dead_end else "",
        name,
        value,
        name,
        value,
        " checked" if is_chosen else " disabled" if is_dead_end else "",
        label,
        thousands(count),
    )


@lru_cache(maxsize=2000)
def map_land(land: str, path: str, url: str, title: str, *, is_chosen: bool) -> SafeString:
    """A Land as a link that takes it into the selection or out of it; without address only its shape."""
    if not url:
        return format_html(
            '<g class="map__land map__land--none"><title>{}</title><path d="{}"/></g>', title, path
        )
    return format_html(
        '<a class="map__land{}" id="karte-{}" href="{}" data-hx-get="{}" data-hx-target="#treffer" '
        'data-hx-swap="outerHTML show:none"><title>{}</title><path d="{}"/></a>',
        " map__land--chosen" if is_chosen else "",
        land,
        url,
        url,
        title,
        path,
    )


def map_bubble(x: int, y: int, count: int) -> SafeString:
    """How many hits lie in a Land. The Land's own link says it in words."""
    return format_html(
        '<g class="map__bubble" aria-hidden="true"><circle cx="{}" cy="{}" r="21"/>'
        '<text x="{}" y="{}" dy=".36em">{}</text></g>',
        x,
        y,
        x,
        y,
        thousands(count),
    )


def map_point(url: str, title: str, point: Point) -> SafeString:
    x, y = point
    return format_html(
        '<a class="map__point" href="{}"><title>{}</title><circle cx="{}" cy="{}" r="{}"/></a>',
        url,
        title,
        round(x),
        round(y),
        POINT_RADIUS,
    )
