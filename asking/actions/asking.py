"""What the person does who asks: ask, confirm, say whether it helped, withdraw; and report a fault."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.guard import Guard, Sender
from asking.actions import steps
from asking.mail import questions as mails
from asking.models import OPEN, WITHDRAWABLE, Helped, Kind, Question, State
from ground.contention import again_after_deadlock
from projects.models import Municipality, Project, Solution, Theme

GUARD = Guard(
    "asking",
    full_mailbox=_(
        "Mit dieser E-Mail-Adresse wurden heute schon viele Fragen gestellt. Bitte versuchen "
        "Sie es morgen noch einmal, oder rufen Sie uns an."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was filled in. The municipality is one of the list, or stands there as written."""

    text: str
    name: str
    email: str
    project: Project | None = None
    solution: Solution | None = None
    theme: Theme | None = None
    municipality: Municipality | None = None
    written: str = ""
    situation: str = ""
    phone: str = ""
    may_publish: bool = False
    may_name: bool = False
    # Which of these make it the same question, sent again.
    same: tuple[str, ...] = field(
        default=("text", "project", "solution", "theme", "municipality", "written"), init=False
    )

    @property
    def values(self) -> dict[str, Any]:
        names = (*self.same, "situation", "name", "phone", "email", "may_publish", "may_name")
        kind = Kind.PEER if self.project else Kind.OFFICE
        return {name: getattr(self, name) for name in names} | {"kind": kind}


@again_after_deadlock
def ask(asked: Asked, *, now: datetime, ip: str = "") -> Question:
    """Store a question that counts once its address is confirmed.

    The same one of the same mailbox is stored once; only the mailbox learns of it. The caller must not
    show the difference. Raises `TooMany`.
    """
    with transaction.atomic():
        # Holds the mailbox, so that of two forms at once the second finds what the first has stored.
        GUARD.admit(Sender(asked.email, ip), now=now)
        same = {name: getattr(asked, name) for name in asked.same}
        known = Question.objects.of_mailbox(asked.email).filter(
            **same, state__in=(State.UNCONFIRMED, *OPEN)
        )
        question = known.with_everything().first()
        if question is None:
            question = Question.objects.create(**asked.values, asked_at=now, changed_at=now)
            mails.tell(question, "confirm", now=now)
        elif question.confirmed_at:
            mails.tell_again(question, "received", now=now)
        else:
            # The link in the new e-mail lasts as if it were asked now, and so does the question.
            Question.objects.filter(pk=question.pk).update(changed_at=now)
            mails.tell_again(question, "confirm", now=now)
    return question


@again_after_deadlock
def report(*, text: str, page: str, email: str = "", now: datetime, ip: str = "") -> Question:
    """Tell the office of a fault on a page. An address serves the answer only, and need not be proved.

    Raises `TooMany`.
    """
    with transaction.atomic():
        GUARD.admit(Sender(email, ip), now=now)
        question = Question.objects.create(
            kind=Kind.FAULT,
            text=text,
            page=page,
            email=email,
            asked_at=now,
            confirmed_at=now,
            changed_at=now,
            state=State.AT_OFFICE,
            due_on=steps.deadline(now),
        )
        mails.tell_office(question, now=now)
    return question


@again_after_deadlock
def confirm(question: Question, *, now: datetime) -> Question:
    """Prove the address, by the link in the e-mail: from now on somebody has to answer.

    Raises `Overtaken` if it waits for no proof (any more).
    """
    with transaction.atomic():
        current = steps.hand_over(question, expected=[State.UNCONFIRMED], now=now, confirmed_at=now)
        mails.tell(current, "received", now=now)
    return current


@again_after_deadlock
def rate(question: Question, *, helped: Helped, text: str = "", now: datetime) -> Question:
    """Whether the answer helped. Raises `Overtaken` where there is none, or where it was said."""
    with transaction.atomic():
        return steps.advance(
            question, expected=[State.ANSWERED], now=now, helped=helped, helped_text=text
        )


@again_after_deadlock
def withdraw(question: Question, *, now: datetime) -> Question:
    """Take it back, and with it what became public of it. No one hears of one that never counted.

    Raises `Overtaken` if there is none (any more).
    """
    with transaction.atomic():
        current = steps.advance(
            question, expected=WITHDRAWABLE, now=now, state=State.WITHDRAWN, due_on=None
        )
        steps.take_down(current)
        if current.confirmed_at:
            mails.tell(current, "withdrawn", now=now)
    return current
