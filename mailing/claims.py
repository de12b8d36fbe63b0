import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from random import uniform
from typing import Self
from uuid import uuid4

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from mailing.models import LEASE, Email

logger = logging.getLogger(__name__)

RENEWAL = LEASE / 3
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)

# Written out because it runs once per e-mail: the ORM needs five times as long to say the same.
SENT = """
    UPDATE mailing_email
    SET sent_at = %s, attempts = attempts + 1, last_error = '', claim = NULL, claimed_until = NULL
    WHERE id = %s AND claim = %s
"""


def pause(attempts: int) -> timedelta:
    """How long an e-mail rests after so many attempts: 10 s, 20 s, 40 s … an hour, give or take a quarter.

    The spread keeps a thousand e-mails that failed together from coming back together.
    """
    doubled = FIRST_PAUSE * 2 ** min(attempts - 1, 10)
    return min(doubled, LONGEST_PAUSE) * uniform(0.75, 1.25)  # noqa: S311 - spreads load, no secret


class Claim:
    """The right of one run to send some e-mails; of several runs exactly one gets each.

    A thread renews the right while the process lives, however long the mail server takes. When the
    process dies, the right ends within `LEASE` and nothing has to be cleaned up.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.id = uuid4()
        self._clock = clock
        self._believed_until = 0.0
        self._done = threading.Event()
        self._renewer = threading.Thread(target=self._renew_until_done, name="claim", daemon=True)

    def __enter__(self) -> Self:
        self._renewer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._renewer.join()
        Email.objects.filter(claim=self.id).update(claim=None, claimed_until=None)

    def take(self, count: int) -> list[Email]:
        """Take up to `count` due e-mails, and one more that a dead run had in hand.

        That one goes last and is the only one of its kind: should it be what killed the run, it
        takes nothing down with it, and it comes back later every time.
        """
        taken_at, now = time.monotonic(), self._clock()
        with transaction.atomic():
            due = Email.objects.due(now).select_for_update(skip_locked=True)
            due = due.order_by("due_at", "pk")
            fresh = list(due.filter(claim=None)[:count])
            orphans = list(due.filter(claim__isnull=False)[:1])
            Email.objects.filter(pk__in=[email.pk for email in fresh + orphans]).update(
                claim=self.id, claimed_until=now + LEASE
            )
            for orphan in orphans:
                Email.objects.filter(pk=orphan.pk).update(
                    attempts=F("attempts") + 1,
                    due_at=now + pause(orphan.attempts + 1),
                    last_error="Ein Versand ist mittendrin abgebrochen.",
                )
        self._believed_until = taken_at + LEASE.total_seconds()
        return fresh + orphans

    def holds(self) -> bool:
        """Is it sure that no one else has taken over? False after the process stood still for long."""
        return time.monotonic() < self._believed_until

    def settle_sent(self, email: Email) -> None:
        """Record at once that the server has taken it, and let go of it.

        Not for what opens an account: that ends by `settle_ended`, which empties it.
        """
        with connection.cursor() as cursor:
            cursor.execute(SENT, [self._clock(), email.pk, self.id])
            self._notice_loss(email, cursor.rowcount)

    def settle_ended(self, email: Email, **ending: object) -> None:
        """Record any other ending at once, and let go of it."""
        mine = Email.objects.filter(pk=email.pk, claim=self.id)
        self._notice_loss(email, mine.close(**ending))

    def put_off(self, email: Email, **outcome: object) -> None:
        """Record at once why it stays open, and let go of it."""
        mine = Email.objects.filter(pk=email.pk, claim=self.id)
        self._notice_loss(email, mine.update(claim=None, claimed_until=None, **outcome))

    def _notice_loss(self, email: Email, rows: int) -> None:
        if not rows:
            logger.error("E-mail %s was taken over while it was being sent.", email.pk)

    def _renew_until_done(self) -> None:
        while not self._done.wait(RENEWAL.total_seconds()):
            renewed_at = time.monotonic()
            try:
                mine = Email.objects.filter(claim=self.id)
                if mine.update(claimed_until=self._clock() + LEASE):
                    self._believed_until = renewed_at + LEASE.total_seconds()
            except DatabaseError as error:
                logger.warning("Claim not renewed (%s).", type(error).__name__)
                connection.close()
        connection.close()
