import errno
import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from smartcities.operations.logs import context, route_of
from smartcities.operations.metrics import REQUEST_SECONDS

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

logger = logging.getLogger(__name__)

# As proxies make them. Only such characters, so that nobody can write something into our logs with it.
_WELL_FORMED = re.compile(r"[0-9a-fA-F-]{16,64}")


class RequestLog:
    """One line for each request, under an id that all its other lines carry.

    The id is the proxy's `X-Request-ID` if it sent one, and is answered in the same header, so that
    somebody who reports an error can say which.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = _given_id(request) or uuid4().hex
        outside = context.set({"request_id": request_id})
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            _note(request, response, time.perf_counter() - started)
        finally:
            context.reset(outside)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """The page is a plain 500, and the transaction undone; the operator must hear of the cause."""
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            logger.critical("No room left on the disk for uploads.")


def _given_id(request: HttpRequest) -> str | None:
    given = request.headers.get("X-Request-ID", "")
    return given if _WELL_FORMED.fullmatch(given) else None


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    is_static = request.path.startswith(settings.STATIC_URL)
    fields = {
        "method": request.method if request.method in METHODS else "other",
        "route": "static" if is_static else route_of(request),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    REQUEST_SECONDS.labels(fields["method"], fields["route"], fields["status"]).observe(seconds)
    logger.info(
        "%s %s %s", fields["method"], fields["route"], fields["status"], extra={"fields": fields}
    )
