"""The proxy that we ship: a real nginx with the real template."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import connection

from smartcities.tryout import processes
from smartcities.tryout.check import PRODUCTION

CHECKOUT = Path(__file__).parents[2]
HOST = "portal.example.org"
MAIN = """
{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
    types {{ text/html html; text/css css; application/javascript js; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""


def nginx_program() -> str:
    if found := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin"):
        return found
    if os.environ.get("REQUIRE_NGINX"):
        pytest.fail("REQUIRE_NGINX is set, but there is no nginx.")
    pytest.skip("there is no nginx here (Debian: nginx-light)")


class Proxy:
    def __init__(self, port: int, plain_port: int) -> None:
        self.port, self.plain_port = port, plain_port

    def connect(self) -> http.client.HTTPSConnection:
        trusting = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting)

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        """A request of its own connection; `X_Real_IP="…"` is the header X-Real-IP."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        channel = self.connect()
        try:
            channel.request(method, path, body, {"Host": HOST} | given)
            answer = channel.getresponse()
            return answer, answer.read().decode()
        finally:
            channel.close()


@pytest.fixture(scope="module")
def start_proxy(tmp_path_factory) -> Iterator[Callable[..., Proxy]]:
    """Starts nginx before the portal at an address."""
    program = nginx_program()
    with ExitStack() as stack:

        def start(portal: str) -> Proxy:
            folder = tmp_path_factory.mktemp("nginx")
            make_certificate(folder)
            shutil.copytree(CHECKOUT / "static", folder / "static")
            proxy = Proxy(processes.free_port(), processes.free_port())
            values = {
                "PROXY_HOST": HOST,
                "PROXY_PORTAL": portal,
                "PROXY_RESOLVER": "127.0.0.1",
                "PROXY_HTTP": f"127.0.0.1:{proxy.plain_port}",
                "PROXY_HTTPS": f"127.0.0.1:{proxy.port}",
                "PROXY_TLS": str(folder),
                "PROXY_STATIC": str(folder / "static"),
                "PROXY_PAGES": str(CHECKOUT / "deploy"),
                "PROXY_CACHE": str(folder / "cache"),
                "PROXY_BODY": "1m",
            }
            template = (CHECKOUT / "deploy" / "nginx.conf.template").read_text()
            filled = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], template)
            # Its workers would be another user, who may not read what pytest makes.
            user = "" if os.geteuid() else "user root;"
            (folder / "portal.conf").write_text(filled)
            (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
            process = processes.start(
                [program, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"],
                log=folder / "log",
            )
            stack.callback(processes.stop, process, patience=10)
            until_open(proxy.port, process, folder / "log")
            return proxy

        yield start


def make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
    )


def until_open(port: int, process: processes.Process, log: Path) -> None:
    deadline = time.monotonic() + 60
    while not processes.port_is_taken("127.0.0.1", port):
        assert process.poll() is None, processes.last_lines(log)
        assert time.monotonic() < deadline, processes.last_lines(log)
        time.sleep(0.05)


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
