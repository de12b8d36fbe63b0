"""What each process of the portal holds in memory, with every Kommune of Germany and every page opened once.

python -m bench memory [--worker-processes 2] [--rounds 3]

PSS: what processes share is divided among them, so the figures may be added up.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from smartcities.tryout import processes
from smartcities.tryout.postgres import Postgres
from smartcities.tryout.valkey import Valkey


def pss(pid: int) -> float:
    """Megabytes; 0 for a process that has just ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) / 1024


def tree(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid, *(one for child in children for one in tree(child))]


def report(what: str, pids: list[int]) -> float:
    each = [pss(pid) for pid in pids]
    print(f"{what:10} {len(each):3} processes  {sum(each):7.0f} MB  largest {max(each):5.0f} MB")
    return sum(each)


def open_all(port: int, rounds: int) -> int:
    """Every page of the sitemap, and some lists as they were filtered."""

    def get(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=120) as answer:
            return answer.read().decode(errors="replace")

    paths = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", get("/sitemap.xml"))
    paths += ["/suche/?q=Hochwasser", "/kommunen/suche/?q=Bad", "/projekte/?land=NW"]
    for path in paths * rounds:
        get(path)
    return len(paths)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker-processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-memory-")))
        folder.chmod(0o711)
        measure(folder, stack, options)


def measure(folder: Path, stack: ExitStack, options: argparse.Namespace) -> None:
    postgres = Postgres(folder / "postgres", log=folder / "postgres.log", durable=False)
    valkey = Valkey(log=folder / "valkey.log")
    stack.callback(postgres.stop)
    database = postgres.start()
    stack.callback(valkey.stop)
    port = processes.free_port()
    os.environ |= {
        "DATABASE_URL": database,
        "REDIS_URL": valkey.start(),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PORTAL_VAR": str(folder / "var"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "WORKER_PROCESSES": str(options.worker_processes),
        "SECRET_KEY": "of-a-measurement-" * 5,
    }
    for command in (["migrate"], ["createcachetable"], ["load_municipalities"], ["load_network"]):
        subprocess.run([sys.executable, "manage.py", *command, "-v", "0"], check=True)
    celery = [sys.executable, "-m", "celery", "--app", "smartcities"]
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--blocking-threads", "2",
        "--log-level", "warning", "--no-access-log", "smartcities.wsgi:application",
    ]  # fmt: skip
    commands = {
        "web": web,
        "worker": [*celery, "worker"],
        "beat": [*celery, "beat", "--schedule", str(folder / "beat"), "--pidfile="],
    }
    started = {}
    for name, command in commands.items():
        with (folder / f"{name}.log").open("wb") as log:
            started[name] = subprocess.Popen(command, stdout=log, stderr=log)
        stack.callback(started[name].wait)
        stack.callback(started[name].terminate)
    wait_for_web(port, started["web"])
    pages = open_all(port, options.rounds)
    time.sleep(30)  # workers have done what is regular at least once
    total = sum(report(name, tree(process.pid)) for name, process in started.items())
    total += report("postgres", tree(postgres.pid))
    total += report("valkey", tree(valkey.pid))
    print(f"all        {total:22.0f} MB, after {options.rounds} rounds of {pages} pages")


def wait_for_web(port: int, web: subprocess.Popen) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except OSError:
            assert web.poll() is None
            time.sleep(0.2)
    raise SystemExit("The web server does not answer.")


if __name__ == "__main__":
    main()
