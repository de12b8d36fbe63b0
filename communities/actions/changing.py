"""The moves that every action is made of: lock a group, change a membership, keep a coordinator."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils.translation import gettext as _

from communities.actions.refusals import LastCoordinator
from communities.models import (
    Community,
    HistoryEntry,
    HistoryKind,
    Membership,
    MembershipState,
)
from ground.contention import change_as_read
from ground.refusals import NotPossible, Overtaken


def lock(community_id: int) -> Community:
    """Let one after the other change who is in this group, until the end of the transaction.

    Whether a person is the last coordinator no constraint can count. Groups are locked before
    memberships, several of them in the order of their keys.
    """
    # no_key: rows that merely point at the group can still be stored meanwhile.
    Community.objects.select_for_update(no_key=True).get(pk=community_id)
    # Read after the lock: who waited for a group to move must see what it hangs under now.
    return Community.objects.select_related("parent").get(pk=community_id)


def lock_all(*communities: Community) -> dict[int, Community]:
    """The same for several groups and their topic groups, by primary key."""
    pks = {community.pk for community in communities}
    wanted = Community.objects.within(Community.objects.filter(pk__in=pks))
    locked: dict[int, Community] = {}
    # The keys first: a lock on a query with a subquery would depend on the plan's order. Again until
    # nothing is new: a topic group may have moved in before its new community was locked.
    while missing := sorted(set(wanted.values_list("pk", flat=True)) - set(locked)):
        locked |= {pk: lock(pk) for pk in missing}
    return locked


def read_again(membership: Membership) -> Membership:
    """The row as it is now, locked, with everything that e-mails tell. Raises `Overtaken`."""
    rows = Membership.objects.select_for_update(no_key=True, of=("self",))
    current = rows.with_everything().filter(pk=membership.pk).first()
    if current is None or current.version != membership.version or current.anonymised_at:
        raise Overtaken(current or membership)
    return current


def advance(
    membership: Membership,
    kind: HistoryKind,
    *,
    expected: Collection[MembershipState],
    now: datetime,
    by: AbstractBaseUser | None = None,
    **changes: Any,
) -> Membership:
    """Change a membership as it was read, and note it in its history. Raises `Overtaken`."""
    if "state" in changes:
        changes["changed_at"] = now
    current = change_as_read(
        membership,
        Membership.objects.with_everything(),
        while_=Q(state__in=expected, anonymised_at=None),
        **changes,
    )
    note(current, kind, now=now, by=by)
    return current


def note(
    membership: Membership,
    kind: HistoryKind,
    *,
    now: datetime,
    by: AbstractBaseUser | None = None,
) -> None:
    """Write an entry into the history of a membership."""
    HistoryEntry.objects.create(
        membership=membership, version=membership.version, kind=kind, at=now, by=by
    )


def require_active(group: Community) -> None:
    """Raise `NotPossible` for an archived group."""
    if not group.is_active:
        raise NotPossible(_("Diese Gruppe arbeitet nicht mehr. Niemand kann ihr noch beitreten."))


def require_another_coordinator(
    group: Community, leaving: Membership, *, by_editor: bool = False
) -> None:
    """Raise `LastCoordinator` if no one else coordinates the group itself.

    Those of the community above do not count: anyone who hands a topic group back to them makes one of
    them its coordinator first, so that everybody knows who looks after it. The editors may leave a
    group empty; its requests then go to the community above, or to the operator. The caller holds
    the lock of the group, so of two who leave at once the second finds out.
    """
    coordinating = Membership.objects.coordinating().filter(community=group)
    if by_editor or not coordinating.filter(pk=leaving.pk).exists():
        return
    if not coordinating.exclude(pk=leaving.pk).exists():
        raise LastCoordinator(
            _(
                "„%(group)s“ hätte dann keine Koordination mehr. Bitte übergeben Sie die "
                "Koordination erst an jemand anderen."
            )
            % {"group": group.full_name}
        )


def is_last_coordinator(membership: Membership) -> bool:
    """For a warning beforehand; anyone who acts is asked again under the lock."""
    try:
        require_another_coordinator(membership.community, membership)
    except LastCoordinator:
        return True
    return False


def invitation(by: AbstractBaseUser) -> dict[str, Any]:
    """Within this package: what a membership is that somebody is asked to answer, whatever it was before."""
    return {
        "state": MembershipState.INVITED,
        "invited_by": by,
        "decided_by": None,
        "email_confirmed_at": None,
        # Whether others see them they say themselves, with their answer.
        "is_visible": False,
        "reason": "",
        "message": "",
    }
