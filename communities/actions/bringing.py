"""What coordinators do for members who are there: bring them to a group beside, put an address right."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.actions.changing import (
    advance,
    invitation,
    lock_all,
    note,
    read_again,
    require_active,
    require_another_coordinator,
)
from communities.mail import memberships
from communities.models import (
    LIVE,
    Community,
    HistoryKind,
    Membership,
    MembershipState,
    Role,
)
from ground.contention import again_after_deadlock, violated
from ground.mailbox import mailbox_key
from ground.refusals import NotPossible, Overtaken

# Whether others see the name is said for each group.
_TAKEN_ALONG = (
    "name",
    "email",
    "user",
    "project",
    "municipality",
    "organisation",
    "mail_wish",
    "email_confirmed_at",
)


@again_after_deadlock
def bring(
    membership: Membership, *, to: Community, stays: bool, by: AbstractBaseUser, now: datetime
) -> Membership:
    """Make a member of a group one of its topic group, or of another group of the same community.

    They are in at once, hear of it and can leave by its link; without `stays` the old membership ends.
    No one becomes a coordinator by it. Raises `NotPossible` for groups of different communities and for
    those who are there already, `LastCoordinator`, or `Overtaken`.
    """
    with transaction.atomic():
        locked = lock_all(membership.community, to)
        source, target = locked[membership.community_id], locked[to.pk]
        require_active(target)
        if source.pk == target.pk or _root(source) != _root(target):
            raise NotPossible(_("Das geht nur zwischen Gruppen derselben Gemeinschaft."))
        current = read_again(membership)
        if current.state != MembershipState.ACTIVE:
            raise Overtaken(current)
        if not stays:
            require_another_coordinator(source, current)
        brought = _join(current, target, by, now)
        memberships.tell(brought, "brought", now=now, old=source, stays=stays)
        if not stays:
            advance(
                current,
                HistoryKind.BROUGHT,
                expected=[MembershipState.ACTIVE],
                now=now,
                by=by,
                state=MembershipState.LEFT,
                is_visible=False,
            )
    return brought


@again_after_deadlock
def correct(
    membership: Membership, *, name: str, email: str, by: AbstractBaseUser, now: datetime
) -> Membership:
    """Put name and address right, and write to the address as it is now; older links die.

    Another mailbox is another reader, who has agreed to nothing yet: it gets an invitation, and who was a
    member is one again with its answer. Else an account with that address would be in the group unasked.

    Raises `NotPossible` where the address belongs to an account, to another entry of the group, or to
    somebody who proved it and waits, and `Overtaken`.
    """
    moves = mailbox_key(email) != mailbox_key(membership.email)
    if moves and membership.user_id is not None:
        raise NotPossible(
            _(
                "Zu dieser Adresse gehört ein Konto. Bitte laden Sie die neue Adresse ein und nehmen Sie "
                "danach die alte aus der Gruppe."
            )
        )
    if moves and membership.state == MembershipState.REQUESTED and membership.email_confirmed_at:
        raise NotPossible(
            _(
                "Diese Adresse hat die Person selbst bestätigt. Bitte laden Sie die neue Adresse ein und lehnen "
                "Sie diese Anfrage ab."
            )
        )
    try:
        with transaction.atomic():
            if membership.state == MembershipState.REQUESTED and not membership.email_confirmed_at:
                raise Overtaken(membership)
            current = advance(
                membership,
                HistoryKind.CORRECTED,
                expected=LIVE,
                now=now,
                by=by,
                name=name,
                email=email,
                **(invitation(by) if moves else {}),
            )
            memberships.tell(current, _LETTERS[current.state], now=now)
    except IntegrityError as error:
        if violated(error) != "communities_one_membership_per_address":
            raise
        raise NotPossible(_("Mit dieser Adresse gibt es hier schon einen Eintrag.")) from error
    return current


@again_after_deadlock
def invite_once_more(membership: Membership, *, by: AbstractBaseUser, now: datetime) -> Membership:
    """Send an invitation again with a new link. Raises `Overtaken` if it was answered."""
    with transaction.atomic():
        current = advance(
            membership,
            HistoryKind.INVITED,
            expected=[MembershipState.INVITED],
            now=now,
            by=by,
            state=MembershipState.INVITED,
            invited_by=by,
        )
        memberships.tell(current, "invited", now=now)
    return current


_LETTERS = {
    MembershipState.ACTIVE: "corrected",
    MembershipState.INVITED: "invited",
    MembershipState.REQUESTED: "requested",
}


def _root(group: Community) -> int:
    return group.parent_id or group.pk


def _join(
    current: Membership, target: Community, by: AbstractBaseUser, now: datetime
) -> Membership:
    rows = Membership.objects.select_for_update(no_key=True, of=("self",)).with_everything()
    rows = rows.filter(community=target, anonymised_at=None)
    there = rows.of_mailbox(current.email).first()
    role = Role.MEMBER if current.role == Role.COORDINATION else current.role
    facts = {name: getattr(current, name) for name in _TAKEN_ALONG}
    facts |= {"state": MembershipState.ACTIVE, "role": role, "decided_by": by}
    if there is None:
        brought = Membership.objects.create(community=target, changed_at=now, **facts)
        note(brought, HistoryKind.BROUGHT, now=now, by=by)
        return brought
    if there.state == MembershipState.ACTIVE:
        raise NotPossible(_("ist dort schon Mitglied."))
    return advance(
        there, HistoryKind.BROUGHT, expected=list(MembershipState), now=now, by=by, **facts
    )
