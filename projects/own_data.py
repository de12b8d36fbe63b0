"""What the catalogue stores of a person: that they edit a project."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from accounts.own_data import Part, Person, part
from projects.models import ProjectEditor


def export(person: Person) -> Iterator[Part]:
    yield from part(_edited(person))


def obstacles(person: Person) -> Iterator[str]:
    yield from ()


def erase(person: Person, *, now: datetime) -> list[str]:
    _edited(person).delete()
    return []


def _edited(person: Person) -> QuerySet[ProjectEditor]:
    if person.user is None:
        return ProjectEditor.objects.none()
    return ProjectEditor.objects.filter(user=person.user)
