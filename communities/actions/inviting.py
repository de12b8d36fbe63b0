"""Inviting people, one by one or from a list, and how they answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from accounts.new_account import account_for, confirmed_account
from communities.actions.changing import (
    advance,
    invitation,
    lock,
    note,
    read_again,
    require_active,
)
from communities.actions.joining import accept_invitation, approve
from communities.invitees import Invitee
from communities.mail import memberships
from communities.models import Community, HistoryKind, Membership, MembershipState, Role
from ground.contention import again_after_deadlock
from ground.mailbox import mailbox_key
from ground.refusals import Overtaken

# Inviting a person again who has not answered; before that it is taken for a second click.
AGAIN_AFTER = timedelta(days=7)


@dataclass(slots=True)
class Invited:
    """What became of a list of people. Everybody is in exactly one of the lists."""

    invited: list[Membership] = field(default_factory=list)
    # Had asked themselves and are members now.
    approved: list[Membership] = field(default_factory=list)
    # Got nothing: they are members, or were invited a short while ago.
    members: list[Membership] = field(default_factory=list)
    not_answered: list[Membership] = field(default_factory=list)


@again_after_deadlock
def invite(
    community: Community,
    invitees: Iterable[Invitee],
    *,
    by: AbstractBaseUser,
    now: datetime,
    sentence: str = "",
) -> Invited:
    """Invite people by e-mail, all or none; an address that comes twice counts once.

    Anyone who has asked to join is taken in. Anyone who has left or declined before is invited anew.
    `sentence` is what `by` wants to say, in their own name; it stands in the e-mail and nowhere else.
    Raises `NotPossible` for an archived group.
    """
    outcome = Invited()
    with transaction.atomic():
        group = lock(community.pk)
        require_active(group)
        for invitee in {mailbox_key(one.email): one for one in invitees}.values():
            _invite_one(group, invitee, by, now, outcome, sentence)
    return outcome


@again_after_deadlock
def accept(
    membership: Membership,
    *,
    now: datetime,
    by: AbstractBaseUser | None = None,
    name: str = "",
    organisation: str = "",
    is_visible: bool = False,
) -> Membership:
    """Say yes to an invitation; for the coordination this opens an account.

    Raises `Overtaken` if there is none (any more).
    """
    with transaction.atomic():
        lock(membership.community_id)
        current = read_again(membership)
        if current.state != MembershipState.INVITED:
            raise Overtaken(current)
        changes: dict[str, Any] = {"is_visible": is_visible}
        if name.strip():
            changes["name"] = name.strip()
        if organisation.strip():
            changes["organisation"] = organisation.strip()
        changes["user"] = _account(current, changes.get("name", current.name))
        return accept_invitation(current, now=now, by=by, **changes)


@again_after_deadlock
def refuse(
    membership: Membership, *, now: datetime, by: AbstractBaseUser | None = None
) -> Membership:
    """Say no to an invitation. Raises `Overtaken` if there is none (any more)."""
    with transaction.atomic():
        current = advance(
            membership,
            HistoryKind.REFUSED,
            expected=[MembershipState.INVITED],
            now=now,
            by=by,
            state=MembershipState.REFUSED,
        )
        memberships.tell_coordinators(current, "refused", now=now)
    return current


def _account(membership: Membership, name: str) -> Any:
    if membership.role == Role.COORDINATION:
        return account_for(membership.email, name=name)
    return confirmed_account(membership.email)


def _invite_one(
    group: Community,
    invitee: Invitee,
    by: AbstractBaseUser,
    now: datetime,
    outcome: Invited,
    sentence: str,
) -> None:
    known = (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .with_everything()
        .filter(community=group, anonymised_at=None)
        .of_mailbox(invitee.email)
        .first()
    )
    if known is None:
        _tell(_begin(group, invitee, by, now), sentence, now, outcome)
    elif known.state == MembershipState.REQUESTED and known.email_confirmed_at is not None:
        outcome.approved.append(approve(known, by=by, now=now))
    elif known.state == MembershipState.ACTIVE:
        outcome.members.append(known)
    elif known.state == MembershipState.INVITED and known.changed_at > now - AGAIN_AFTER:
        outcome.not_answered.append(known)
    else:
        _tell(_invite_again(known, invitee, by, now), sentence, now, outcome)


def _tell(membership: Membership, sentence: str, now: datetime, outcome: Invited) -> None:
    memberships.tell(membership, "invited", now=now, sentence=sentence)
    outcome.invited.append(membership)


def _begin(group: Community, invitee: Invitee, by: AbstractBaseUser, now: datetime) -> Membership:
    membership = Membership.objects.create(
        community=group,
        name=invitee.name,
        email=invitee.email,
        role=invitee.role,
        state=MembershipState.INVITED,
        invited_by=by,
        changed_at=now,
    )
    note(membership, HistoryKind.INVITED, now=now, by=by)
    return membership


def _invite_again(
    known: Membership, invitee: Invitee, by: AbstractBaseUser, now: datetime
) -> Membership:
    return advance(
        known,
        HistoryKind.INVITED,
        expected=[state for state in MembershipState if state != MembershipState.ACTIVE],
        now=now,
        by=by,
        name=invitee.name or known.name,
        role=invitee.role,
        **invitation(by),
    )
