"""Tells those who are registered that their event was moved or called off.

One e-mail per live registration with a confirmed address, stored in the transaction of the change; who
has a seat gets the entry for the calendar along, changed or taken out. Reminders that are not true any
more are taken back at the same time. Who has not confirmed their address learns it with the
confirmation, and nothing before.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.core.mail import EmailAttachment
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from events import calendar, links
from events.links import Purpose
from events.mail import facts, reminders
from events.models import Event, Registration, RegistrationState
from mailing import outbox

# What the entry for the calendar names beside the event's own fields.
_IN_ENTRIES = ("host_projects", "parts")


def tell_moved(event: Event, before: Event, *, now: datetime) -> int:
    """Tell everybody what is different for them; `before` is the event as they know it.

    Returns how many e-mails. The event's `sequence` must have risen. Call it once per change, in its
    transaction.
    """
    prefetch_related_objects([event], *_IN_ENTRIES)
    changes = _differences(event, before)
    link_is_new = event.online_link != before.online_link
    reminders.withdraw_all(event)
    if changes:
        event.moved_at = now
        Event.objects.filter(pk=event.pk).update(moved_at=now)
    return outbox.enqueue_many(_moved(event, changes, link_is_new=link_is_new, now=now))


def _moved(
    event: Event, changes: list[tuple[str, str, str]], *, link_is_new: bool, now: datetime
) -> Iterator[outbox.Letter]:
    about, reply_to = facts.about(event), facts.reply_address(event)
    for person in _people(event):
        meeting_link = about.meeting_link(person.mode, person.state)
        has_new_link = bool(link_is_new and meeting_link)
        if not changes and not has_new_link:
            continue
        yield outbox.Letter(
            key=f"event:{event.pk}:moved:{event.sequence}:{person.pk}",
            to=person.email,
            template="events/email/moved",
            context={
                "about": about,
                "registration": person,
                "has_seat": _has_seat(person),
                "changes": changes,
                "meeting_link": meeting_link,
                "has_new_link": has_new_link,
                "links": _links(person),
            },
            attachments=_entry(event, person, now),
            reply_to=reply_to,
            due_at=now,
        )


def tell_cancelled(event: Event, reason: str, *, now: datetime) -> int:
    """Tell everybody that the event does not take place, and why. Returns how many e-mails."""
    prefetch_related_objects([event], *_IN_ENTRIES)
    reminders.withdraw_all(event)
    about = facts.about(event)
    return outbox.enqueue_many(
        outbox.Letter(
            key=f"event:{event.pk}:cancelled:{event.sequence}:{person.pk}",
            to=person.email,
            template="events/email/cancelled",
            context={"about": about, "registration": person, "reason": reason},
            attachments=_cancellation(event, person, now),
            reply_to=facts.reply_address(event),
            due_at=now,
        )
        for person in _people(event)
    )


def _people(event: Event) -> list[Registration]:
    """Locks all of them, also who has not confirmed: who does so now waits and reads the news then."""
    people = Registration.objects.live().with_address().filter(event=event, anonymised_at=None)
    locked = people.order_by("pk").select_for_update(no_key=True)
    return [one for one in locked if one.confirmed_at is not None]


def _has_seat(person: Registration) -> bool:
    return person.state == RegistrationState.SEAT


def _differences(event: Event, before: Event) -> list[tuple[str, str, str]]:
    """What is different in words: what, as it was, as it is. Never the link to the video room."""
    facts = [
        (_("Termin"), before.when, event.when),
        (_("Ort"), calendar.place(before), calendar.place(event)),
    ]
    return [(name, old, new) for name, old, new in facts if old != new]


def _links(person: Registration) -> dict[str, str]:
    purposes: Iterable[Purpose] = (
        (Purpose.ACCEPT, Purpose.CANCEL)
        if person.state == RegistrationState.OFFERED
        else (Purpose.CHANGE, Purpose.CANCEL)
    )
    return {purpose.name.lower(): links.address(person, purpose) for purpose in purposes}


def _entry(event: Event, person: Registration, now: datetime) -> list[EmailAttachment]:
    if not _has_seat(person) or event.precision not in calendar.IN_CALENDARS:
        return []
    return [
        calendar.invitation(
            event, name=person.name, email=person.email, mode=person.mode, has_seat=True, now=now
        )
    ]


def _cancellation(event: Event, person: Registration, now: datetime) -> list[EmailAttachment]:
    if not _has_seat(person):
        return []
    return [calendar.cancellation(event, name=person.name, email=person.email, now=now)]
