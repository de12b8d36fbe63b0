"""What the clock starts."""

import logging

from celery import shared_task

from opendata import snapshot

logger = logging.getLogger(__name__)


@shared_task
def write_snapshot() -> None:
    """A full disk makes the task fail: its row in the administration says so, the file of before stays."""
    counts = snapshot.write(snapshot.path())
    logger.info("Snapshot of everything public: %d rows.", sum(counts.values()))
