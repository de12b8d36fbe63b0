"""200 visitors at once, cold and right after a change, and how old what visitors see is while editors write.

python -m bench rush [--visitors 200] [--seconds 10]
"""

import argparse
import os
import re
import statistics
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import psycopg

from bench.database import temporary_database
from bench.web import free_port, start_server

LIST, PORTRAIT = "/projekte/", "/projekte/ulm/"
WRITES_A_SECOND = 10


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


def times_made(port: int) -> int:
    """By visitors or in advance, in all processes."""
    figures = get(port, "/metrics")
    counted = re.findall(
        r'^portal_kept_answers_total\{how="(?:made|renewed)"\} ([0-9.]+)', figures, re.M
    )
    return int(sum(map(float, counted)))


def rush(port: int, visitors: int, path: str) -> list[float]:
    """Milliseconds that each of so many waited who all came in the same moment."""
    start = Barrier(visitors)

    def visit(_number: int) -> float:
        start.wait()
        begun = time.perf_counter()
        get(port, path)
        return (time.perf_counter() - begun) * 1000

    with ThreadPoolExecutor(visitors) as pool:
        return sorted(pool.map(visit, range(visitors)))


def report(name: str, waited: list[float], made: int) -> None:
    p95 = waited[int(len(waited) * 0.95)]
    print(
        f"{name:32} p50 {statistics.median(waited):7.0f} ms  p95 {p95:7.0f} ms"
        f"  made {made} times in 2 processes"
    )


def change(connection: psycopg.Connection, number: int) -> None:
    connection.execute(
        "UPDATE projects_project SET summary = %s WHERE slug = 'ulm'", [f"Stand {number}."]
    )


def ages(port: int, connection: psycopg.Connection, seconds: int) -> list[float]:
    """Seconds since what each visitor saw was overwritten; 0 for what was still so when they asked."""
    overwritten: dict[int, float] = {}
    end, seen = Event(), []

    def write() -> None:
        for number in range(1_000, 1_000_000):
            if end.wait(1 / WRITES_A_SECOND):
                return
            change(connection, number)
            overwritten[number - 1] = time.monotonic()

    def read() -> None:
        while not end.is_set():
            asked = time.monotonic()
            shown = int(re.search(r"Stand (\d+)\.", get(port, PORTRAIT))[1])
            seen.append(max(0.0, asked - overwritten.get(shown, asked)))

    change(connection, 999)
    time.sleep(1.5)
    threads = [Thread(target=one) for one in (write, read, read)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    end.set()
    for thread in threads:
        thread.join()
    return sorted(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    django.setup()
    from bench.catalogue import fill  # noqa: PLC0415 - needs the settings

    figures = free_port()
    os.environ["METRICS_BIND"] = f"127.0.0.1:{figures}"
    with temporary_database() as url, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATABASE_URL": url, "PORTAL_VAR": folder}
        fill(1)
        port = free_port()
        server = start_server(port)
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                measure(port, figures, connection, options)
        finally:
            server.terminate()
            server.wait(10)


def measure(
    port: int, figures: int, connection: psycopg.Connection, options: argparse.Namespace
) -> None:
    time.sleep(2)
    print(f"\n{options.visitors} visitors in the same moment, the project list; 2 processes")
    before = times_made(figures)
    report(
        "nothing was ever made", rush(port, options.visitors, LIST), times_made(figures) - before
    )
    report("all is kept", rush(port, options.visitors, LIST), 0)
    before = times_made(figures)
    change(connection, 1)
    waited = rush(port, options.visitors, LIST)
    time.sleep(2)
    report("right after a change", waited, times_made(figures) - before)
    seen = ages(port, connection, options.seconds)
    p99 = seen[int(len(seen) * 0.99)]
    print(
        f"{WRITES_A_SECOND} writes a second for {options.seconds} s: {len(seen)} pages seen, "
        f"overwritten since {statistics.median(seen):.3f} s (p50), {p99:.3f} s (p99), "
        f"{seen[-1]:.3f} s (oldest)"
    )


if __name__ == "__main__":
    main()
