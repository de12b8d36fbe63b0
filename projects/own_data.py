"""What the catalogue stores of a person: that they edit a project and were asked about it, and what they stated of a reuse."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from accounts.own_data import Part, Person, part
from office.history import forget_history
from projects import retention
from projects.models import OwnerAsk, ProjectEditor, ReuseStatement


def export(person: Person) -> Iterator[Part]:
    yield from part(_edited(person))
    yield from part(_asked(person))
    yield from part(stated_by(person))


def obstacles(person: Person) -> Iterator[str]:
    yield from ()


def erase(person: Person, *, now: datetime) -> list[str]:
    """What is public of a municipality stays without the person; the rest goes."""
    _edited(person).delete()
    asked = [row.pk for row in _asked(person)]
    _asked(person).delete()
    rows = list(stated_by(person).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    public = [row for row in rows if row.is_public]
    for row in public:
        retention.forget_change(row)
    retention.anonymise(ReuseStatement.objects.filter(pk__in=[row.pk for row in public]), now=now)
    gone = [row for row in rows if not row.is_public]
    forget_history(gone)
    ReuseStatement.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return [
        *(f"reuse-statement:{row.pk}:" for row in rows),
        *(f"owner-ask:{pk}:" for pk in asked),
    ]


def _edited(person: Person) -> QuerySet[ProjectEditor]:
    if person.user is None:
        return ProjectEditor.objects.none()
    return ProjectEditor.objects.filter(user=person.user)


def _asked(person: Person) -> QuerySet[OwnerAsk]:
    if person.user is None:
        return OwnerAsk.objects.none()
    return OwnerAsk.objects.filter(user=person.user)


def stated_by(person: Person) -> QuerySet[ReuseStatement]:
    rows = ReuseStatement.objects.filter(mailbox__in=person.mailboxes, anonymised_at=None)
    return rows.select_related("reuse")
