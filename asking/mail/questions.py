"""The e-mails about a question: which ones, to whom, with which links.

Each is stored in the transaction of the step it tells of; its key names the version, so that the same
step is told once. The address of the person who asks stands in none that goes to others, and theirs in
none that goes to the person.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from asking import links
from asking.links import Purpose
from asking.models import AnsweredBy, Question, State
from communities.models import Membership
from ground.clock import deadline
from ground.mailbox import each_mailbox_once, mailbox_key
from ground.signed_links import confirm_until
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


class _Holder(NamedTuple):
    """Those who have a question in one state: as keys and templates call them, and as who they answer."""

    name: str
    answers_as: AnsweredBy


_WHOM = {
    State.WITH_PROJECT: _Holder("project", AnsweredBy.PROJECT),
    State.WITH_GROUP: _Holder("group", AnsweredBy.GROUP),
    State.WITH_REUSER: _Holder("reuser", AnsweredBy.REUSER),
}
# Which e-mails ask somebody for what ends a state: with it their matter is over.
_ASKING = {
    State.UNCONFIRMED: ("confirm",),
    State.AT_OFFICE: ("office",),
    **{state: (f"{whom.name}_asked", f"{whom.name}_nudge") for state, whom in _WHOM.items()},
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
    _tell_each(question, question, name, _holders(question), now)


def leave(before: Question, question: Question, *, now: datetime) -> None:
    """Tell those who had it before this step, and have it no more, to write no answer in vain.

    Whatever still waits to ask them goes to nobody, and nobody sends it again. One whom nothing else has
    asked, or who was told since, is told nothing, and nobody is told by whom the time was let pass: what
    asked them says what happens then.
    """
    if before.state in _ASKING:
        outbox.withdraw_like(_keys(question, _ASKING[before.state]))
    if before.state not in _WHOM or question.state == State.AT_OFFICE:
        return
    if question.answered_by == _WHOM[before.state].answers_as:
        return
    having = {mailbox_key(address) for _number, address in _holders(question)}
    left = [
        (number, address)
        for number, address in _holders(before)
        if mailbox_key(address) not in having and _believes_asked(before, address)
    ]
    _tell_each(before, question, "taken_back", left, now)


def _holders(question: Question) -> list[tuple[int, str]]:
    """Who has it: what stands for each, and the address."""
    match question.state:
        case State.WITH_PROJECT:
            return editors_of(question.project_id or 0)
        case State.WITH_GROUP:
            return coordination_of(question.group_id)
        case State.WITH_REUSER if question.reuse_statement and question.reuse_statement.email:
            return [(question.reuse_statement.pk, question.reuse_statement.email)]
    return []


def _believes_asked(before: Question, address: str) -> bool:
    """Whether the last that a mailbox got about this is an e-mail that asks, of any version."""
    over = f"{_WHOM[before.state].name}_taken_back"
    last = outbox.last_to(address, _keys(before, (*_ASKING[before.state], over)))
    return last is not None and f":{over}" not in last.key


def _keys(question: Question, names: Iterable[str]) -> str:
    """The keys of these e-mails of every version, and of their copies, as a pattern."""
    return rf"^question:{question.pk}:v\d+:({'|'.join(names)})(:|$)"


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
    having: Question,
    question: Question,
    name: str,
    people: Iterable[tuple[int, str]],
    now: datetime,
) -> None:
    """Tell people of a question as it is now who have it, or had it, as it was then (`having`)."""
    whom = _WHOM[having.state].name
    context = _about(question) | {"group": having.group, "statement": having.reuse_statement}
    context |= {"admin_link": admin_page(question)}
    if having.state == State.WITH_REUSER:
        token = links.token_for(having, Purpose.REPLY)
        context |= {"reply_link": links.address(Purpose.REPLY, token)}
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
            "confirm_until": deadline(confirm_until(now)),
        },
        reply_to=settings.OPERATOR["email"],
    )


def _about(question: Question) -> dict[str, Any]:
    return {"question": question, "page_url": settings.SITE_URL + question.page_url}


def _key(question: Question, name: str) -> str:
    return f"question:{question.pk}:v{question.version}:{name}"


def _store(letters: Iterable[outbox.Letter], now: datetime) -> None:
    outbox.enqueue_many(replace(letter, due_at=now) for letter in letters)
