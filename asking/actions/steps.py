"""The moves that every step of a question is made of."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from asking.mail import questions as mails
from asking.models import PublicAnswer, Question, State
from ground.clock import working_days_from
from ground.contention import change_as_read

WORKING_DAYS = 10
# For the office, after others have let it wait.
OFFICE_WORKING_DAYS = 5


def advance(
    question: Question, *, expected: Collection[str], now: datetime, **changes: Any
) -> Question:
    """Change a question as it was read, and return it as it is now. Raises `Overtaken`.

    Whoever had it before and has it no more is told so. Needs a transaction.
    """
    if "state" in changes:
        changes["changed_at"] = now
    rows = Question.objects.with_everything()
    current = change_as_read(question, rows, while_=Q(state__in=expected), **changes)
    if "state" in changes:
        mails.leave(question, current, now=now)
    return current


def hand_over(
    question: Question, *, expected: Collection[str], now: datetime, **changes: Any
) -> Question:
    """To those who edit the project; where nobody does, and of all else, to the office."""
    is_theirs = question.reaches_project
    current = advance(
        question,
        expected=expected,
        now=now,
        state=State.WITH_PROJECT if is_theirs else State.AT_OFFICE,
        due_on=deadline(now),
        reminded_at=None,
        **changes,
    )
    if is_theirs:
        mails.tell_others(current, now=now)
    else:
        mails.tell_office(current, now=now)
    return current


def take_down(question: Question) -> None:
    """Nothing of it is public any more."""
    PublicAnswer.objects.filter(source=question).delete()


def deadline(now: datetime, days: int = WORKING_DAYS) -> date:
    return working_days_from(timezone.localdate(now), days)
