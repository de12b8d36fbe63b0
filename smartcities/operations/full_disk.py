"""A full disk where uploads lie: a sentence for the person, an alarm for the operator, nothing half done."""

import errno
import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
INSUFFICIENT_STORAGE = 507


class FullDisk:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The transaction of whoever stored the file is undone by now, so no row names it."""
        if not isinstance(error, OSError) or error.errno not in NO_ROOM:
            return None
        logger.error("No room left on the disk for uploads.")
        return render(request, "507.html", status=INSUFFICIENT_STORAGE)
