"""What reports of barriers tell of those who left an address for the answer."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from accounts.own_data import Part, Person, part
from ground.mailbox import Mailbox
from office.history import forget_history
from smartcities.accessibility.barriers import BarrierReport


def export(person: Person) -> Iterator[Part]:
    yield from part(_reports(person))


def obstacles(person: Person) -> Iterator[str]:
    yield from ()


def erase(person: Person, *, now: datetime) -> list[str]:
    reports = list(_reports(person))
    forget_history(reports)
    BarrierReport.objects.filter(pk__in=[report.pk for report in reports]).delete()
    return [f"barrier:{report.pk}:" for report in reports]


def _reports(person: Person) -> QuerySet[BarrierReport]:
    return BarrierReport.objects.alias(mailbox=Mailbox("email")).filter(
        mailbox__in=person.mailboxes
    )
