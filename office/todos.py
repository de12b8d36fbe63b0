"""What waits for a person in the administration: the start page says it before anything else.

Each app says it for its own work, by the rule of the list that the line leads to.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _


class Todo(NamedTuple):
    """One line with the place where it is dealt with. What is overdue says so in words as well."""

    text: str
    url: str
    is_overdue: bool = False


Find = Callable[[AbstractBaseUser, datetime], Iterable[Todo]]
_finds: dict[str, Find] = {}
_ahead: dict[str, Find] = {}


def register(app: str, find: Find) -> None:
    """Ask `find(user, now)` as well; its number of queries must not depend on how much waits."""
    _finds[app] = find


def register_ahead(app: str, find: Find) -> None:
    """Ask `find(user, now)` for the days ahead: nothing to decide, but to be prepared for."""
    _ahead[app] = find


def ahead_of(user: AbstractBaseUser, *, now: datetime) -> list[Todo]:
    return [todo for find in _ahead.values() for todo in find(user, now)]


def todos_of(user: AbstractBaseUser, *, now: datetime) -> list[Todo]:
    """What a person has to act on, what is overdue first."""
    todos = [todo for find in _finds.values() for todo in find(user, now)]
    return sorted(todos, key=lambda todo: not todo.is_overdue)


def late(number: int) -> str:
    """To append to a sentence about several, of which so many are overdue."""
    return _(", davon überfällig: %d") % number if number else ""
