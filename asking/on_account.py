"""What the page of one's account says of questions."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.own_data import Person
from asking import links, own_data
from asking.links import Purpose
from asking.models import State


def facts(page: Mapping[str, Any]) -> dict[str, Any]:
    """One query: what was confirmed and not taken back."""
    rows = own_data.asked_by(page["person"]).confirmed().exclude(state=State.WITHDRAWN)
    return {
        "questions": [
            (row, links.path(Purpose.SEE, links.token_for(row, Purpose.SEE)))
            for row in rows.with_everything().order_by("-asked_at", "-pk")
        ]
    }


def municipalities(person: Person) -> QuerySet[Any]:
    """Those for which the person has asked."""
    confirmed = own_data.asked_by(person).confirmed()
    return confirmed.exclude(municipality=None).values("municipality")
