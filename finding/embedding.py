"""A list or its map without the frame of the page, for other websites to show: `?einbetten=1`, `?einbetten=karte`.

Only what a view that `may_be_framed` answers to such an address may stand in a frame; what is in it leads
to the portal.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

PARAMETER = "einbetten"
LIST, MAP = "1", "karte"

View = Callable[..., HttpResponse]


def may_be_framed(view: View) -> View:
    """Outside of what answers „not modified“: browsers take over the headers of that, too."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if embedded(request) and response.status_code in (200, 302, 304):
            response.xframe_options_exempt = True
            response._csp_replace = {"frame-ancestors": settings.EMBEDDING_HOSTS}
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def embedded(request: HttpRequest) -> str:
    """What of the page is asked for alone; "" where the whole page is."""
    asked = request.GET.get(PARAMETER, "")
    return asked if asked in (LIST, MAP) else ""


def within(request: HttpRequest, url: str) -> str:
    """The address of something else that stays in the frame, where there is one."""
    part = embedded(request)
    if not part:
        return url
    return f"{url}{'&' if '?' in url else '?'}{PARAMETER}={part}"


def without_frame(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The list or the map of this context, and nothing around it."""
    listing, page = context["listing"], context["page_obj"]
    neighbours = [
        (words, within(request, listing.url(listing.at_page(number))))
        for words, number, is_there in (
            ("Zurück", page.number - 1, page.has_previous()),
            ("Weiter", page.number + 1, page.has_next()),
        )
        if is_there
    ]
    parts = {"map": _map(context) if embedded(request) == MAP else "", "neighbours": neighbours}
    return render(request, "finding/embedded.html", context | parts)


def _map(context: dict[str, Any]) -> SafeString:
    """Links in a picture do not follow `<base target>`."""
    drawn = render_to_string("finding/list_map.html", context)
    return SafeString(drawn.replace('<a class="map__', '<a target="_blank" class="map__'))
