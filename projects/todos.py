"""What waits about the catalogue: statements of reuse, and what readers lack in the solutions of a project."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from office import todos
from office.todos import Todo
from projects import owner_links
from projects.completeness import (
    IMPORTANT,
    NEXT,
    important_first,
    lacking_something_important,
    with_missing,
)
from projects.editing import edited_by
from projects.freshness import DUE_AFTER, sheets_due, unanswered
from projects.models import OwnerAsk, ReuseStatement, Solution

# The emptiest by name; the others with a number.
NAMED = 3


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    if user.has_perm("projects.change_reusestatement"):
        yield from _statements_for_office()
    if user.has_perm("projects.change_project"):
        yield from _unanswered(now)
    yield from _statements_for_projects(user)
    yield from _to_look_over(user, now)
    yield from _lacking(user)


def _statements_for_office() -> Iterator[Todo]:
    if number := ReuseStatement.objects.for_office().count():
        text = ngettext(
            "Über %d Angabe zur Nachnutzung ist zu entscheiden",
            "Über %d Angaben zur Nachnutzung ist zu entscheiden",
            number,
        )
        yield Todo(text % number, _statements("zu-entscheiden"))


def _statements_for_projects(user: AbstractBaseUser) -> Iterator[Todo]:
    own = ReuseStatement.objects.for_project().filter(solution__project__in=edited_by(user))
    if number := own.count():
        text = ngettext(
            "%d Kommune sagt, dass sie eine Ihrer Lösungen nachnutzt",
            "%d Kommunen sagen, dass sie eine Ihrer Lösungen nachnutzen",
            number,
        )
        yield Todo(text % number, _statements("beim-projekt"))


def _statements(state: str) -> str:
    return f"{reverse('admin:projects_reusestatement_changelist')}?state__exact={state}"


def _unanswered(now: datetime) -> Iterator[Todo]:
    if number := unanswered(now).values("project").distinct().count():
        text = ngettext(
            "%d Projektredaktion antwortet nicht, ob ihre Einträge noch stimmen",
            "%d Projektredaktionen antworten nicht, ob ihre Einträge noch stimmen",
            number,
        )
        url = reverse("admin:projects_project_changelist", query={"redaktion": "antwortet-nicht"})
        yield Todo(text % number, url)


def _to_look_over(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    asks = OwnerAsk.objects.filter(user=user.pk, asked_at__gt=now - DUE_AFTER)
    asked = asks.select_related("user").first()
    if asked and (sheets := sheets_due(asked.user, timezone.localdate(now))):
        text = ngettext(
            "%d Eintrag ist seit einem halben Jahr nicht geprüft: Stimmt er noch?",
            "%d Einträge sind seit einem halben Jahr nicht geprüft: Stimmen sie noch?",
            len(sheets),
        )
        yield Todo(text % len(sheets), owner_links.path_for(asked))


def _lacking(user: AbstractBaseUser) -> Iterator[Todo]:
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
