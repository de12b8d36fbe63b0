"""What monitoring reads, on a port of its own, added up over the processes of a web server."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from smartcities.operations import metrics
from smartcities.operations.metrics import Stock
from smartcities.operations.regular_tasks import HEARTBEAT, RegularTask
from smartcities.tryout import processes
from tests.factories import EmailFactory

pytestmark = pytest.mark.django_db(transaction=True)

COUNTED = "portal-metrics-*/histogram_*.db"
CHECKOUT = Path(__file__).parents[2]


def figures(text: str) -> dict[tuple, float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def stock(settings):
    # A broker's database that no other test writes to.
    settings.CELERY_BROKER_URL = os.environ["REDIS_URL"].rpartition("/")[0] + "/7"

    def read() -> dict[tuple, float]:
        registry = CollectorRegistry()
        registry.register(Stock())
        return figures(generate_latest(registry).decode())

    return read


def test_what_waits_and_for_how_long_is_read_from_the_database(stock):
    now = timezone.now()
    EmailFactory(due_at=now - timedelta(minutes=20))
    EmailFactory(due_at=now + timedelta(days=1))
    EmailFactory(due_at=now, last_error="450 later")
    EmailFactory(refused_at=now)
    EmailFactory(refused_at=now - timedelta(days=2))
    RegularTask.note(HEARTBEAT, succeeded_at=now - timedelta(seconds=30))

    read = stock()

    assert read.pop(("portal_outbox_lag_seconds",)) == pytest.approx(1200, abs=5)
    assert read.pop(("portal_task_age_seconds", HEARTBEAT)) == pytest.approx(30, abs=5)
    assert read == {
        ("portal_outbox_waiting",): 1,
        ("portal_outbox_stuck",): 2,
        ("portal_outbox_refused_a_day",): 1,
        ("portal_queue_length",): 0,
        ("portal_ready", "database"): 1,
        ("portal_ready", "migrations"): 1,
        ("portal_ready", "outbox"): 0,
        ("portal_ready", "beat"): 1,
        ("portal_ready", "tasks"): 1,
        ("portal_ready", "broker"): 1,
    }


def test_without_the_broker_the_rest_is_still_read(stock, settings):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{processes.free_port()}/0"

    read = stock()

    assert read["portal_ready", "broker"] == 0
    assert read["portal_ready", "database"] == 1
    assert ("portal_queue_length",) not in read
    assert read["portal_outbox_waiting",] == 0


def get(port: int, path: str = "/") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def once_it_answers(port: int, path: str = "/") -> str:
    deadline = time.monotonic() + 40
    while True:
        try:
            return get(port, path)[1]
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.fixture
def server(tmp_path):
    """A web server of two processes on the tests' database: its public and its internal port."""
    public, internal = processes.free_port(), processes.free_port()
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(public)),
            *("--workers", "2", "--blocking-threads", "1", "--respawn-failed-workers"),
            *("--respawn-interval", "0.1", "smartcities.wsgi:application"),
        ],
        cwd=CHECKOUT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "smartcities.settings.test",
            "DATABASE_URL": url,
            "METRICS_BIND": f"127.0.0.1:{internal}",
            "TMPDIR": str(tmp_path),
        },
        preexec_fn=processes.dying_with_parent(signal.SIGKILL),
        start_new_session=True,
    )
    once_it_answers(public, "/healthz")
    yield public, internal, tmp_path
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:  # busy machine: nothing may stay behind all the same
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def healthz_requests(text: str) -> float:
    return figures(text)["portal_request_seconds_count", "GET", "/healthz", "200"]


def test_requests_of_all_processes_are_added_up_on_the_internal_port_only(server):
    public, internal, folder = server
    # Each process writes down what it counts; both are there before anything is compared.
    deadline = time.monotonic() + 60
    while len(list(folder.glob(COUNTED))) < 2:
        assert time.monotonic() < deadline
        get(public, "/healthz")
    before = healthz_requests(once_it_answers(internal))
    for _ in range(30):
        assert get(public, "/healthz")[0] == 200

    assert healthz_requests(get(internal)[1]) == before + 30
    for path in ("/metrics", "/metrics/", "/-/metrics", "/prometheus", "/readyz/metrics"):
        status, text = get(public, path)
        assert (status, "portal_request" in text) == (404, False)


def test_when_the_process_with_the_port_ends_another_takes_over(monkeypatch):
    monkeypatch.setattr(metrics, "TAKE_OVER_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as other_process:
        port = other_process.getsockname()[1]
        metrics.listen(f"127.0.0.1:{port}")
        time.sleep(0.2)

    assert "portal_ready" in once_it_answers(port)
