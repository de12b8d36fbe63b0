"""The proxy that we ship: a real nginx with the real template."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from smartcities.tryout import processes

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


def nginx_program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


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


def start_nginx(folder: Path, portal: str, stack: ExitStack) -> Proxy:
    """The proxy that we ship, before the portal at an address, until the stack is closed."""
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
        [nginx_program(), "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"],
        log=folder / "log",
    )
    stack.callback(processes.stop, process, patience=10)
    until_open(proxy.port, process, folder / "log")
    return proxy


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
