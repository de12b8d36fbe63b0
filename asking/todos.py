"""Which questions wait for a person: as an editor of a project, as coordination, in the office."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from asking import scope
from office import todos
from office.todos import Todo


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    waiting = scope.waiting_for(user)
    if number := waiting.count():
        late = waiting.filter(due_on__lt=timezone.localdate(now)).count()
        text = ngettext(
            "%d Frage oder Meldung wartet auf Ihre Antwort",
            "%d Fragen oder Meldungen warten auf Ihre Antwort",
            number,
        )
        url = reverse("admin:asking_question_changelist", query={"warten": "auf-mich"})
        yield Todo(text % number + todos.late(late), url, bool(late))


todos.register("asking", waiting_for)
