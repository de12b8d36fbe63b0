"""Roles and the end of a membership. A group is never left without a coordinator by accident."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.new_account import account_for
from communities.actions.changing import (
    advance,
    lock,
    read_again,
    require_active,
    require_another_coordinator,
)
from communities.mail import memberships
from communities.models import HistoryKind, MailWish, Membership, MembershipState, Role
from ground.contention import again_after_deadlock
from ground.refusals import NotPossible, Overtaken


@again_after_deadlock
def leave(
    membership: Membership, *, now: datetime, by: AbstractBaseUser | None = None
) -> Membership:
    """Leave a group by one's own wish; the coordinators hear of it.

    Raises `LastCoordinator`, or `Overtaken` if the person is no member (any more).
    """
    with transaction.atomic():
        current = _end(
            membership,
            HistoryKind.LEFT,
            expected=[MembershipState.ACTIVE],
            by=by,
            now=now,
            state=MembershipState.LEFT,
        )
        memberships.tell(current, "left", now=now)
        memberships.tell_coordinators(current, "left", now=now, but_not=by)
    return current


@again_after_deadlock
def remove(
    membership: Membership,
    *,
    by: AbstractBaseUser,
    now: datetime,
    reason: str = "",
    by_editor: bool = False,
) -> Membership:
    """Take a member out of the group, or an invitation back; the person reads the reason, if given.

    Raises `LastCoordinator` except for the editors, `Overtaken` if there is nothing to end.
    """
    with transaction.atomic():
        current = _end(
            membership,
            HistoryKind.REMOVED,
            expected=[MembershipState.ACTIVE, MembershipState.INVITED],
            by=by,
            now=now,
            by_editor=by_editor,
            state=MembershipState.WITHDRAWN if _was_invited(membership) else MembershipState.LEFT,
            reason=reason.strip(),
            decided_by=by,
        )
        memberships.tell(current, "removed", now=now, was_invited=_was_invited(membership))
    return current


@again_after_deadlock
def change_role(
    membership: Membership,
    role: Role,
    *,
    by: AbstractBaseUser,
    now: datetime,
    by_editor: bool = False,
) -> Membership:
    """Give a member another role. The same role again changes nothing and sends nothing.

    The coordination needs an account: an existing one is linked, otherwise one without a password is
    made, and its owner gets the way in by e-mail.

    Raises `LastCoordinator` except for the editors, `NotPossible` for an account that was shut down,
    `Overtaken` if the person is no member (any more).
    """
    with transaction.atomic():
        group = lock(membership.community_id)
        current = _read(membership)
        if current.role == role:
            return current
        require_active(group)
        if current.role == Role.COORDINATION:
            require_another_coordinator(group, current, by_editor=by_editor)
        return _give(current, role, by=by, now=now)


@again_after_deadlock
def hand_over(
    giver: Membership,
    to: Membership,
    *,
    by: AbstractBaseUser,
    now: datetime,
    stay_as: Role = Role.MEMBER,
) -> tuple[Membership, Membership]:
    """Pass the coordination on, in one step: there is no moment without a coordinator.

    Returns both as they are now; the giver stays in the group. Raises `NotPossible` where the two
    are not a coordinator and another member of the same group, `Overtaken`.
    """
    with transaction.atomic():
        group = lock(giver.community_id)
        require_active(group)
        giving, taking = _read(giver), _read(to)
        if giving.role != Role.COORDINATION:
            raise NotPossible(_("Übergeben kann nur, wer die Gruppe koordiniert."))
        if giving.pk == taking.pk or giving.community_id != taking.community_id:
            raise NotPossible(_("Bitte wählen Sie ein anderes Mitglied derselben Gruppe."))
        if taking.role != Role.COORDINATION:
            taking = _give(taking, Role.COORDINATION, by=by, now=now)
        return _give(giving, stay_as, by=by, now=now), taking


def set_preferences(
    membership: Membership, *, mail_wish: MailWish | None = None, is_visible: bool | None = None
) -> None:
    """What members decide for themselves; what is not said stays as it is.

    It is told to no one, and no link in an e-mail dies.
    """
    said = {"mail_wish": mail_wish, "is_visible": is_visible}
    changes = {name: value for name, value in said.items() if value is not None}
    active = Membership.objects.filter(pk=membership.pk, state=MembershipState.ACTIVE)
    if changes:
        active.update(**changes)


def _read(membership: Membership) -> Membership:
    current = read_again(membership)
    if current.state != MembershipState.ACTIVE:
        raise Overtaken(current)
    return current


def _end(
    membership: Membership,
    kind: HistoryKind,
    *,
    expected: list[MembershipState],
    by: AbstractBaseUser | None,
    now: datetime,
    by_editor: bool = False,
    **changes: Any,
) -> Membership:
    group = lock(membership.community_id)
    current = read_again(membership)
    require_another_coordinator(group, current, by_editor=by_editor)
    return advance(current, kind, expected=expected, now=now, by=by, is_visible=False, **changes)


def _give(current: Membership, role: Role, *, by: AbstractBaseUser, now: datetime) -> Membership:
    changes: dict[str, Any] = {"role": role}
    if role == Role.COORDINATION and current.user is None:
        changes["user"] = account_for(current.email, name=current.name)
    user = changes.get("user", current.user)
    if role == Role.COORDINATION and not user.is_active:
        raise NotPossible(
            _("Das Konto dieser Person ist stillgelegt. Die Koordination braucht ein Konto.")
        )
    changed = advance(
        current, HistoryKind.ROLE, expected=[MembershipState.ACTIVE], now=now, by=by, **changes
    )
    memberships.tell(changed, "role_changed", now=now)
    if role == Role.COORDINATION:
        memberships.open_account(changed, now=now)
    return changed


def _was_invited(membership: Membership) -> bool:
    return membership.state == MembershipState.INVITED
