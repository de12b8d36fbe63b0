"""The e-mails about a statement of reuse: which ones, to whom, with which links.

Each is stored in the transaction of the step it tells of; its key names the version, so that the same
step is told once. The address of the municipality's person stands in none that goes to others.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from ground.clock import deadline
from ground.signed_links import confirm_until
from mailing import outbox
from office.addresses import admin_page
from projects import links
from projects.editing import editors_of
from projects.links import Purpose
from projects.models import ReuseStatement

# Which links an e-mail offers. None offers one that its reader cannot use.
PURPOSES = {
    "confirm": [Purpose.CONFIRM, Purpose.WITHDRAW],
    "known": [Purpose.CHANGE, Purpose.WITHDRAW],
    "received": [Purpose.CHANGE, Purpose.WITHDRAW],
    "question": [Purpose.CHANGE, Purpose.WITHDRAW],
    "published": [Purpose.CHANGE, Purpose.WITHDRAW],
    "refused": [],
    "change_refused": [Purpose.CHANGE, Purpose.WITHDRAW],
    "still_true": [Purpose.STILL_TRUE, Purpose.CHANGE, Purpose.WITHDRAW],
    "withdrawn": [],
}


def tell(statement: ReuseStatement, name: str, *, now: datetime) -> None:
    """Tell the person who stated it."""
    outbox.enqueue_many([_to_person(statement, name, _key(statement, name), now)])


def tell_again(statement: ReuseStatement, *, now: datetime) -> None:
    """Answer a form that changes nothing, once an hour at most."""
    key = _key(statement, f"known:{now:%Y%m%d%H}")
    outbox.enqueue_many([_to_person(statement, "known", key, now)])


def ask_whether_still_true(statement: ReuseStatement, *, now: datetime) -> None:
    """Once for each time that the statement was marked as asked about."""
    key = _key(statement, f"still_true:{statement.asked_at:%Y%m%d}")
    outbox.enqueue_many([_to_person(statement, "still_true", key, now)])


def tell_project(statement: ReuseStatement, name: str = "to_project", *, now: datetime) -> None:
    """Tell everybody who edits the project, each mailbox once."""
    outbox.enqueue_many(
        outbox.Letter(
            key=_key(statement, f"{name}:{user}"),
            to=address,
            template=f"projects/email/reuse_{name}",
            context=_about(statement) | {"admin_link": admin_page(statement), "to_whom": "project"},
            reply_to=settings.OPERATOR["email"],
            due_at=now,
        )
        for user, address in editors_of(statement.solution.project_id)
    )


def tell_office(statement: ReuseStatement, *, now: datetime) -> None:
    """Tell the office that it has to decide."""
    outbox.enqueue_many(
        [
            outbox.Letter(
                key=_key(statement, "to_office"),
                to=settings.OPERATOR["email"],
                template="projects/email/reuse_to_office",
                context=_about(statement) | {"admin_link": admin_page(statement)},
                due_at=now,
            )
        ]
    )


def _to_person(statement: ReuseStatement, name: str, key: str, now: datetime) -> outbox.Letter:
    def link(purpose: Purpose) -> str:
        return links.address(purpose, links.token_for(statement, purpose, now=now))

    return outbox.Letter(
        key=key,
        to=statement.email,
        template=f"projects/email/reuse_{name}",
        context={
            **_about(statement),
            "links": {purpose.name.lower(): link(purpose) for purpose in PURPOSES[name]},
            "confirm_until": deadline(confirm_until(now)),
            "to_whom": "person",
        },
        reply_to=settings.OPERATOR["email"],
        due_at=now,
    )


def _about(statement: ReuseStatement) -> dict[str, Any]:
    return {
        "statement": statement,
        "solution": statement.solution,
        "project": statement.solution.project,
        "solution_url": settings.SITE_URL + statement.solution.get_absolute_url(),
    }


def _key(statement: ReuseStatement, name: str) -> str:
    return f"reuse-statement:{statement.pk}:v{statement.version}:{name}"
