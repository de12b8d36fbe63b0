"""Tells a worker that there is something in the outbox, without anybody waiting for the broker.

A ring may get lost: the clock wakes the workers every few seconds anyway. So the broker may be down,
or accept connections and never answer, and no page takes longer for it.
"""

import logging
import threading
from collections.abc import Callable

from celery import current_app

logger = logging.getLogger(__name__)


def _publish() -> None:
    current_app.send_task("mailing.tasks.deliver", retry=False, expires=60)


class Doorbell:
    """One thread per process that publishes. Rings that come while it is busy become one."""

    def __init__(self, publish: Callable[[], None]) -> None:
        self._publish = publish
        self._rung = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        """Never blocks and never raises because of the broker."""
        self._rung.set()
        with self._starting:
            # A process forked after the first ring has inherited this object, but not its thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            try:
                self._publish()
            except Exception as error:
                # Only the kind of error: a broker's address may hold a password.
                logger.warning(
                    "Broker not reached (%s); the scheduled run will send the e-mails.",
                    type(error).__name__,
                )


ring = Doorbell(_publish).ring
