"""Whose is what: the communities that a person coordinates, the projects that they edit.

Rights flow down the tree and never up: who coordinates an AEG also coordinates its topic groups, who
coordinates a topic group sees nothing of the AEG's other members. They are read from the membership
with every request, so they end with the role, in other sessions too.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from communities.models import Community, Membership

if TYPE_CHECKING:
    from accounts.models import User


def coordinated_by(user: "User | AnonymousUser") -> QuerySet[Community]:
    """The communities whose coordination a person has, by an active role there or right above.

    An archived community gives no rights, neither over itself nor over topic groups.
    """
    if not user.is_authenticated or not user.is_active:
        return Community.objects.none()
    roots = Membership.objects.coordinating().filter(user=user).values("community")
    return Community.objects.within(Community.objects.filter(pk__in=roots)).active()


def coordinates_something(user: "User | AnonymousUser") -> bool:
    return user.is_authenticated and Membership.objects.coordinating().filter(user=user).exists()


def looks_after_all(user: "User | AnonymousUser") -> bool:
    """The staff of the network, by a right that their group has; they see every community."""
    return user.has_perm("communities.work_on_communities")


def works_in_administration(user: "User | AnonymousUser") -> bool:
    return looks_after_all(user) or coordinates_something(user)


def looked_after_by(user: "User | AnonymousUser") -> QuerySet[Community]:
    """The communities whose members, mails and results are this person's business."""
    return Community.objects.all() if looks_after_all(user) else coordinated_by(user)


access.register(
    "coordination",
    _("Koordination"),
    lambda: Exists(Membership.objects.coordinating().filter(user=OuterRef("pk"))),
)
