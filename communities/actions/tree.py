"""What becomes of whole groups: move a topic group, merge, archive, bring back.

Whose a group is, `communities.scope` works out from the tree with every request. So the rights move
in the very transaction that moves the group.
"""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from communities.actions.changing import advance, lock_all
from communities.actions.joining import decline
from communities.mail import memberships
from communities.models import (
    LIVE,
    Community,
    CommunityKind,
    CommunityState,
    Experience,
    HistoryKind,
    Membership,
    MembershipState,
    Result,
    Role,
)
from ground.contention import again_after_deadlock
from ground.mailbox import mailbox_key
from ground.refusals import NotPossible


@again_after_deadlock
def move_topic_group(
    group: Community, *, to: Community, by: AbstractBaseUser, now: datetime
) -> Community:
    """Hang a topic group under another community; the coordinators of all three hear of it.

    Its members, mails and results stay its own. Raises `NotPossible` where it cannot hang there.
    """
    with transaction.atomic():
        locked = lock_all(group, to)
        current, target = locked[group.pk], locked[to.pk]
        if current.kind != CommunityKind.TOPIC_GROUP or target.parent_id is not None:
            raise NotPossible(_("Nur eine Themengruppe kann zu einer anderen Gemeinschaft ziehen."))
        if current.parent_id == target.pk:
            return current
        _require_working(target)
        if target.topic_groups.filter(slug=current.slug).exists():
            raise NotPossible(
                _("In „%s“ gibt es schon eine Themengruppe mit dieser Adresse.") % target.name
            )
        before = current.parent
        # Who loses it and who gains it, before and after.
        people = {one.pk: one for one in _coordinators(current, before, target)}
        current.parent = target
        current.save(update_fields=["parent", "updated_at"])
        memberships.tell_of_group(
            current, "moved", now=now, to=people.values(), but_not=by, before=before
        )
    return current


@again_after_deadlock
def merge(group: Community, *, into: Community, by: AbstractBaseUser, now: datetime) -> Community:
    """Let a group be absorbed by another one; returns the other one.

    Members, open requests and invitations move, no one twice; results and experiences move. Mails
    and meetings that were stay with the group, which is archived and says what it has become. No one
    gains rights: who coordinated only the old group is a member of the new one.

    Raises `NotPossible` for an archived group, itself, or one that still has topic groups.
    """
    with transaction.atomic():
        locked = lock_all(group, into)
        old, new = locked[group.pk], locked[into.pk]
        _require_working(old)
        _require_working(new)
        if old.pk == new.pk:
            raise NotPossible(_("Eine Gruppe kann nicht in sich selbst aufgehen."))
        if old.topic_groups.exists():
            raise NotPossible(
                _("Diese Gemeinschaft hat noch Themengruppen. Bitte verschieben Sie diese zuerst.")
            )
        _move_memberships(old, new, by, now)
        Result.objects.filter(community=old).update(community=new, updated_at=now)
        Experience.objects.filter(community=old).update(community=new, updated_at=now)
        _archive(old, now, merged_into=new)
        # What came from an earlier group has moved on with the rest: its page leads there.
        old.merged_groups.update(merged_into=new)
    return new


@again_after_deadlock
def archive(community: Community, *, by: AbstractBaseUser, now: datetime) -> Community:
    """End a group's work, and that of its topic groups. Results stay public, mails stop.

    Open requests are declined with a sentence, invitations end. Members stay members, so that
    bringing the group back brings them back. The coordinators hear of it. Again: nothing happens.
    """
    with transaction.atomic():
        locked = lock_all(community)
        working = [one for one in locked.values() if one.is_active]
        # The community first, so that its topic groups' e-mails know that it ended with them.
        for group in sorted(working, key=lambda one: one.parent_id is not None):
            if group.parent_id in locked:
                group.parent = locked[group.parent_id]
            people = _coordinators(group)
            _end_open(group, by, now)
            _archive(group, now)
            memberships.tell_of_archiving(group, now=now, to=people, but_not=by)
    return locked[community.pk]


@again_after_deadlock
def reactivate(community: Community, *, now: datetime) -> Community:
    """Let an archived group work again, with the members it had; topic groups one by one.

    Raises `NotPossible` for a topic group of an archived community.
    """
    with transaction.atomic():
        locked = lock_all(community)
        group = locked[community.pk]
        if group.parent_id and not group.parent.is_active:
            raise NotPossible(_("Bitte reaktivieren Sie zuerst „%s“.") % group.parent.name)
        if not group.is_active:
            group.state, group.archived_at, group.merged_into = CommunityState.ACTIVE, None, None
            group.save(update_fields=["state", "archived_at", "merged_into", "updated_at"])
    return group


def _require_working(group: Community) -> None:
    if not group.is_active or (group.parent_id and not group.parent.is_active):
        raise NotPossible(_("„%s“ ist archiviert.") % group.full_name)


def _coordinators(*groups: Community) -> list[Membership]:
    """The coordinators of these groups, each person once per address."""
    rows = Membership.objects.coordinating().filter(community__in=groups)
    return list({mailbox_key(row.email): row for row in rows.order_by("pk")}.values())


def _archive(group: Community, now: datetime, *, merged_into: Community | None = None) -> None:
    group.state, group.archived_at = CommunityState.ARCHIVED, now
    group.merged_into = merged_into
    group.save(update_fields=["state", "archived_at", "merged_into", "updated_at"])


def _end_open(group: Community, by: AbstractBaseUser, now: datetime) -> None:
    reason = _("Die Gruppe „%s“ hat ihre Arbeit beendet.") % group.full_name
    # One reading under lock: who confirms at this moment is either declined here or finds it ended.
    waiting_or_invited = [MembershipState.REQUESTED, MembershipState.INVITED]
    for membership in _lasting(group).filter(state__in=waiting_or_invited):
        if membership.state == MembershipState.REQUESTED and membership.email_confirmed_at:
            decline(membership, reason=reason, by=by, now=now)
            continue
        advance(
            membership,
            HistoryKind.WITHDRAWN,
            expected=waiting_or_invited,
            now=now,
            by=by,
            state=MembershipState.WITHDRAWN,
        )


def _move_memberships(old: Community, new: Community, by: AbstractBaseUser, now: datetime) -> None:
    there = {
        mailbox_key(row.email): row
        for row in reversed(_lasting(new).order_by("shares_mailbox", "pk"))
    }
    for membership in _lasting(old).filter(state__in=LIVE):
        role = Role.MEMBER if membership.role == Role.COORDINATION else Role(membership.role)
        known = there.get(mailbox_key(membership.email))
        if known is None:
            moved = advance(
                membership,
                HistoryKind.MERGED,
                expected=LIVE,
                now=now,
                by=by,
                community=new,
                role=role,
            )
        else:
            moved = _join_two(membership, known, role, by, now)
        if moved is not None and moved.state == MembershipState.ACTIVE:
            memberships.tell(moved, "merged", now=now, old=old)
        elif known is None:
            _tell_where_it_waits(moved, now)


def _tell_where_it_waits(moved: Membership, now: datetime) -> None:
    """The links in older e-mails are dead now, and the new coordination knows of nothing yet."""
    if moved.state == MembershipState.INVITED:
        memberships.tell(moved, "invited", now=now)
    elif moved.email_confirmed_at is None:
        memberships.tell(moved, "ask_to_confirm", now=now)
    else:
        Membership.objects.filter(pk=moved.pk).update(nudged_at=None)
        memberships.tell(moved, "requested", now=now)
        memberships.tell_coordinators(moved, "requested", now=now)


def _lasting(group: Community):
    rows = group.memberships.filter(anonymised_at=None).select_for_update(no_key=True, of=("self",))
    return rows.with_everything().order_by("pk")


_STRENGTH = {
    MembershipState.ACTIVE: 3,
    MembershipState.INVITED: 2,
    MembershipState.REQUESTED: 1,
}


def _join_two(
    membership: Membership, known: Membership, role: Role, by: AbstractBaseUser, now: datetime
) -> Membership | None:
    """A person in both groups: the further of the two states counts, with its proof and account."""
    current = None
    if _STRENGTH[membership.state] > _STRENGTH.get(known.state, 0):
        taken_along = (
            "state",
            "name",
            "user",
            "project",
            "municipality",
            "organisation",
            "message",
            "is_visible",
            "mail_wish",
            "email_confirmed_at",
            "requested_at",
            "invited_by",
            "nudged_at",
        )
        current = advance(
            known,
            HistoryKind.MERGED,
            expected=list(MembershipState),
            now=now,
            by=by,
            role=role,
            **{name: getattr(membership, name) for name in taken_along},
        )
    advance(
        membership,
        HistoryKind.MERGED,
        expected=LIVE,
        now=now,
        by=by,
        state=MembershipState.LEFT,
        is_visible=False,
    )
    return current
