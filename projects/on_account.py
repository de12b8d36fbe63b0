"""What the page of one's account says of Kommune and reuse."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.own_data import Person
from projects import links, own_data
from projects.home_of_person import municipalities_of
from projects.links import Purpose
from projects.models import CHANGEABLE, LIVE
from projects.near_home import Home, home_of


def facts(page: Mapping[str, Any]) -> dict[str, Any]:
    """Two queries."""
    rows = own_data.stated_by(page["person"]).filter(state__in=LIVE).with_everything()
    return {
        "homes": [(home, _like(home)) for home in map(home_of, municipalities_of(page["person"]))],
        "statements": [
            (
                row,
                links.path(Purpose.CHANGE, links.token_for(row, Purpose.CHANGE, now=page["now"]))
                if row.state in CHANGEABLE
                else "",
            )
            for row in rows.order_by("solution__sort_name", "pk")
        ],
    }


def municipalities(person: Person) -> QuerySet[Any]:
    """Those for which the person has stated a reuse."""
    confirmed = own_data.stated_by(person).exclude(confirmed_at=None)
    return confirmed.exclude(municipality=None).values("municipality")


def _like(home: Home) -> str:
    return reverse("projects:solutions", query={Home.parameter: home.key})
