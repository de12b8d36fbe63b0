"""Who may enter the administration, and why: staff, and those whom an app above lets in for a role."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Reason(NamedTuple):
    """A role of an app above, in which people work in the administration without being staff."""

    name: str
    label: Any
    # Of the user of a query: `OuterRef("pk")`. Asked anew each time, for it needs the models.
    holds: Callable[[], Exists]


_reasons: list[Reason] = []


def register(name: str, label: Any, holds: Callable[[], Exists]) -> None:
    """Let those in who have a role, for as long as they have it."""
    _reasons.append(Reason(name, label, holds))


def may_enter() -> Q:
    """The users whom the administration lets in, with their second factor where it wants one."""
    by_any = Q(is_staff=True)
    for reason in _reasons:
        by_any |= Q(reason.holds())
    return Q(is_active=True) & by_any


def with_reasons(users: QuerySet[User]) -> QuerySet[User]:
    """The same users; each knows without a further query why it gets in."""
    roles = {f"may_enter_{reason.name}": reason.holds() for reason in _reasons}
    return users.annotate(**roles).prefetch_related("groups")


def reasons_of(user: Any) -> Iterator[str]:
    """In words, of a user of `with_reasons`; none of an account that is shut down."""
    if not user.is_active:
        return
    if user.is_staff:
        yield from _of_staff(user)
    for reason in _reasons:
        if getattr(user, f"may_enter_{reason.name}"):
            yield str(reason.label)


def _of_staff(user: User) -> list[str]:
    all_of_it = [str(_("darf alles"))] if user.is_superuser else []
    groups = [group.name for group in user.groups.all()]
    return [*all_of_it, *groups] or [str(_("noch keine Gruppe"))]
