"""Mails of hosts to the people registered for their event.

Everybody gets an e-mail of their own, so no one learns an address, and only confirmed addresses get
one. What was written stays as a log; it says how many, never who.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from events.mail import facts
from events.models import Event, EventMessage, Registration, RegistrationState, To
from ground.refusals import NotPossible
from mailing import outbox
from mailing.rendering import Pattern, Texts

STATES = {
    To.SEATED: (RegistrationState.SEAT,),
    # Who is offered a seat still waits until they accept it.
    To.WAITING: (RegistrationState.WAITING, RegistrationState.OFFERED),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """How many would get a message, and how many not because their address is not confirmed."""

    seated: int
    waiting: int
    unconfirmed: int

    @property
    def total(self) -> int:
        return self.seated + self.waiting


def preview(event: Event, to: Collection[str]) -> Reach:
    """Who would get a message to these now; one query."""
    confirmed = Q(confirmed_at__isnull=False)

    def number(group: To) -> Count:
        return Count("pk", filter=confirmed & Q(state__in=STATES[group]))

    found = _addressed(event, to).aggregate(
        seated=number(To.SEATED),
        waiting=number(To.WAITING),
        unconfirmed=Count("pk", filter=~confirmed),
    )
    return Reach(**found)


def send(
    event: Event,
    *,
    to: Collection[str],
    subject: str,
    text: str,
    by: AbstractBaseUser | None,
    token: uuid.UUID,
    now: datetime,
) -> EventMessage:
    """Write to everybody with a confirmed address, and log it. The same `token` again does nothing.

    `to` are values of `To`, hosts excepted. Raises `NotPossible` if there is no one to write to.
    """
    with transaction.atomic():
        people = list(_addressed(event, to).filter(confirmed_at__isnull=False).order_by("pk"))
        message, is_new = EventMessage.objects.get_or_create(
            form_token=token,
            defaults={
                "event": event,
                "to": sorted(to),
                "subject": subject,
                "text": text,
                "written_by": by,
                "sent_at": now,
                "recipients": len(people),
            },
        )
        if is_new and not people:
            raise NotPossible(_("In diesem Kreis ist niemand mit bestätigter E-Mail-Adresse."))
        if is_new:
            _store(message, people, now)
    return message


def as_received(event: Event, *, to: Collection[str], subject: str, text: str) -> Texts:
    """The e-mail as those registered read it, with a word for what is different for each of them."""
    state = RegistrationState.SEAT if To.SEATED in to else RegistrationState.WAITING
    context = {
        "about": facts.about(event),
        "message": {"subject": subject, "text": text},
        "registration": {"name": _("… (hier steht der Name)"), "state": state, "mode": ""},
    }
    return Pattern("events/email/message", context).filled()


def _addressed(event: Event, to: Collection[str]) -> QuerySet[Registration]:
    states = [state for group in to for state in STATES[To(group)]]
    people = Registration.objects.with_address()
    return people.filter(event=event, state__in=states, anonymised_at=None)


def _store(message: EventMessage, people: list[Registration], now: datetime) -> None:
    same = {"about": facts.about(message.event), "message": message}
    reply_to = facts.reply_address(message.event)
    outbox.enqueue_many(
        outbox.Letter(
            key=f"event:{message.event_id}:message:{message.pk}:{person.pk}",
            to=person.email,
            template="events/email/message",
            context={**same, "registration": person},
            reply_to=reply_to,
            due_at=now,
        )
        for person in people
    )
