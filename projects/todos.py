"""What waits about reuse: for the office to decide, for projects to say something to."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import ngettext

from office import todos
from office.todos import Todo
from projects.editing import edited_by
from projects.models import ReuseStatement


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if user.has_perm("projects.change_reusestatement"):
        yield from _for_office()
    yield from _for_projects(user)


def _for_office() -> Iterator[Todo]:
    if number := ReuseStatement.objects.for_office().count():
        text = ngettext(
            "Über %d Angabe zur Nachnutzung ist zu entscheiden",
            "Über %d Angaben zur Nachnutzung ist zu entscheiden",
            number,
        )
        yield Todo(text % number, _list_of("zu-entscheiden"))


def _for_projects(user: AbstractBaseUser) -> Iterator[Todo]:
    own = ReuseStatement.objects.for_project().filter(solution__project__in=edited_by(user))
    if number := own.count():
        text = ngettext(
            "%d Kommune sagt, dass sie eine Ihrer Lösungen nachnutzt",
            "%d Kommunen sagen, dass sie eine Ihrer Lösungen nachnutzen",
            number,
        )
        yield Todo(text % number, _list_of("beim-projekt"))


def _list_of(state: str) -> str:
    return f"{reverse('admin:projects_reusestatement_changelist')}?state__exact={state}"


todos.register("projects", waiting_for)
