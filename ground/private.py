"""Pages that belong to one person: no one keeps a copy, no search engine lists them."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

NOWHERE = "no-store, private"


def keep_nowhere(response: HttpResponse) -> None:
    """No browser and no proxy stores this answer, whatever else was said of it."""
    response["Cache-Control"] = NOWHERE


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep a page, and the token in its address, to the person who opened it.

    `same-origin` and not `no-referrer`: under the latter browsers send `Origin: null` with a form,
    which the protection against forged requests rightly refuses. No other site learns an address
    either way.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        keep_nowhere(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped
