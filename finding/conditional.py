"""Answering „nothing has changed“ instead of making the page again.

The ETag is made of all that a catalogue page is made of: the version of the data, the revision of the
code, what the operator has set, the address, the day, whether htmx asks, and the encoding. Whoever carries
a session always gets a fresh page, because a notice for them may be waiting to be shown; so does who
searches, because the search engine may take a moment longer than the catalogue to learn of a change.
"""

from collections.abc import Callable
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.views.decorators.http import condition

from finding.versions import Versions, current

# Besides the portal's own packages.
_MADE_OF = ("templates", "static", "package-lock.json", "requirements.txt")
_KINDS = {".html", ".css", ".js", ".svg", ".py", ".json", ".txt"}


def version_of(request: HttpRequest) -> Versions:
    """The versions of all parts for this request: one query, however often it is asked."""
    if not hasattr(request, "versions"):
        request.versions = current()
    return request.versions


def etag(request: HttpRequest, *beside: Any, **_: str) -> str | None:
    """With what this page shows beside that; the same `repr` for the same."""
    if settings.DEBUG or settings.SESSION_COOKIE_NAME in request.COOKIES or "q" in request.GET:
        return None
    made_of = (
        sorted(version_of(request).items()),
        revision(),
        sorted(settings.OPERATOR.items()),
        settings.SITE_URL,
        request.get_full_path(),
        timezone.localdate(),
        "HX-Request" in request.headers,
        bool(re_accepts_gzip.search(request.headers.get("Accept-Encoding", ""))),
        *beside,
    )
    return f'"{_digest(repr(made_of).encode())}"'


not_modified = condition(etag_func=etag)


def none_beside(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Over a view with an ETag: an answer that shows what changes without the versions goes without.

    Who was never given one cannot be told that nothing has changed.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if getattr(request, "shown_beside", ()):
            del response["ETag"]
        return response

    return run


@cache
def revision() -> str:
    """Changes with the portal's code, templates and static files; the same in every process."""
    packages = sorted(path.parent for path in settings.BASE_DIR.glob("*/__init__.py"))
    paths = [*packages, *(settings.BASE_DIR / name for name in _MADE_OF)]
    texts = [file.read_bytes() for path in paths for file in sorted(_files(path))]
    return _digest(b"\0".join(texts))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.suffix in _KINDS and file.is_file()]


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=12).hexdigest()
