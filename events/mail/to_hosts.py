"""Who the hosts of an event are, and what they are told: how many come, and that people need something."""

from typing import Any

from django.db.models import Count, Q

from communities.models import Membership
from events.mail import facts
from events.models import Event, ParticipantNeeds, Registration, RegistrationState
from ground.mailbox import mailbox_key
from office.addresses import admin_page


def addresses(event: Event) -> dict[str, str]:
    """Who gets the hosts' e-mails, once per address, by what their keys call them.

    The contact of the event and the coordinators of its community, with the right from above too.
    """
    found = {"contact": event.contact_email} if event.contact_email else {}
    known = {mailbox_key(event.contact_email)}
    for coordinator in coordinators(event):
        if mailbox_key(coordinator.email) not in known:
            known.add(mailbox_key(coordinator.email))
            found[f"member-{coordinator.pk}"] = coordinator.email
    return found


def coordinators(event: Event) -> list[Membership]:
    """Who coordinates the event's community or the one above it, now; each mailbox once."""
    if event.community_id is None:
        return []
    groups = [event.community_id, event.community.parent_id]
    return list(
        Membership.objects.coordinating()
        .filter(community__in=[pk for pk in groups if pk is not None])
        .each_mailbox_once()
    )


def figures(event: Event) -> dict[str, Any]:
    """What hosts are told before and after their event."""
    return {
        "about": facts.about(event),
        "numbers": _numbers(event),
        # That there is something to prepare, never what or for whom: it may be about health.
        "with_needs": ParticipantNeeds.objects.filter(
            registration__in=Registration.objects.live().filter(event=event)
        ).count(),
        "admin_link": admin_page(event),
    }


def _numbers(event: Event) -> list[dict]:
    """Per mode how many have a seat, came and wait, and how many seats there are."""
    counted = {
        row["mode"]: row
        for row in Registration.objects.filter(event=event, confirmed_at__isnull=False)
        .order_by()
        .values("mode")
        .annotate(
            with_seat=Count("pk", filter=Q(state=RegistrationState.SEAT)),
            came=Count("pk", filter=Q(attended_at__isnull=False)),
            waiting=Count("pk", filter=Q(state=RegistrationState.WAITING)),
        )
    }
    nobody = {"with_seat": 0, "came": 0, "waiting": 0}
    return [
        {
            **(counted.get(seats.mode) or nobody),
            "mode": seats.get_mode_display(),
            "capacity": seats.capacity,
        }
        for seats in event.seats.all()
    ]
