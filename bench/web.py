"""Measure the portal's pages beside what Django and a minimal view cost, in one run.

Interleaved rounds, medians, and the processor time of the server per request, which is the figure that
neighbours on the machine disturb least. Only the ratios can be compared between machines.

    python -m bench web [--rounds 5] [--requests 400] [--times 1] [--only interface]
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

from bench.database import temporary_database

CONNECTIONS = 16
# A quick page answers 400 requests within the time slices that a busy machine gives to others.
SECONDS = 0.3
GZIP = {"Accept-Encoding": "gzip"}
BROTLI = {"Accept-Encoding": "br"}
# Whoever carries a session cookie gets each page made anew, as all did before answers were kept.
ANEW = {"Cookie": "sessionid=nobody"}
API = "/api/v1/loesungen/?land=NW"
# Every kind of public page, for the visitor who is not the first.
KEPT = [
    ("start page", "/"),
    ("project list", "/projekte/"),
    ("project list, two facets", "/projekte/?land=NW&staffel=2020"),
    ("project list, search", "/projekte/?q=Hochwasser"),
    ("solution list", "/loesungen/"),
    ("portrait", "/projekte/ulm/"),
    ("communities", "/gemeinschaften/"),
    ("results", "/gemeinschaften/ergebnisse/"),
    ("experiences", "/gemeinschaften/erfahrungen/"),
    ("events", "/veranstaltungen/"),
    ("calendar", "/veranstaltungen/kalender.ics"),
    ("Start Smart", "/start-smart/"),
    ("site search", "/suche/?q=Plattform"),
    ("privacy", "/datenschutz/"),
    ("interface, a page of solutions", API),
]
TARGETS = [
    # name, path, headers, ratio to the bare view that BENCH asks for, processor ms it asks for
    ("bare Django view, 10 kB", "/bench/bare", {}, None, None),
    ("web server alone, 10 kB", "/bench/nothing", {}, None, None),
    ("minimal list of 20 rows", "/bench/list", {}, None, None),
    ("minimal detail", "/bench/detail/ulm", {}, None, None),
    *((name, path, {}, 1.0, None) for name, path in KEPT),
    *((f"{name}, gzip", path, GZIP, 1.0, None) for name, path in KEPT),
    *((f"{name}, brotli", path, BROTLI, 1.0, None) for name, path in KEPT),
    ("project list, 304 by ETag", "/projekte/", {"If-None-Match": None}, 1.0, 2),
    ("portrait, 304 by ETag", "/projekte/ulm/", {"If-None-Match": None}, 1.0, 2),
    ("anew: project list", "/projekte/", ANEW, 0.12, 4),
    ("anew: list, two facets", "/projekte/?land=NW&staffel=2020", ANEW, 0.12, 4),
    ("anew: list, search", "/projekte/?q=Hochwasser", ANEW, 0.10, None),
    ("anew: solution list", "/loesungen/", ANEW, 0.12, 4),
    ("anew: portrait", "/projekte/ulm/", ANEW, 0.22, 2),
    ("anew: site search", "/suche/?q=Plattform", ANEW, 0.10, 5),
    ("anew: interface", API, ANEW, None, 10),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(port: int) -> subprocess.Popen:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--blocking-threads", "2", "--log-level", "warning",
        "--no-access-log", "bench.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/bare", timeout=5)
            return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def processor_seconds(parent: int) -> float:
    """User and system time so far of the server's workers (Linux: /proc/PID/stat, fields 14, 15)."""
    total = 0
    for pid in children(parent) | {parent}:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def children(parent: int) -> set[int]:
    with open(f"/proc/{parent}/task/{parent}/children") as file:
        direct = {int(pid) for pid in file.read().split()}
    return direct.union(*(children(pid) for pid in direct)) if direct else direct


def etag(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.headers["ETag"] or ""


def measure(
    server: subprocess.Popen, port: int, path: str, headers: dict, requests: int, seconds: float
) -> dict:
    order = {
        "port": port, "path": path, "headers": headers,
        "requests": requests, "connections": CONNECTIONS, "seconds": seconds,
    }  # fmt: skip
    before = processor_seconds(server.pid)
    output = subprocess.run(
        [sys.executable, "-m", "bench.load", json.dumps(order)], check=True, capture_output=True
    )
    figures = json.loads(output.stdout)
    figures["cpu"] = (processor_seconds(server.pid) - before) * 1000 / figures["requests"]
    return figures


def rounds(server: subprocess.Popen, port: int, count: int, requests: int) -> dict[str, list[dict]]:
    results: dict[str, list[dict]] = {name: [] for name, *_ in TARGETS}
    for number in range(count + 1):
        for name, path, headers, *_ in TARGETS:
            if "If-None-Match" in headers:
                tag = etag(port, path)
                if not tag:
                    continue
                headers = {"If-None-Match": tag}
            # Round 0 only warms up.
            share = (requests, SECONDS) if number else (CONNECTIONS * 4, 0)
            figures = measure(server, port, path, headers, *share)
            if number:
                results[name].append(figures)
    return results


def report(results: dict[str, list[dict]], times: int) -> None:
    def median(name: str, key: str) -> float:
        return statistics.median(figures[key] for figures in results[name])

    bare = "bare Django view, 10 kB"
    print(
        f"\nCatalogue x {times}; {CONNECTIONS} connections; medians of {len(results[bare])} rounds"
    )
    print(f"{'':32}{'req/s':>8}{'ratio':>8}{'target':>8}{'p50 ms':>8}{'p99 ms':>8}"
          f"{'p99/p50':>9}{'CPU ms':>8}{'target':>8}{'bytes':>9}  status")  # fmt: skip
    for name, _, _, wanted, cpu in TARGETS:
        if not results[name]:
            print(f"{name:32}  no ETag")
            continue
        # Pair by pair within a round, so that a slow spell of the machine hits both sides.
        ratio = statistics.median(
            mine["rate"] / limit["rate"]
            for mine, limit in zip(results[name], results[bare], strict=True)
        )
        tail = statistics.median(figures["p99"] / figures["p50"] for figures in results[name])
        statuses = ",".join(map(str, results[name][0]["statuses"]))
        print(
            f"{name:32}{median(name, 'rate'):8.0f}{ratio:8.3f}{wanted or '':>8}"
            f"{median(name, 'p50'):8.1f}{median(name, 'p99'):8.1f}{tail:9.1f}{median(name, 'cpu'):8.2f}"
            f"{cpu or '':>8}{results[name][0]['size']:9}  {statuses}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a name; the bare view is always there")
    options = parser.parse_args()
    TARGETS[2:] = [target for target in TARGETS[2:] if options.only in target[0]]
    django.setup()
    from bench.catalogue import fill  # noqa: PLC0415 - needs the settings

    with temporary_database() as url:
        os.environ["DATABASE_URL"] = url
        fill(options.times)
        port = free_port()
        server = start_server(port)
        try:
            report(rounds(server, port, options.rounds, options.requests), options.times)
        finally:
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
