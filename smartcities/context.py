"""What every page gets. Nothing here asks the database or touches the session.

So a page for visitors without a session is the same for all of them: no query, no `Vary: Cookie`,
and a conditional request (ETag) never answers with somebody else's header.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

NAVIGATION = (
    ("Projekte", "projects:list"),
    ("Lösungen", "projects:solutions"),
    ("Gemeinschaften", "communities:list"),
    ("Veranstaltungen", "events:list"),
    ("Start Smart", "consulting:offer"),
    ("Netzwerk", "about"),
    ("Suche", "search"),
)


class NavigationItem(NamedTuple):
    label: str
    url: str
    is_here: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "operator": operator(),
        "site_url": settings.SITE_URL,
        "navigation": SimpleLazyObject(lambda: list(_navigation(request.path))),
        "notices": SimpleLazyObject(lambda: _notices(request)),
    }


def operator() -> dict[str, Any]:
    """The operator as `settings.OPERATOR` has them, the address also line by line."""
    lines = [line.strip() for line in settings.OPERATOR["address"].split(";") if line.strip()]
    return settings.OPERATOR | {"address_lines": lines}


def _navigation(path: str) -> Iterator[NavigationItem]:
    for label, name in NAVIGATION:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue  # an app whose pages are not mounted has no place in the navigation
        yield NavigationItem(label, url, path.startswith(url))


def _notices(request: HttpRequest) -> Iterable[Message]:
    """What the last action has to say. Looks into the session only if there can be something."""
    messages = get_messages(request)
    if settings.SESSION_COOKIE_NAME in request.COOKIES or getattr(messages, "added_new", False):
        return messages
    return []
