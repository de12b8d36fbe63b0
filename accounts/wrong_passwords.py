"""Wrong passwords for one address, from all networks together.

From one network few are taken at all (allauth's `login_failed`, by address and network). So anyone who
tries from many networks does not lock out the owner, who sits in another one: past a number an hour
tries are only slowed down, and the owner is told.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.guard import clear_tally, tallied, tally
from accounts.new_account import account_of, confirmed_account
from ground.mailbox import mailbox_key
from mailing import outbox

HOUR = timedelta(hours=1)
# From here on the owner is told, once a day.
TOLD_FROM = 5
# From here on one try in a while.
SLOW_FROM = 30
SLOW = timedelta(seconds=20)


def may_try(address: str, *, now: datetime) -> bool:
    """Whether a password is looked at now, known address or not."""
    mailbox = mailbox_key(address)
    if tallied(_failed(mailbox), every=HOUR, now=now) < SLOW_FROM:
        return True
    return tally(f"sign-in-slowly:{mailbox}", every=SLOW, now=now) == 1


def count(address: str, *, now: datetime) -> None:
    """Count a wrong password."""
    if tally(_failed(mailbox_key(address)), every=HOUR, now=now) == TOLD_FROM:
        _tell(address, now)


def forget(address: str, *, now: datetime) -> None:
    """Begin anew: its owner has set a new password."""
    clear_tally(_failed(mailbox_key(address)), every=HOUR, now=now)


def _failed(mailbox: str) -> str:
    return f"sign-in-failed:{mailbox}"


def _tell(address: str, now: datetime) -> None:
    user = confirmed_account(address) or account_of(address)
    letter = outbox.Letter(
        key=f"account:{user.pk if user else 0}:wrong-passwords:{timezone.localdate(now):%Y%m%d}",
        to=user.email if user else address,
        template="account/email/wrong_passwords",
        body="message",
        context={
            "name": user.name if user else "",
            "reset_link": settings.SITE_URL + reverse("account_reset_password"),
        },
    )
    if user is None or not user.is_active:
        letter.written()  # so that the time it takes does not tell who has an account
        return
    with transaction.atomic():
        outbox.enqueue_many([letter])
