"""Finished answers, kept per process, for visitors without a session.

A page that promises to be the same for all (`finding.same_for_all`) is made once, of a request that tells
nothing of who asks. Others get the same bytes, before any other middleware runs, as long as what it was
made of is unchanged; and nothing is kept that could belong to one person all the same.
"""

import gzip
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from threading import Event, Lock, Thread
from time import sleep, time
from typing import Any

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import cc_delim_re, patch_vary_headers
from django.utils.http import parse_etags

from finding import versions
from finding.same_for_all import Promise, holds_until, parts_of, promise_of
from finding.versions import Versions
from smartcities.operations.metrics import KEPT_ANSWERS, KEPT_BYTES

SAFE = ("GET", "HEAD", "OPTIONS")
KEPT_FOR = ("GET", "HEAD")
# Longer addresses and wishes are answered, but not kept.
LONGEST = 500
# An answer that takes more than this share of the room would push out too many others.
LARGEST_SHARE = 8
# What an answer takes besides its bytes: headers, names, the request that made it.
OVERHEAD = 3000
# Short ones are not worth packing.
WORTH_PACKING = 200
BROTLI_QUALITY = 5
# The browser's wish for a language or its name changes nothing here, so only these may differ.
VARIES_BY = {"accept-encoding", "hx-request", "accept"}
# Pages that are made again after a change before anybody asks, and seconds between two such rounds.
MOST_WANTED = 20
WANTED_TIMES = 2
ROUND_SECONDS = 1.0
_TURN = 7_301_974  # an arbitrary number that no other advisory lock of the portal has

_TEXT = re.compile(r"text/|application/(json|xml|.*\+json|.*\+xml|javascript)")
_WEIGHTED = re.compile(r"([a-z*]+)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?")
_OF_NOBODY = (
    "REQUEST_METHOD", "PATH_INFO", "SCRIPT_NAME", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT",
    "SERVER_PROTOCOL", "HTTP_HOST", "wsgi.version", "wsgi.url_scheme", "wsgi.multithread",
    "wsgi.multiprocess", "wsgi.run_once", "wsgi.errors",
)  # fmt: skip

logger = logging.getLogger(__name__)


class Answer:
    """All that visitors get, in each encoding that one of them has asked for."""

    __slots__ = (
        "bodies",
        "environ",
        "etag",
        "headers",
        "hits",
        "made_of",
        "match",
        "parts",
        "true_at",
        "until",
    )

    def __init__(self, response: HttpResponse, match: Any) -> None:
        self.bodies = {"": response.content}
        self.etag = blake2b(response.content, digest_size=12).hexdigest()
        skipped = {"content-length", "etag", "last-modified"}
        self.headers = {
            name: value for name, value in response.items() if name.lower() not in skipped
        }
        self.match = match
        self.hits = 0
        self.parts: tuple[str, ...] = ()
        self.made_of: tuple[int, ...] = ()
        self.until = 0.0
        self.true_at = float("-inf")
        self.environ: dict[str, Any] = {}

    @property
    def size(self) -> int:
        return OVERHEAD + sum(map(len, self.bodies.values()))

    def is_true(self, known: Versions | None) -> bool:
        if time() >= self.until:
            return False
        if not self.parts:
            return True
        if known is None or known.of(self.parts) != self.made_of:
            return False
        self.true_at = known.asked_at
        return True

    @property
    def is_bearable(self) -> bool:
        """Whether it was true so shortly ago that it may be shown while the new one is being made."""
        return time() < self.until and versions.knowledge.is_bearable(self.true_at)

    def response(self, request: HttpRequest) -> HttpResponse:
        encoding = encoding_of(request.headers.get("accept-encoding", ""))
        body = self.body(encoding)
        if body is self.bodies[""]:
            encoding = ""
        etag = f'"{self.etag}-{encoding}"' if encoding else f'"{self.etag}"'
        wanted = request.headers.get("if-none-match")
        if wanted and _names(etag, wanted):
            response = HttpResponse(status=304, headers=self.headers)
            del response["Content-Type"]
        else:
            response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
            response["Content-Length"] = str(len(body))
            if encoding:
                response["Content-Encoding"] = encoding
        response["ETag"] = etag
        request.resolver_match = self.match
        return response

    def body(self, encoding: str) -> bytes:
        """Packed where that is asked for and worth it; else as it is."""
        plain = self.bodies[""]
        if not encoding or len(plain) < WORTH_PACKING:
            return plain
        if not _TEXT.match(self.headers.get("Content-Type", "")):
            return plain
        body = self.bodies.get(encoding)
        if body is None:
            body = self.bodies[encoding] = _packed(plain, encoding)
        return body


def _packed(plain: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(plain, quality=BROTLI_QUALITY)
    return gzip.compress(plain, mtime=0)


def _names(etag: str, wanted: str) -> bool:
    return wanted == etag or any(
        one == "*" or one.removeprefix("W/") == etag for one in parse_etags(wanted)
    )


@lru_cache(maxsize=200)
def encoding_of(wish: str) -> str:
    """The best one that the visitor takes: "br", "gzip" or ""."""
    wishes = (_WEIGHTED.fullmatch(one.strip()) for one in wish.lower().split(","))
    weights = {found[1]: float(found[2] or 1) for found in wishes if found}
    return next((name for name in ("br", "gzip") if weights.get(name, 0) > 0), "")


class Shelf:
    """Answers by key. What nobody asked for the longest gives way where the room is full."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._lock = Lock()
        self.size = 0

    def get(self, key: Hashable) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: Hashable, answer: Answer) -> None:
        """Or put it back, when it has grown by an encoding."""
        room = settings.KEPT_ANSWERS_MEGABYTES * 1_000_000
        size = answer.size + len(str(key))
        with self._lock:
            self.size -= self._sizes.pop(key, 0)
            before = self._answers.pop(key, None)
            if size * LARGEST_SHARE <= room:
                if before is not None and before is not answer:
                    answer.hits += before.hits // 2
                self._answers[key], self._sizes[key] = answer, size
                self.size += size
            while self.size > room:
                oldest, _answer = self._answers.popitem(last=False)
                self.size -= self._sizes.pop(oldest)
            KEPT_BYTES.set(self.size)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._sizes.clear()
            self.size = 0

    def most_wanted(self, known: Versions) -> list[tuple[Hashable, Answer]]:
        """What was asked for most among what has to be made anew."""
        with self._lock:
            answers = list(self._answers.items())
        old = [one for one in answers if one[1].hits >= WANTED_TIMES and not one[1].is_true(known)]
        return sorted(old, key=lambda one: -one[1].hits)[:MOST_WANTED]

    def __len__(self) -> int:
        return len(self._answers)


shelf = Shelf()


class KeptAnswers:
    """Right behind the request log, so that nothing else runs for an answer that is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Who wants a page that is just being made waits for it instead of making it, too.
        self._turns = [Lock() for _ in range(256)]
        if settings.LISTEN_FOR_VERSIONS:
            self._renewer = Renewer(self)
            versions.knowledge.when_changed = self._renewer.wake

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.KEPT_ANSWERS_MEGABYTES:
            return self.get_response(request)
        if request.method not in SAFE:
            try:
                return self.get_response(request)
            finally:
                versions.knowledge.doubt()
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        answer = self._kept(key)
        if answer is None:
            return self._made_in_turn(key, request)
        return _visited(
            promise_of(answer.match.func),
            request,
            lambda: self._given(key, answer, request, "kept"),
        )

    def _kept(self, key: Hashable) -> Answer | None:
        answer = shelf.get(key)
        if answer is None or not answer.is_true(versions.known() if answer.parts else None):
            return None
        return answer

    def _given(self, key: Hashable, answer: Answer, request: HttpRequest, how: str) -> HttpResponse:
        encodings = len(answer.bodies)
        response = answer.response(request)
        answer.hits += 1
        if len(answer.bodies) != encodings and shelf.get(key) is answer:
            shelf.put(key, answer)
        KEPT_ANSWERS.labels(how).inc()
        return response

    def _made_in_turn(self, key: Hashable, request: HttpRequest) -> HttpResponse:
        promise = None if request.method == "HEAD" else _promise_for(request)
        # Without the database nothing is known of what could be kept; the page says so itself.
        if promise is None or (promise.parts and versions.known() is None):
            return self.get_response(request)
        return _visited(promise, request, lambda: self._new(key, promise, request))

    def _new(self, key: Hashable, promise: Promise, request: HttpRequest) -> HttpResponse:
        turn = self._turns[hash(key) % len(self._turns)]
        if not turn.acquire(blocking=False):
            old = shelf.get(key)
            if old is not None and old.is_bearable:
                return self._given(key, old, request, "kept")
            turn.acquire()
        try:
            meanwhile = self._kept(key)
            if meanwhile is not None:
                return self._given(key, meanwhile, request, "kept")
            answer, response, nobody = self.make(key, promise, of_nobody(request))
        finally:
            turn.release()
        request.resolver_match = getattr(nobody, "resolver_match", None)
        return self._given(key, answer, request, "made") if answer else response

    def make(
        self, key: Hashable, promise: Promise, environ: dict[str, Any]
    ) -> tuple[Answer | None, HttpResponse, HttpRequest]:
        """The answer, put on the shelf; None in place of it where it may not be kept."""
        nobody = WSGIRequest(environ | {"wsgi.input": BytesIO()})
        nobody.is_for_all = True
        now = timezone.now()
        # First the versions, then what is read under them: what changes meanwhile is noticed.
        if promise.parts:
            nobody.versions = versions.knowledge.ask()
        response = self.get_response(nobody)
        if not may_be_kept(nobody, response):
            KEPT_ANSWERS.labels("left").inc()
            return None, response, nobody
        known = getattr(nobody, "versions", Versions())
        response.setdefault("Cache-Control", "no-cache")
        patch_vary_headers(response, ["Accept-Encoding"])
        answer = Answer(response, getattr(nobody, "resolver_match", None))
        answer.parts = parts_of(nobody, promise)
        answer.made_of = known.of(answer.parts)
        answer.true_at = known.asked_at
        answer.until = holds_until(nobody, promise, known, now).timestamp()
        answer.environ = environ
        shelf.put(key, answer)
        return answer, response, nobody

    def renew(self, still_wanted: Callable[[], bool] = lambda: True) -> int:
        """Make the most wanted pages anew, one after the other; returns how many."""
        made = 0
        for key, old in shelf.most_wanted(versions.knowledge.ask()):
            if not still_wanted():
                break
            with self._turns[hash(key) % len(self._turns)]:
                known = versions.known()
                now = shelf.get(key)
                if known is None or now is None or now.is_true(known):
                    continue
                promise = promise_of(old.match.func)
                answer, _response, _nobody = self.make(key, promise, old.environ)
                for encoding in old.bodies:
                    if answer:
                        answer.body(encoding)
                if answer:
                    shelf.put(key, answer)
                    KEPT_ANSWERS.labels("renewed").inc()
                    made += 1
        return made


def _visited(
    promise: Promise | None, request: HttpRequest, give: Callable[[], HttpResponse]
) -> HttpResponse:
    return promise.visit(request, give) if promise and promise.visit else give()


def key_of(request: HttpRequest) -> Hashable | None:
    """All that an answer may depend on; None for whom nothing is kept."""
    meta = request.META
    path, query = request.path_info, meta.get("QUERY_STRING", "")
    accept = meta.get("HTTP_ACCEPT", "")
    if (
        request.method not in KEPT_FOR
        or ("HTTP_COOKIE" in meta and settings.SESSION_COOKIE_NAME in request.COOKIES)
        or "HTTP_AUTHORIZATION" in meta
        or path.startswith(settings.STATIC_URL)
        or len(path) + len(query) + len(accept) > LONGEST
    ):
        return None
    return (
        path,
        query,
        meta.get("HTTP_HOST", ""),
        request.scheme,
        "HTTP_HX_REQUEST" in meta,
        _wish(accept),
    )


def _wish(accept: str) -> str:
    """All browsers are one."""
    return "text/html" if accept.startswith("text/html") else accept


def of_nobody(request: HttpRequest) -> dict[str, Any]:
    """The request without anything that tells of the visitor."""
    meta = request.META
    environ = {name: meta[name] for name in _OF_NOBODY if name in meta}
    if accept := _wish(meta.get("HTTP_ACCEPT", "")):
        environ["HTTP_ACCEPT"] = accept
    if "HTTP_HX_REQUEST" in meta:
        environ["HTTP_HX_REQUEST"] = "true"
    if settings.SECURE_PROXY_SSL_HEADER and request.is_secure():
        name, value = settings.SECURE_PROXY_SSL_HEADER
        environ[name] = value
    return environ


def _promise_for(request: HttpRequest) -> Promise | None:
    try:
        return promise_of(resolve(request.path_info).func)
    except Resolver404:
        return None


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether it is a whole page, made without a look at a session, a user or a form's token."""
    if response.status_code != 200 or response.streaming or response.has_header("Content-Encoding"):
        return False
    varies = {one.lower() for one in cc_delim_re.split(response.get("Vary", "")) if one}
    session = getattr(request, "session", None)
    is_personal = (
        response.cookies
        or "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        or (session is not None and (session.accessed or session.modified))
        or not varies <= VARIES_BY
        or any(word in response.get("Cache-Control", "") for word in ("private", "no-store"))
    )
    if is_personal:
        logger.warning("Not the same for all, so not kept: %s", request.resolver_match.route)
    return not is_personal


class Renewer:
    """After a change: makes the most wanted pages before anybody asks, one process after the other."""

    def __init__(self, answers: KeptAnswers) -> None:
        self._answers = answers
        self._changed = Event()
        self._starting = Lock()
        self._is_started = False

    def wake(self) -> None:
        if not len(shelf):
            return
        self._changed.set()
        with self._starting:
            if not self._is_started:
                self._is_started = True
                Thread(target=self._run, name="renew answers", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._changed.wait()
            self._changed.clear()
            try:
                self._renew()
            except Error as error:
                logger.warning("Pages were not made in advance: %s", type(error).__name__)
            finally:
                connection.close()
            sleep(ROUND_SECONDS)

    def _renew(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
            self._answers.renew(lambda: not self._changed.is_set())
