"""What a municipality says of itself: state that it reuses a solution, confirm, change, withdraw."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.guard import Guard, Sender
from ground.contention import again_after_deadlock, each_due
from projects.actions import steps
from projects.mail import reuse_statements as mails
from projects.models import (
    CHANGEABLE,
    LIVE,
    Municipality,
    ReuseStatement,
    Solution,
    StatementState,
)

GUARD = Guard(
    "reuse",
    full_mailbox=_(
        "Mit dieser E-Mail-Adresse wurden heute schon viele Angaben gemacht. Bitte versuchen "
        "Sie es morgen noch einmal, oder schreiben Sie uns eine E-Mail."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What was filled in. The municipality is one of the list, or stands there as written."""

    solution: Solution
    municipality: Municipality | None
    written: str
    email: str
    facts: dict[str, Any]


@again_after_deadlock
def state(stated: Stated, *, now: datetime, ip: str = "") -> ReuseStatement:
    """Store a statement that counts once its address is confirmed.

    One that the mailbox has already made is written over as long as it is not confirmed; afterwards
    only the mailbox learns of it. The caller must not show the difference. Raises `TooMany`.
    """
    with transaction.atomic():
        # Holds the mailbox, so that of two forms at once the second finds what the first has stored.
        GUARD.admit(Sender(stated.email, ip), now=now)
        known = (
            ReuseStatement.objects.of_mailbox(stated.email)
            .filter(
                solution=stated.solution,
                municipality=stated.municipality,
                written=stated.written,
                state__in=LIVE,
            )
            .with_everything()
            .first()
        )
        if known is None:
            return _begin(stated, now)
        if known.state == StatementState.UNCONFIRMED:
            expected = [StatementState.UNCONFIRMED]
            # The link in the new e-mail lasts as if it were stated now, and so does the statement.
            known = steps.advance(
                known,
                expected=expected,
                now=now,
                stated_at=now,
                changed_at=now,
                **stated.facts,
            )
            mails.tell(known, "confirm", now=now)
        else:
            mails.tell_again(known, now=now)
        return known


def _begin(stated: Stated, now: datetime) -> ReuseStatement:
    statement = ReuseStatement.objects.create(
        solution=stated.solution,
        municipality=stated.municipality,
        written=stated.written,
        email=stated.email,
        stated_at=now,
        changed_at=now,
        **stated.facts,
    )
    mails.tell(statement, "confirm", now=now)
    return statement


@again_after_deadlock
def confirm(statement: ReuseStatement, *, now: datetime) -> ReuseStatement:
    """Prove the address, by the link in the e-mail: from now on the project and the office know.

    Raises `Overtaken` if it waits for no proof (any more).
    """
    with transaction.atomic():
        current = steps.hand_over(
            statement, expected=[StatementState.UNCONFIRMED], now=now, confirmed_at=now
        )
        mails.tell(current, "received", now=now)
    return current


@again_after_deadlock
def change(
    statement: ReuseStatement, facts: dict[str, Any], *, answer: str = "", now: datetime
) -> ReuseStatement:
    """Say it otherwise. What is public stays as it is until the office has decided about the change.

    Where nothing changes of what is public this says that it is still so. Raises `Overtaken`.
    """
    with transaction.atomic():
        if statement.state == StatementState.PUBLISHED and facts == statement.facts:
            return _say_again(statement, now)
        return steps.hand_over(
            statement,
            expected=CHANGEABLE,
            now=now,
            confirmed_at=now,
            answer=answer or statement.answer,
            reason="",
            **facts,
        )


@again_after_deadlock
def say_again(statement: ReuseStatement, *, now: datetime) -> ReuseStatement:
    """That it is still so, a year later. Raises `Overtaken` if it is not public (any more)."""
    with transaction.atomic():
        return _say_again(statement, now)


def _say_again(statement: ReuseStatement, now: datetime) -> ReuseStatement:
    expected = [StatementState.PUBLISHED]
    if statement.reuse_id is None:  # taken off the page since, so somebody has to look at it
        current = steps.advance(
            statement,
            expected=expected,
            now=now,
            state=StatementState.AT_OFFICE,
            confirmed_at=now,
        )
        mails.tell_office(current, now=now)
        return current
    current = steps.advance(statement, expected=expected, now=now, confirmed_at=now)
    steps.confirm_again(current)
    return current


@again_after_deadlock
def withdraw(statement: ReuseStatement, *, now: datetime) -> ReuseStatement:
    """Take it back, and with it what became public of it. No one hears of one that never counted.

    Raises `Overtaken` if there is none (any more).
    """
    with transaction.atomic():
        current = steps.advance(
            statement, expected=LIVE, now=now, state=StatementState.WITHDRAWN, respond_by=None
        )
        steps.take_back(current)
        if current.confirmed_at:
            mails.tell(current, "withdrawn", now=now)
            mails.tell_project(current, "project_withdrawn", now=now)
    return current


def ask_whether_still_true(*, now: datetime) -> int:
    """Once a year: ask every municipality whether what is public of it still holds. Returns how many."""
    a_year_ago = steps.years_ago(now, 1)
    # Only of what stands on a page: its row may be deleted, its project not public any more.
    due = ReuseStatement.objects.filter(
        state=StatementState.PUBLISHED,
        reuse__isnull=False,
        solution__project__is_public=True,
        anonymised_at=None,
        confirmed_at__lte=a_year_ago,
    ).exclude(asked_at__gt=a_year_ago)

    def ask(statement: ReuseStatement) -> None:
        # The version stays, so a change that somebody is making meanwhile is not refused.
        ReuseStatement.objects.filter(pk=statement.pk).update(asked_at=now)
        # The link in the e-mail carries the moment.
        statement.asked_at = now
        mails.ask_whether_still_true(statement, now=now)

    return each_due(due.with_everything().order_by("pk"), ask)
