"""What holds for every answer with open data: readable from everywhere, kept, limited, without cookies.

Each names its licence in the header `Link` (RFC 8288, RFC 4946): the one place that files of every kind have.
"""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from events.entries import public_events
from finding.conditional import revision, version_of
from finding.same_for_all import is_for_all, same_for_all, shows
from finding.versions import SEARCH
from ground.client_address import client_address
from opendata.licence import Terms, own_terms
from opendata.lists import BadQuestion

READING = ("GET", "HEAD", "OPTIONS")
MINUTE = 60
MOST_COUNTED = 10_000

View = Callable[..., HttpResponse]


class Ways(NamedTuple):
    """How a view may be answered."""

    keep: bool = False  # as whole, ready answers
    follows_clock: bool = False  # time alone changes it: an event is over
    negotiates: bool = False  # the Accept header chooses
    # Says what the answer is made of, where that is no version of what is public; None for nothing.
    made_of: Callable[[], str | None] | None = None
    # Gets what stands in the address; says under which terms the answer is given away.
    terms: Callable[..., Terms] = lambda **_: own_terms()


def open_data(**ways: Any) -> Callable[[View], View]:
    """Only reading; the same to everybody, whoever is signed in."""
    allowed = Ways(**ways)

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
            def make() -> HttpResponse:
                return _conditional(request, view, arguments, allowed)

            response = make() if is_for_all(request) else _visit(request, make)
            if allowed.negotiates:
                patch_vary_headers(response, ["Accept"])
            return _with_headers(request, response)

        return same_for_all(visit=_visit)(answer) if allowed.keep else answer

    return decorate


def _visit(request: HttpRequest, give: Callable[[], HttpResponse]) -> HttpResponse:
    """What is asked of each visitor, and told to this one alone: how much may still be read."""
    remaining = _limit.remaining(client_address(request))
    if request.method not in READING:
        response: HttpResponse = problem(request, 405, "Nur Lesen ist möglich.")
    elif remaining < 0:
        response = _with_headers(
            request, problem(request, 429, "Zu viele Abrufe in dieser Minute.")
        )
        response["Retry-After"] = str(_limit.seconds_left())
    elif request.method == "OPTIONS":
        response = HttpResponse(status=204)
    else:
        response = give()
    if limit := settings.OPEN_DATA_READS_A_MINUTE:
        response["RateLimit-Policy"] = f'"default";q={limit};w={MINUTE}'
        response["RateLimit"] = f'"default";r={max(remaining, 0)};t={_limit.seconds_left()}'
    return response


def problem(
    request: HttpRequest, status: int, title: str, errors: dict[str, str] | None = None
) -> JsonResponse:
    """What went wrong, as RFC 9457 has it."""
    data: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "instance": request.path,
    }
    if errors:
        data["errors"] = [{"parameter": name, "detail": text} for name, text in errors.items()]
    return JsonResponse(
        data,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _conditional(
    request: HttpRequest, view: View, arguments: dict[str, str], ways: Ways
) -> HttpResponse:
    """304 where nothing has changed; else a new answer."""
    if "q" in request.GET:
        # The search engine may learn of a change a moment later than the other versions tell.
        shows(request, SEARCH)
    if "q" in request.GET or is_for_all(request):  # the latter has tags of its own
        return _made(request, view, arguments, ways)
    made_of = (_made_of(request, ways), request.get_full_path(), revision())
    digest = blake2b(
        repr((made_of, _operators())).encode(),
        digest_size=12,
    )
    etag = f'W/"{digest.hexdigest()}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = _made(request, view, arguments, ways)
    if response.status_code == 200:
        response["ETag"] = etag
    return response


def _operators() -> tuple[Any, ...]:
    """What the operator chooses and answers tell."""
    return sorted(settings.OPERATOR.items()), settings.SITE_URL, settings.OPEN_DATA_LICENCE


def _made_of(request: HttpRequest, ways: Ways) -> tuple[Any, ...]:
    if ways.made_of:
        return (ways.made_of(),)
    version = version_of(request)
    epoch = public_events(version).epoch(timezone.now()) if ways.follows_clock else 0
    accepted = request.headers.get("Accept", "") if ways.negotiates else ""
    return tuple(sorted(version.items())), epoch, accepted


def _made(request: HttpRequest, view: View, arguments: dict[str, str], ways: Ways) -> HttpResponse:
    """With its licence.

    A 304 that is made without looking names none: its headers replace those that a program has kept,
    and would take the links to other pages from it.
    """
    try:
        response = view(request, **arguments)
    except BadQuestion as question:
        return problem(request, 400, "Die Anfrage ist nicht zu verstehen.", dict(question.errors))
    if response.status_code == 200:
        add_link(response, ways.terms(**arguments).licence.url, "license")
    return response


def add_link(response: HttpResponse, url: str, rel: str) -> None:
    """Beside those that it has."""
    before = f"{response['Link']}, " if response.has_header("Link") else ""
    response["Link"] = f'{before}<{url}>; rel="{rel}"'


def _with_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code < 400:
        response["Cache-Control"] = "public, max-age=60"
    else:
        response["Cache-Control"] = "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link, RateLimit, RateLimit-Policy"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    if request.method == "OPTIONS" or response.status_code == 405:
        response["Allow"] = ", ".join(READING)
        response["Access-Control-Allow-Methods"] = ", ".join(READING)
        response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
    return response


class _Limit:
    """How often each network has asked in this minute, in this process: reading writes no row."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._counts: dict[str, int] = {}

    def remaining(self, address: str) -> int:
        """Negative for what is too many."""
        if not settings.OPEN_DATA_READS_A_MINUTE:
            return 0
        with self._lock:
            minute = int(monotonic()) // MINUTE
            if minute != self._minute or len(self._counts) > MOST_COUNTED:
                self._minute, self._counts = minute, {}
            self._counts[address] = self._counts.get(address, 0) + 1
            return settings.OPEN_DATA_READS_A_MINUTE - self._counts[address]

    def seconds_left(self) -> int:
        return MINUTE - int(monotonic()) % MINUTE


_limit = _Limit()


def dumps(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
