"""What the page of one's account says of registrations."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.own_data import Person
from communities.models import MembershipState
from events import links, own_data
from events.links import SEE_LASTS, Purpose
from events.models import LIVE, Registration


def facts(page: Mapping[str, Any]) -> dict[str, Any]:
    """Two queries. Past ones as long as their page still opens, for the certificate."""
    now = page["now"]
    rows = own_data.registrations_of(page["person"]).select_related("event")
    rows = list(rows.filter(event__ends_at__gt=now - SEE_LASTS).order_by("event__starts_at", "pk"))
    tasks = own_data.tasks_of(page["person"]).open().filter(member__state=MembershipState.ACTIVE)
    return {
        "tasks": list(tasks.select_related("minutes__event").order_by("due_on", "pk")),
        "today": timezone.localdate(now),
        "coming": [_row(row) for row in rows if row.state in LIVE and row.event.ends_at > now],
        "past": [_row(row) for row in rows if row.has_firm_seat and row.event.ends_at <= now],
    }


def municipalities(person: Person) -> QuerySet[Any]:
    """Those that the person has registered for, but for what another account has under this address.

    At the door a host writes down what is said to them.
    """
    rows = own_data.registrations_of(person).filter(person.not_of_another)
    proved = rows.exclude(address_proved_at=None)
    return proved.exclude(municipality=None).values("municipality")


def _row(row: Registration) -> tuple[Registration, str]:
    return row, links.path(row, Purpose.SEE)
