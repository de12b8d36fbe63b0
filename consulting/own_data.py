"""What Start Smart stores of a person who asked for advice, or gives it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.own_data import Part, Person, keep_secret, part
from consulting import retention
from consulting.mail import consultations
from consulting.models import (
    Absence,
    AccessNeeds,
    Advisor,
    AdvisorFeed,
    Appointment,
    ConsultationRequest,
    Draft,
    HistoryEntry,
    Message,
    Note,
)
from ground.mailbox import Mailbox
from office.history import forget_history

keep_secret("consulting.AdvisorFeed.token")


def export(person: Person) -> Iterator[Part]:
    requests = requests_of(person)
    yield from part(requests)
    for model in (Appointment, AccessNeeds, HistoryEntry, Message, Note):
        yield from part(model.objects.filter(request__in=requests))
    yield from part(_drafts(person))
    advisors = advisors_of(person)
    yield from part(advisors)
    for model in (Absence, AdvisorFeed):
        yield from part(model.objects.filter(advisor__in=advisors))


def obstacles(person: Person) -> Iterator[str]:
    if advisors_of(person).filter(is_active=True).exists():
        yield _(
            "Sie beraten bei Start Smart. Bitte lassen Sie die Geschäftsstelle Ihre Termine erst "
            "übergeben und Ihr Angebot beenden."
        )


def erase(person: Person, *, now: datetime) -> list[str]:
    """Anonymise requests as retention does; anyone who was to give the advice is told that it is off."""
    requests = list(requests_of(person).select_for_update(no_key=True).order_by("pk"))
    off = [
        (consultation, appointment)
        for consultation in requests
        if (appointment := consultation.current_appointment()) and not appointment.has_begun(now)
    ]
    forget_history([*requests, *advisors_of(person)])
    retention.anonymise_by_wish(requests, now=now)
    for consultation, appointment in off:
        consultations.tell_advisor_without_a_name(consultation, appointment)
    _drafts(person).delete()
    retention.forget_advisors(advisors_of(person), now)
    return [f"consultation:{consultation.pk}:" for consultation in requests]


def requests_of(person: Person) -> QuerySet[ConsultationRequest]:
    return ConsultationRequest.objects.alias(mailbox=Mailbox("email")).filter(
        mailbox__in=person.mailboxes, anonymised_at=None
    )


def _drafts(person: Person) -> QuerySet[Draft]:
    return Draft.objects.alias(mailbox=Mailbox("email")).filter(mailbox__in=person.mailboxes)


def advisors_of(person: Person) -> QuerySet[Advisor]:
    advisors = Advisor.objects.alias(mailbox=Mailbox("email"))
    found = advisors.filter(mailbox__in=person.mailboxes)
    return found | advisors.filter(user=person.user) if person.user else found
