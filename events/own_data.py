"""What events store of a person: registrations with all that hangs on them, their own calendar."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, QuerySet

from accounts.own_data import Part, Person, forget_history, keep_secret, part
from events import actions
from events.mail import reminders
from events.models import (
    LIVE,
    EventAnswer,
    ParticipantNeeds,
    PersonalFeed,
    Registration,
    SessionChoice,
)
from ground.mailbox import Mailbox

keep_secret("events.PersonalFeed.token")

# What is emptied; the constraint events_anonymised_means_nothing_personal names the same.
PERSONAL = ("name", "email", "email_key", "organisation", "catering_note")


def export(person: Person) -> Iterator[Part]:
    registrations = registrations_of(person)
    yield from part(registrations)
    for model in (ParticipantNeeds, SessionChoice, EventAnswer):
        yield from part(model.objects.filter(registration__in=registrations))
    if person.user:
        yield from part(PersonalFeed.objects.filter(user=person.user))


def obstacles(person: Person) -> Iterator[str]:
    yield from ()


def erase(person: Person, *, now: datetime) -> list[str]:
    """Give seats to come to the next in line, then empty the registrations."""
    registrations = list(registrations_of(person).select_related("event").order_by("pk"))
    for registration in registrations:
        if registration.state in LIVE and registration.event.starts_at > now:
            actions.cancel(registration, now=now)
    forget_history(registrations)
    pks = [registration.pk for registration in registrations]
    for model in (ParticipantNeeds, EventAnswer):
        model.objects.filter(registration__in=pks).delete()
    Registration.objects.filter(pk__in=pks).update(
        **dict.fromkeys(PERSONAL, ""),
        user=None,
        on_participants_list=False,
        anonymised_at=now,
        version=F("version") + 1,
    )
    return [
        prefix
        for one in registrations
        for prefix in (f"event-registration:{one.pk}:", reminders.prefix(one.event, one))
    ]


def registrations_of(person: Person) -> QuerySet[Registration]:
    registrations = Registration.objects.alias(mailbox=Mailbox("email")).filter(anonymised_at=None)
    found = registrations.filter(mailbox__in=person.mailboxes)
    return found | registrations.filter(user=person.user) if person.user else found
