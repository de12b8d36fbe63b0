"""What the page of one's account says of requests for advice."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.own_data import Person
from consulting import links, own_data
from consulting.links import SEE_LASTS, Purpose
from consulting.models import RUNNING


def facts(page: Mapping[str, Any]) -> dict[str, Any]:
    """Two queries: requests that run, and those that ended lately."""
    now, found = page["now"], []
    rows = own_data.requests_of(page["person"]).select_related("municipality")
    for row in rows.prefetch_related("appointments__advisor").order_by("-submitted_at", "-pk"):
        appointment = row.current_appointment()
        if row.state in RUNNING or row.changed_at > now - SEE_LASTS:
            until = links.lasts_until(Purpose.SEE, appointment, now=now)
            path = links.path(Purpose.SEE, links.token_for(row, Purpose.SEE, until=until))
            found.append((row, row.standing(now), appointment, path))
    return {"consultations": found}


def municipalities(person: Person) -> QuerySet[Any]:
    """Those that the person has asked for, once the address was proved.

    What waits at the office, or was agreed on the phone, may name an address that somebody else typed.
    """
    proved = own_data.requests_of(person).exclude(address_proved_at=None)
    return proved.exclude(municipality=None).values("municipality")
