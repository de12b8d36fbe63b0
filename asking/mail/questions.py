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
from asking.models import Question, State
from communities.models import Membership
from ground.clock import deadline
from ground.mailbox import each_mailbox_once
from ground.signed_links import CONFIRM_LASTS
from mailing import outbox
from office.addresses import admin_page
from projects.editing import editors_of

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
    statement = question.reuse_statement
    if statement is None or not statement.email:
        return
    reply = links.address(Purpose.REPLY, links.token_for(question, Purpose.REPLY))
    letter = outbox.Letter(
        key=_key(question, f"reuser_{name}"),
        to=statement.email,
        template=f"asking/email/reuser/{name}",
        context=_about(question) | {"reply_link": reply, "statement": statement},
        reply_to=settings.OPERATOR["email"],
    )
    _store([letter], now)


def tell_reuser_no_more(question: Question, *, now: datetime) -> None:
    """That the step before is undone: nobody shall write an answer in vain.

    Where the e-mail that asks is still to be sent it goes to nobody, and there is nothing to tell.
    """
    asked = f"{_version(question, question.version - 1)}:reuser_"
    outbox.withdraw(f"{asked}nudge")
    if not outbox.withdraw(f"{asked}asked"):
        tell_reuser(question, "taken_back", now=now)


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
    return f"{_version(question, question.version)}:{name}"


def _version(question: Question, version: int) -> str:
    return f"question:{question.pk}:v{version}"


def _store(letters: Iterable[outbox.Letter], now: datetime) -> None:
    outbox.enqueue_many(replace(letter, due_at=now) for letter in letters)
