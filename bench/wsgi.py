"""The portal, and beside it what the web server and the machine cost without any of it or of Django."""

from collections.abc import Callable, Iterable
from typing import Any

from bench import TEN_KILOBYTES
from smartcities.wsgi import application as portal

_HEADERS = [("Content-Type", "text/plain"), ("Content-Length", str(len(TEN_KILOBYTES)))]


def application(environ: dict[str, Any], start: Callable) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/bench/nothing":
        start("200 OK", _HEADERS)
        return [TEN_KILOBYTES]
    return portal(environ, start)
