"""The proxy that we ship: a real nginx with the real template."""

import http.client
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection

from smartcities.tryout import processes
from smartcities.tryout.check import PRODUCTION
from tests.deploy.nginx import CHECKOUT, HOST, Proxy, nginx_program, start_nginx, until_open


@pytest.fixture(scope="module")
def start_proxy(tmp_path_factory) -> Iterator[Callable[..., Proxy]]:
    """Starts nginx before the portal at an address."""
    if nginx_program() is None:
        if os.environ.get("REQUIRE_NGINX"):
            pytest.fail("REQUIRE_NGINX is set, but there is no nginx.")
        pytest.skip("there is no nginx here (Debian: nginx-light)")
    with ExitStack() as stack:
        yield lambda portal: start_nginx(tmp_path_factory.mktemp("nginx"), portal, stack)


@pytest.fixture(scope="module")
def proxy(start_proxy, django_db_setup, tmp_path_factory) -> Iterator[Proxy]:
    """Before the real portal with the settings of production, on the database of the tests."""
    port = processes.free_port()
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    log = tmp_path_factory.mktemp("granian") / "log"
    environment = PRODUCTION | {
        "DJANGO_SETTINGS_MODULE": "tests.deploy.settings",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "DATABASE_URL": url,
    }
    process = processes.start(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "2", "smartcities.wsgi:application"),
        ],
        log=log,
        cwd=CHECKOUT,
        env=os.environ | environment,
    )
    try:
        until_open(port, process, log)
        yield start_proxy(f"127.0.0.1:{port}")
    finally:
        processes.stop(process, patience=20)


class Recorder(BaseHTTPRequestHandler):
    """Stands where the portal does and writes down what reaches it; answers as it is told to."""

    server: "RecordingServer"

    def do_GET(self) -> None:
        self.server.begun.append(self.path)
        if length := int(self.headers.get("Content-Length", 0)):
            self.rfile.read(length)
        self.server.seen.append(self.headers)
        status, headers, text = self.server.answer
        if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
            status, text = 304, ""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET

    def log_message(self, *_arguments: object) -> None:
        return


class RecordingServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Recorder)
        self.begun: list[str] = []  # as soon as the head of a request is here
        self.seen: list[http.client.HTTPMessage] = []
        self.answer: tuple[int, dict[str, str], str] = (200, {}, "")


@pytest.fixture(scope="module")
def recorded_proxy(start_proxy) -> tuple[Proxy, int]:
    port = processes.free_port()
    return start_proxy(f"127.0.0.1:{port}"), port


@pytest.fixture
def recorder(recorded_proxy) -> Iterator[RecordingServer]:
    server = RecordingServer(recorded_proxy[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
