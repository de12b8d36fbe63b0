"""Who may enter the administration, and why: staff, and those whom an app above lets in for a role."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Reason(NamedTuple):
    name: str
    label: Any
    # Of the user of a query: `OuterRef("pk")`. Asked anew each time, for it needs the models.
    holds: Callable[[], Q | Exists]


_reasons: list[Reason] = [
    Reason("all", _("darf alles"), lambda: Q(is_superuser=True, is_staff=True)),
    Reason("staff", _("Gruppe"), lambda: Q(is_staff=True)),
]


def register(name: str, label: Any, holds: Callable[[], Q | Exists]) -> None:
    """Let those in who have a role, for as long as they have it."""
    _reasons.append(Reason(name, label, holds))


def may_enter() -> Q:
    """The users whom the administration lets in, with their second factor where it wants one."""
    by_any = Q()
    for reason in _reasons:
        by_any |= Q(reason.holds())
    return Q(is_active=True) & by_any


def with_reasons(users: QuerySet[User]) -> QuerySet[User]:
    """The same users; each knows without a further query why it gets in."""
    reasons = {f"may_enter_{reason.name}": Q(reason.holds()) for reason in _reasons}
    return users.annotate(**reasons).prefetch_related("groups")


def reasons_of(user: Any) -> Iterator[str]:
    """In words, of a user of `with_reasons`; none of an account that is shut down."""
    if not user.is_active:
        return
    for reason in _reasons:
        if not getattr(user, f"may_enter_{reason.name}"):
            continue
        if reason.name == "staff":
            groups = [group.name for group in user.groups.all()]
            yield from groups or ([] if user.is_superuser else [str(_("noch keine Gruppe"))])
        else:
            yield str(reason.label)
