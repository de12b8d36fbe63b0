"""What waits for those who edit a project of their own: what readers lack in its solutions."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from office import todos
from office.todos import Todo
from projects.completeness import (
    IMPORTANT,
    NEXT,
    important_first,
    lacking_something_important,
    with_missing,
)
from projects.editing import edited_by
from projects.models import Solution

# The emptiest by name; the others with a number.
NAMED = 3


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    own = Solution.objects.filter(project__in=edited_by(user).values("pk"))
    rows = list(
        with_missing(own)
        .filter(lacking_something_important())
        .order_by("sort_name", "pk")
        .values_list("pk", "name", "missing_facts")
    )
    lacking = [(pk, name, [key for key in keys if key in IMPORTANT]) for pk, name, keys in rows]
    lacking.sort(key=lambda row: -len(row[2]))
    for pk, name, keys in lacking[:NAMED]:
        facts = ", ".join(str(fact.label) for fact in important_first(keys)[:NEXT])
        yield Todo(
            _("%(solution)s – es fehlt: %(facts)s") % {"solution": name, "facts": facts},
            reverse("admin:projects_solution_change", args=[pk]),
        )
    if len(lacking) > NAMED:
        text = ngettext(
            "%d Lösung fehlt etwas, wonach andere entscheiden",
            "%d Lösungen fehlt etwas, wonach andere entscheiden",
            len(lacking),
        )
        url = reverse("admin:projects_solution_changelist", query={"fehlt": "wichtiges"})
        yield Todo(text % len(lacking), url)


todos.register("projects", waiting_for)
