"""Tells a mail server that takes nothing from anybody from one e-mail that cannot be delivered.

One refusal may be the recipient's. Several different recipients refused in a row, because of who sends,
are the server's trouble or ours: its e-mails stay open, are tried again soon, and count no attempt. With
the first e-mail that the server takes again all of them go at once.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from random import uniform

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Greatest, Least

from mailing.models import IN_TROUBLE, Email
from mailing.relay import Answer, Verdict, is_about_us

logger = logging.getLogger(__name__)

# So many failures in a row are the server's trouble; e-mails not tried yet keep their place.
FAILURES = 5
# As many different recipients in a row to whom it takes nothing from us.
REFUSALS = 3
# What was refused longer ago is no part of the same row.
SAME_ROW = timedelta(days=1)
PAUSE = timedelta(minutes=1)


class Row:
    """The failures since an e-mail last went through."""

    def __init__(self) -> None:
        self.failed: list[tuple[Email, Answer]] = []

    def add(self, email: Email, answer: Answer) -> None:
        self.failed.append((email, answer))

    @property
    def undecided(self) -> list[tuple[Email, Answer]]:
        """Refused because of us, it seems: whether for good, the row tells."""
        return [one for one in self.failed if one[1].verdict is Verdict.UNWELCOME]

    def is_trouble(self, refused_before: Iterable[Email] = ()) -> bool:
        emails = [email for email, _answer in self.undecided]
        refused = {email.to.casefold() for email in (*emails, *refused_before)}
        return len(self.failed) >= FAILURES or len(refused) >= REFUSALS

    def goes_on(self) -> bool:
        """Whether the server was in trouble before, and has taken nothing since."""
        known = any(email.last_error.startswith(IN_TROUBLE) for email, _answer in self.failed)
        return known or Email.objects.in_trouble().exists()


def refused_just_before(now: datetime) -> list[Email]:
    """What earlier runs took for single refusals, and nothing has gone through since."""
    recent = Email.objects.refused().filter(refused_at__gt=now - SAME_ROW).exclude(to="")
    row = list(
        takewhile(
            lambda email: is_about_us(email.last_error),
            recent.order_by("-refused_at", "-pk")[: 10 * REFUSALS],
        )
    )
    sent = Email.objects.sent().filter(sent_at__gt=now - SAME_ROW, purged_at=None)
    last_sent = sent.aggregate(last=Max("sent_at"))["last"]
    return [email for email in row if last_sent is None or email.refused_at > last_sent]


def note(emails: Collection[Email], reason: str, *, now: datetime) -> None:
    """Keep these open, to be tried again soon; also what was taken for refused, if it has its text."""
    logger.warning("The mail server refuses everything; trying again later.")
    pks = [email.pk for email in emails]
    with transaction.atomic():
        free = Email.objects.filter(pk__in=pks, claim=None, sent_at=None, missed_at=None)
        free.exclude(text="").update(
            refused_at=None,
            due_at=now + PAUSE * uniform(0.75, 1.25),  # noqa: S311 - spreads load, no secret
            attempts=Greatest(F("attempts") - 1, 1),
            last_error=f"{IN_TROUBLE}{reason}"[:500],
        )


def is_over(*, now: datetime) -> None:
    """The server takes e-mails again: what waited for that waits no longer."""
    with transaction.atomic():
        waiting = Email.objects.in_trouble().filter(claim=None)
        free = waiting.select_for_update(skip_locked=True).values("pk")
        Email.objects.filter(pk__in=free).update(due_at=Least("due_at", now), last_error="")
