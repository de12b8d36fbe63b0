"""What of a group a person may see who is signed in. Asked anew with every request."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from communities.models import Community, Membership, Result, ResultState
from communities.scope import coordinated_by

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


def visible_results(user: "User | AnonymousUser") -> QuerySet[Result]:
    """Public ones, those for members of one's own groups, and all of the groups one coordinates."""
    public = Q(state=ResultState.PUBLIC)
    if not user.is_authenticated or not user.is_active:
        return Result.objects.filter(public)
    for_members = Q(state=ResultState.MEMBERS, community__in=inside(user).values("pk"))
    own = Q(community__in=coordinated_by(user).values("pk"))
    return Result.objects.filter(public | for_members | own)
