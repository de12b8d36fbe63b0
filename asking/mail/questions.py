"""The e-mails about a question: which ones, to whom, with which links.

Each is stored in the transaction of the step it tells of; its key names the version, so that the same
step is told once. The address of the person who asks stands in none that goes to others, and theirs in
none that goes to the person.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from asking import links
from asking.links import Purpose
from asking.models import AnsweredBy, Question, State
from communities.models import Membership
from ground.clock import deadline
from ground.mailbox import each_mailbox_once
from ground.signed_links import CONFIRM_LASTS
from mailing import outbox
from office.addresses import admin_page
from projects.editing import editors_of
from projects.models import ReuseStatement

# Which links an e-mail to the person who asks offers. None offers one that its reader cannot use.
PURPOSES = {
    "confirm": [Purpose.CONFIRM, Purpose.WITHDRAW],
    "received": [Purpose.SEE, Purpose.WITHDRAW],
    "answered": [Purpose.RATE, Purpose.SEE],
    "to_advice": [],
    "published": [Purpose.SEE, Purpose.WITHDRAW],
    "withdrawn": [],
}


def tell(question: Question, name: str, *, now: datetime, reference: str = "") -> None:
    """Tell the person who asks; one who left no address is told nothing."""
    if question.email:
        _store([_to_person(question, name, _key(question, name), now, reference)], now)


def tell_again(question: Question, name: str, *, now: datetime) -> None:
    """Answer the same form sent once more, once an hour at most."""
    key = _key(question, f"{name}:{now:%Y%m%d%H}")
    _store([_to_person(question, name, key, now)], now)


def tell_others(question: Question, name: str = "asked", *, now: datetime) -> None:
    """Tell those who have it now: editors, coordination or a Kommune; each mailbox once."""
    match question.state:
        case State.WITH_PROJECT:
            tell_editors(question, name, now=now)
        case State.WITH_GROUP:
            tell_coordination(question, name, now=now)
        case State.WITH_REUSER:
            tell_reuser(question, name, now=now)


def tell_editors(question: Question, name: str, *, now: datetime) -> None:
    _tell_each(question, "project", name, editors_of(question.project_id or 0), now)


def tell_coordination(question: Question, name: str, *, now: datetime) -> None:
    _tell_each(question, "group", name, coordination_of(question.group_id), now)


def tell_reuser(question: Question, name: str, *, now: datetime) -> None:
    """Ask a Kommune, or remind it: with the link by which it answers."""
    if statement := question.reuse_statement:
        reply = links.address(Purpose.REPLY, links.token_for(question, Purpose.REPLY))
        _to_reuser(question, statement, name, now, reply_link=reply)


def tell_reuser_no_more(before: Question, question: Question, *, now: datetime) -> None:
    """Tell the Kommune that had it before this step, and has it no more, to write no answer in vain.

    Whatever still waits to ask it goes to nobody. Where nothing else has asked it, or it was told since,
    there is nothing to tell.
    """
    if before.state != State.WITH_REUSER:
        return
    outbox.withdraw_like(_to_reusers(question, "asked", "nudge"))
    statement = before.reuse_statement
    if statement and not _is_theirs(question, statement) and _believes_asked(question, statement):
        _to_reuser(question, statement, "taken_back", now)


def _is_theirs(question: Question, statement: ReuseStatement) -> bool:
    """Whether this Kommune has answered, or is the one that is asked (again)."""
    if question.state == State.WITH_REUSER and question.reuse_statement:
        return question.reuse_statement.mailbox == statement.mailbox
    return question.answered_by == AnsweredBy.REUSER


def _believes_asked(question: Question, statement: ReuseStatement) -> bool:
    """Whether the last that its mailbox got about this is an e-mail that asks, of any version."""
    last = outbox.last_to(statement.email, _to_reusers(question, "asked", "nudge", "taken_back"))
    return last is not None and ":reuser_taken_back" not in last.key


def _to_reuser(
    question: Question, statement: ReuseStatement, name: str, now: datetime, **context: str
) -> None:
    if not statement.email:
        return
    letter = outbox.Letter(
        key=_key(question, f"reuser_{name}"),
        to=statement.email,
        template=f"asking/email/reuser/{name}",
        context=_about(question) | {"statement": statement} | context,
        reply_to=settings.OPERATOR["email"],
    )
    _store([letter], now)


def _to_reusers(question: Question, *names: str) -> str:
    """The keys of these e-mails of every version, and of their copies, as a pattern."""
    return rf"^question:{question.pk}:v\d+:reuser_({'|'.join(names)})(:|$)"


def tell_office(question: Question, *, now: datetime) -> None:
    letter = outbox.Letter(
        key=_key(question, "office"),
        to=settings.OPERATOR["email"],
        template="asking/email/office/arrived",
        context=_about(question) | {"admin_link": admin_page(question)},
    )
    _store([letter], now)


def coordination_of(group: int | None) -> list[tuple[int, str]]:
    """Who coordinates a group: membership and address, each mailbox once."""
    rows = Membership.objects.coordinating().filter(community=group).order_by("pk")
    return each_mailbox_once(rows.values_list("pk", "email"))


def _tell_each(
    question: Question, whom: str, name: str, people: Iterable[tuple[int, str]], now: datetime
) -> None:
    context = _about(question) | {"admin_link": admin_page(question)}
    letters = [
        outbox.Letter(
            key=_key(question, f"{whom}_{name}:{number}"),
            to=address,
            template=f"asking/email/{whom}/{name}",
            context=context,
            reply_to=settings.OPERATOR["email"],
        )
        for number, address in people
    ]
    _store(letters, now)


def _to_person(
    question: Question, name: str, key: str, now: datetime, reference: str = ""
) -> outbox.Letter:
    def link(purpose: Purpose) -> str:
        return links.address(purpose, links.token_for(question, purpose, now=now))

    offered = {purpose.name.lower(): link(purpose) for purpose in PURPOSES[name]}
    return outbox.Letter(
        key=key,
        to=question.email,
        template=f"asking/email/asker/{name}",
        context=_about(question)
        | {
            "links": offered,
            "reference": reference,
            "confirm_until": deadline(now + CONFIRM_LASTS),
        },
        reply_to=settings.OPERATOR["email"],
    )


def _about(question: Question) -> dict[str, Any]:
    return {"question": question, "page_url": settings.SITE_URL + question.page_url}


def _key(question: Question, name: str) -> str:
    return f"question:{question.pk}:v{question.version}:{name}"


def _store(letters: Iterable[outbox.Letter], now: datetime) -> None:
    outbox.enqueue_many(replace(letter, due_at=now) for letter in letters)
