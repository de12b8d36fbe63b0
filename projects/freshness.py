"""When a sheet was last looked over, from when its owners are asked, and from when it says so itself.

The owners of a sheet are the editors of its project. One rule for solutions and projects, in the
database and in memory.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from ground.mailbox import Mailbox, mailbox_key
from ground.signed_links import stamp
from office import doubts
from projects.models import Project, ProjectEditor, Solution

DUE_AFTER = timedelta(days=182)
# From the e-mail to the reminder, and from there until an owner counts as one who does not answer.
PATIENCE = timedelta(days=14)
# An owner who has answered gets the next e-mail no sooner, whatever else becomes due.
PAUSE = timedelta(days=60)
# By then every owner has been asked and reminded.
STALE_AFTER = DUE_AFTER + PAUSE + 2 * PATIENCE

# Which column of a sheet says when that was.
LOOKED_OVER = {Project: "checked_on", Solution: "confirmed_on"}


class Stale(NamedTuple):
    """What a page says of a sheet that nobody has looked over for long."""

    since: date
    was_checked: bool


def last_looked_over(sheet: Project | Solution) -> date:
    """The day it was entered counts where nobody has looked it over since."""
    return getattr(sheet, LOOKED_OVER[type(sheet)]) or timezone.localdate(sheet.created_at)


def stale(sheet: Project | Solution, today: date) -> Stale | None:
    since = last_looked_over(sheet)
    was_checked = getattr(sheet, LOOKED_OVER[type(sheet)]) is not None
    return Stale(since, was_checked) if since <= today - STALE_AFTER else None


def due(model: type[Project | Solution], day: Any, prefix: str = "") -> Q:
    """Sheets that were last looked over on that day or before it, a value or an expression."""
    column = f"{prefix}{LOOKED_OVER[model]}"
    entered = Q(**{f"{column}__isnull": True, f"{prefix}created_at__date__lte": day})
    return Q(**{f"{column}__lte": day}) | entered


def _stale_rows(model: type[Project | Solution]) -> Callable[[date], Q]:
    public = "is_public" if model is Project else "project__is_public"
    return lambda today: Q(**{public: True}) & due(model, today - STALE_AFTER)


# What its page says to everyone, its editors or the office should look over.
for _model, _field in LOOKED_OVER.items():
    doubts.with_time(_model, gettext_lazy("lange nicht geprüft"), _stale_rows(_model), _field)


class Sheet(NamedTuple):
    """One entry of an owner that is due."""

    row: Project | Solution
    project: Project

    @property
    def mark(self) -> str:
        """Stands for the sheet as it is now: after a change it is another one."""
        return f"{self.row._meta.model_name}-{self.row.pk}-{stamp(self.row.updated_at)}"

    @property
    def since(self) -> date:
        return last_looked_over(self.row)

    @property
    def url(self) -> str:
        return self.row.get_absolute_url()

    @property
    def form(self) -> str:
        """Where it is changed in the administration."""
        name = f"admin:projects_{self.row._meta.model_name}_change"
        return reverse(name, args=[self.row.pk])


def sheets_due(user: User, today: date) -> list[Sheet]:
    """The public entries of an owner that nobody has looked over for half a year. Two queries.

    Of whoever reads the same mailbox as well: it gets one e-mail for all of it.
    """
    day = today - DUE_AFTER
    editors = _active_editors().filter(mailbox=mailbox_key(user.email))
    own = Project.objects.public().filter(pk__in=editors.values("project"))
    projects = own.filter(due(Project, day)).order_by("sort_name", "pk")
    solutions = Solution.objects.filter(due(Solution, day), project__in=own)
    solutions = solutions.select_related("project")
    return [
        *(Sheet(row, row) for row in projects),
        *(
            Sheet(row, row.project)
            for row in solutions.order_by("project__sort_name", "project", "sort_name", "pk")
        ),
    ]


def owners_due(today: date) -> Iterator[int]:
    """The accounts that have something due, one of each mailbox."""
    day = today - DUE_AFTER
    solution = Solution.objects.filter(due(Solution, day), project=OuterRef("project"))
    rows = _active_editors().filter(
        due(Project, day, "project__") | Exists(solution), project__is_public=True
    )
    seen = set()
    for mailbox, user in rows.order_by("user").values_list("mailbox", "user").distinct():
        if mailbox not in seen:
            seen.add(mailbox)
            yield user


def unanswered(now: datetime) -> QuerySet[ProjectEditor]:
    """Who was asked and reminded about sheets of a project, and has still not looked them over."""
    rows = _active_editors().filter(
        project__is_public=True, user__owner_ask__reminded_at__lte=now - PATIENCE
    )
    rows = rows.annotate(day=TruncDate(F("user__owner_ask__asked_at") - DUE_AFTER))
    solution = Solution.objects.filter(due(Solution, OuterRef("day")), project=OuterRef("project"))
    return rows.filter(due(Project, F("day"), "project__") | Exists(solution))


def _active_editors() -> QuerySet[ProjectEditor]:
    rows = ProjectEditor.objects.filter(user__is_active=True)
    return rows.annotate(mailbox=Mailbox("user__email")).order_by()
