"""What events store of a person: registrations with all that hangs on them, their own calendar."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.own_data import Part, Person, keep_secret, part
from communities.own_data import memberships_of
from events import actions
from events.mail import reminders
from events.models import (
    LIVE,
    Event,
    EventAnswer,
    MinutesTask,
    ParticipantNeeds,
    PersonalFeed,
    Registration,
    SessionChoice,
)
from events.models.minutes import MinutesTaskQuerySet
from ground.mailbox import Mailbox
from office.history import forget_history

keep_secret("events.PersonalFeed.token")

# What is emptied; the constraint events_anonymised_means_nothing_personal names the same.
PERSONAL = ("name", "email", "email_key", "organisation", "catering_note")


def export(person: Person) -> Iterator[Part]:
    registrations = registrations_of(person)
    yield from part(registrations)
    for model in (ParticipantNeeds, SessionChoice, EventAnswer):
        yield from part(model.objects.filter(registration__in=registrations))
    yield from part(tasks_of(person))
    if person.user:
        yield from part(PersonalFeed.objects.filter(user=person.user))


def obstacles(person: Person) -> Iterator[str]:
    """Who has questions about an event writes to its address."""
    contacts = Event.objects.alias(mailbox=Mailbox("contact_email")).upcoming(timezone.now())
    for event in contacts.filter(mailbox__in=person.mailboxes):
        yield _(
            "Ihre Adresse ist die Kontaktadresse von „%(event)s“. Bitte lassen Sie dort erst eine andere "
            "eintragen."
        ) % {"event": event.title}


def erase(person: Person, *, now: datetime) -> list[str]:
    """Give seats to come to the next in line, then empty the registrations.

    What the person has taken on stays to be done, by someone else.
    """
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
    tasks = list(tasks_of(person).order_by("pk"))
    MinutesTask.objects.filter(pk__in=[task.pk for task in tasks]).update(
        member=None, version=F("version") + 1
    )
    return [f"minutes-task:{task.pk}:" for task in tasks] + [
        prefix
        for one in registrations
        for prefix in (f"event-registration:{one.pk}:", reminders.prefix(one.event, one))
    ]


def tasks_of(person: Person) -> MinutesTaskQuerySet:
    """What the person has taken on in minutes, as a member; done or not, released or not."""
    return MinutesTask.objects.filter(member__in=memberships_of(person))


def registrations_of(person: Person) -> QuerySet[Registration]:
    registrations = Registration.objects.alias(mailbox=Mailbox("email")).filter(anonymised_at=None)
    found = registrations.filter(mailbox__in=person.mailboxes)
    return found | registrations.filter(user=person.user) if person.user else found
