"""Figures for Prometheus, on an address of their own that the public never reaches (`METRICS_BIND`).

A web server has several processes. Each counts for itself in a shared folder, and the one that holds
the port adds them up. What stands in the database is asked when somebody reads the figures.
"""

import os
import time
from collections.abc import Iterator
from threading import Thread

import redis
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from mailing import outbox
from mailing.models import Email
from smartcities.operations.readiness import OK, readiness
from smartcities.operations.regular_tasks import RegularTask

REQUEST_SECONDS = Histogram(
    "portal_request_seconds",
    "From the first line of the request to the answer",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
KEPT_ANSWERS = Counter(
    "portal_kept_answers",
    "Answers to visitors without a session: kept, made, renewed in advance, or left unkept",
    ["how"],
)
KEPT_BYTES = Gauge(
    "portal_kept_answers_bytes",
    "What the kept answers of all processes take",
    multiprocess_mode="livesum",
)
# Celery's own name for the list in which tasks wait.
QUEUE = "celery"
TAKE_OVER_SECONDS = 5


class Stock(Collector):
    """What waits, for how long, and which part of the portal does not work."""

    def collect(self) -> Iterator[Metric]:
        words = readiness()
        yield _by("portal_ready", "1 if /readyz says ok", "part", {
            part: float(word == OK) for part, word in words.items()
        })  # fmt: skip
        if words["broker"] == OK:
            yield GaugeMetricFamily(
                "portal_queue_length", "Tasks that no worker has taken yet", _queue_length()
            )
        if words["database"] == OK:
            try:
                yield from _in_the_database()
            except Error:
                return  # went away meanwhile; the next reading says so
            finally:
                connection.close()


def _in_the_database() -> Iterator[Metric]:
    now = timezone.now()
    health = outbox.health(now)
    lag = (now - health.oldest_due).total_seconds() if health.oldest_due else 0
    refused = Email.objects.refused_since_yesterday(now).count()
    ages = {
        task.name: (now - (task.succeeded_at or task.known_since)).total_seconds()
        for task in RegularTask.objects.all()
    }
    yield GaugeMetricFamily("portal_outbox_waiting", "E-mails that will go in time", health.waiting)
    yield GaugeMetricFamily("portal_outbox_stuck", "E-mails late or tried in vain", health.stuck)
    yield GaugeMetricFamily("portal_outbox_lag_seconds", "Age of the oldest e-mail due", lag)
    yield GaugeMetricFamily("portal_outbox_refused_a_day", "E-mails given up in 24 hours", refused)
    yield _by("portal_task_age_seconds", "Since a regular task last succeeded", "task", ages)


def _by(name: str, text: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value_of, value in values.items():
        family.add_metric([value_of], value)
    return family


def _queue_length() -> int:
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1) as broker:
        return broker.llen(QUEUE)


def listen(bind: str) -> None:
    """Show the figures at `bind` ("127.0.0.1:9100") as long as this process lives.

    Of several processes one gets the port; when it ends, another takes over.
    """
    host, _colon, port = bind.rpartition(":")
    registry = CollectorRegistry()
    registry.register(Stock())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    Thread(target=_listen, args=[host, int(port), registry], name="metrics", daemon=True).start()


def _listen(host: str, port: int, registry: CollectorRegistry) -> None:
    while True:
        try:
            start_http_server(port, addr=host.strip("[]"), registry=registry)
        except OSError:
            time.sleep(TAKE_OVER_SECONDS)
        else:
            return
