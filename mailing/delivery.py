"""Hands what is due to the mail server, in any number of processes at the same time.

Each process sends one e-mail at a time and records its outcome before it begins the next. So a killed
process can double at most the one e-mail whose outcome it could not record any more, and the twin
carries the same Message-ID.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mailing import doorbell, trouble
from mailing.claims import Claim, pause
from mailing.models import Email, EmailKind
from mailing.relay import Answer, Relay, RelayUnavailable, Verdict

logger = logging.getLogger(__name__)

BATCH = 50
# A run ends after so many seconds and rings for the next, so that other tasks get their turn.
RUN_SECONDS = 20
# With the pauses of `mailing.claims` about five days, as long as mail servers try among themselves.
MOST_ATTEMPTS = 125


def deliver(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """Send what is due, over one connection; return how many e-mails the server has taken.

    What should have been there by now is not sent any more.
    """
    close_missed(now=clock())
    if not Email.objects.due(clock()).exists():
        return 0
    try:
        with Relay() as relay, Claim(clock) as claim:
            return _Run(relay, claim, clock).until_nothing_is_due()
    except RelayUnavailable as error:
        _note_outage(str(error), now=clock())
        return 0


class _Run:
    def __init__(self, relay: Relay, claim: Claim, clock: Callable[[], datetime]) -> None:
        self._relay = relay
        self._claim = claim
        self._clock = clock
        self._ends_at = time.monotonic() + RUN_SECONDS
        self._row = trouble.Row()
        self._more_than_a_batch = False
        self._sent = 0

    def until_nothing_is_due(self) -> int:
        while emails := self._claim.take(BATCH):
            self._more_than_a_batch |= len(emails) >= BATCH
            for email in emails:
                if not self._may_go_on():
                    self._conclude()
                    return self._sent
                self._deliver(email)
        self._conclude()
        return self._sent

    def _may_go_on(self) -> bool:
        if self._row.is_trouble():
            logger.warning("%s e-mails in a row failed.", len(self._row.failed))
            return False
        if time.monotonic() > self._ends_at:
            doorbell.ring()
            return False
        return self._claim.holds()

    def _deliver(self, email: Email) -> None:
        now = self._clock()
        if email.expires_at and email.expires_at <= now:
            # Its time ran out while others of the batch were being sent.
            self._claim.settle_ended(email, missed_at=now)
            return
        answer = self._relay.send(email)
        if answer.verdict in (Verdict.SENT, Verdict.REFUSED):
            # The server tells one recipient from another, so what it refused before is refused.
            self._refuse_undecided()
            self._row = trouble.Row()
        elif answer.verdict is not Verdict.BROKEN:
            self._row.add(email, answer)
        if answer.verdict is not Verdict.UNWELCOME:
            self._record(email, answer)
        if answer.verdict is Verdict.SENT:
            self._sent += 1
            if self._sent == 1:
                self._go_at_full_speed()
        if answer.disconnected:
            self._relay.reconnect()

    def _go_at_full_speed(self) -> None:
        trouble.is_over(now=self._clock())
        if self._more_than_a_batch:
            # More than one run's worth: wake another process, which may wake the next.
            doorbell.ring()

    def _conclude(self) -> None:
        """Decide about the failures at the end of the run, with those of earlier runs."""
        if not self._row.failed:
            return
        now = self._clock()
        before = trouble.refused_just_before(now) if self._row.undecided and not self._sent else []
        if not self._row.is_trouble(before) and (self._sent or not self._row.goes_on()):
            self._refuse_undecided()
            return
        for email, answer in self._row.undecided:
            self._record(email, replace(answer, verdict=Verdict.LATER))
        if not self._sent:
            failed = [email for email, _answer in self._row.failed]
            _last, answer = self._row.failed[-1]
            trouble.note([*failed, *before], answer.reason, now=now)

    def _refuse_undecided(self) -> None:
        for email, answer in self._row.undecided:
            self._record(email, replace(answer, verdict=Verdict.REFUSED))

    def _record(self, email: Email, answer: Answer) -> None:
        if answer.verdict is Verdict.SENT and email.kind != EmailKind.ACCESS:
            self._claim.settle_sent(email)
            return
        now = self._clock()
        attempts = email.attempts + 1
        tried = {"attempts": F("attempts") + 1, "last_error": answer.reason[:500]}
        if answer.verdict is Verdict.SENT:
            self._claim.settle_ended(email, sent_at=now, **tried | {"last_error": ""})
        elif answer.verdict is Verdict.REFUSED or attempts >= MOST_ATTEMPTS:
            logger.warning("E-mail %s refused, given up.", email.pk)
            self._claim.settle_ended(email, refused_at=now, **tried)
        else:
            logger.warning("E-mail %s not taken, again later.", email.pk)
            self._claim.put_off(email, due_at=now + pause(attempts), **tried)


def close_missed(*, now: datetime) -> int:
    """Close what is no use any more; return how many. What a living worker has in hand is its own."""
    overtaken = Email.objects.overtaken(now).select_for_update(skip_locked=True)
    with transaction.atomic():
        pks = list(overtaken.values_list("pk", flat=True))
        if not pks:
            return 0
        return Email.objects.filter(pk__in=pks).close(missed_at=now)


def _note_outage(reason: str, *, now: datetime) -> None:
    """Tell the office why nothing goes; one statement for however many e-mails wait."""
    logger.warning("Mail server not available.")
    reason = reason[:500]
    with transaction.atomic():
        due = Email.objects.due(now).exclude(last_error=reason)
        free = due.select_for_update(skip_locked=True).values("pk")
        Email.objects.filter(pk__in=free).update(last_error=reason)
