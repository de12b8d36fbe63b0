"""What the page of one's account says of groups."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.own_data import Person
from communities import own_data
from communities.models import LIVE, MembershipState


def facts(page: Mapping[str, Any]) -> dict[str, Any]:
    """One query."""
    rows = own_data.memberships_of(page["person"]).filter(state__in=LIVE)
    rows = rows.filter(page["person"].not_of_another).select_related("community__parent")
    rows = list(rows.order_by("community__parent__sort_name", "community__sort_name", "pk"))
    return {
        "groups": [row for row in rows if row.state == MembershipState.ACTIVE],
        "waiting": [row for row in rows if row.state != MembershipState.ACTIVE],
    }


def municipalities(person: Person) -> QuerySet[Any]:
    """Those that the person represents in groups, but for what another account has under this address."""
    rows = own_data.memberships_of(person).filter(state=MembershipState.ACTIVE)
    rows = rows.filter(person.not_of_another).exclude(email_confirmed_at=None)
    return rows.exclude(municipality=None).values("municipality")
