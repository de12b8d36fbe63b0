"""What of a group a person may see who is signed in. Asked anew with every request."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from communities.models import (
    Community,
    CommunityState,
    Membership,
    MessageFile,
    MessageState,
    Result,
    ResultFile,
    ResultState,
)
from communities.scope import coordinated_by, looked_after_by

if TYPE_CHECKING:
    from accounts.models import User


def inside(user: "User | AnonymousUser") -> QuerySet[Community]:
    """The groups whose inner pages a person may open: their own, and those they coordinate.

    Membership neither flows up the tree nor down: who is in an AEG is not in its topic groups.
    """
    if not user.is_authenticated or not user.is_active:
        return Community.objects.none()
    own = Membership.objects.active().filter(user=user).values("community")
    coordinated = coordinated_by(user).values("pk")
    return Community.objects.filter(Q(pk__in=own) | Q(pk__in=coordinated))


def may_open_file(user: "User | AnonymousUser", file: ResultFile) -> bool:
    """A public one of a public result everybody; else those inside the group who may see the result.

    And always who looks after the group. Reads the result, select it along.
    """
    result = file.result
    if file.is_public and result.state == ResultState.PUBLIC:
        return True
    if looked_after_by(user).filter(pk=result.community_id).exists():
        return True
    is_inside = inside(user).filter(pk=result.community_id).exists()
    return is_inside and visible_results(user).filter(pk=result.pk).exists()


def may_open_attachment(user: "User | AnonymousUser", file: MessageFile) -> bool:
    """Of a mail that has gone out those in its groups with a role it went to; always, who writes it.

    A topic group that was archived before did not get it, unless it has been taken up again since.
    Reads the message, select it along.
    """
    message = file.message
    if looked_after_by(user).filter(pk=message.community_id).exists():
        return True
    if message.state != MessageState.SENT:
        return False
    groups = Q(community=message.community_id)
    if message.with_topic_groups:
        was_active = Q(community__state=CommunityState.ACTIVE) | Q(
            community__archived_at__gt=message.sent_at
        )
        groups |= Q(community__parent=message.community_id) & was_active
    own = Membership.objects.active().of_user(user).filter(groups, role__in=message.roles)
    return own.exists()


def visible_results(user: "User | AnonymousUser") -> QuerySet[Result]:
    """Public ones, those for members of one's own groups, and all of the groups one looks after."""
    public = Q(state=ResultState.PUBLIC)
    if not user.is_authenticated or not user.is_active:
        return Result.objects.filter(public)
    for_members = Q(state=ResultState.MEMBERS, community__in=inside(user).values("pk"))
    own = Q(community__in=looked_after_by(user).values("pk"))
    return Result.objects.filter(public | for_members | own)
