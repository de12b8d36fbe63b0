"""What is stored of a person who asked something, or reported a fault and left an address."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from accounts.own_data import Part, Person, part
from asking.models import PublicAnswer, Question
from office.history import forget_history


def export(person: Person) -> Iterator[Part]:
    yield from part(asked_by(person))
    yield from part(PublicAnswer.objects.filter(source__in=asked_by(person)))


def obstacles(person: Person) -> Iterator[str]:
    yield from ()


def erase(person: Person, *, now: datetime) -> list[str]:
    """Everything goes, also what became public of it: the words were the person's."""
    rows = list(asked_by(person).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    forget_history(rows)
    pks = [row.pk for row in rows]
    PublicAnswer.objects.filter(source__in=pks).delete()
    Question.objects.filter(pk__in=pks).delete()
    return [f"question:{pk}:" for pk in pks]


def asked_by(person: Person) -> QuerySet[Question]:
    return Question.objects.filter(mailbox__in=person.mailboxes)
