"""Who edits which project: the editors of the catalogue all, editors of a project their own."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from ground.mailbox import each_mailbox_once
from projects.models import Project, ProjectEditor

if TYPE_CHECKING:
    from accounts.models import User


def edited_by(user: "User | AnonymousUser") -> QuerySet[Project]:
    if not user.is_authenticated or not user.is_active:
        return Project.objects.none()
    return Project.objects.filter(editors__user=user)


def editors_of(project: int) -> list[tuple[int, str]]:
    """Who edits a project: account and address, each mailbox once."""
    rows = ProjectEditor.objects.filter(project=project, user__is_active=True).order_by("pk")
    return each_mailbox_once(rows.values_list("user", "user__email"))


def has_editors(project: int | None) -> bool:
    """Whether what is sent to a project reaches somebody."""
    return project is not None and bool(editors_of(project))


access.register(
    "editing",
    _("Projektredaktion"),
    lambda: Exists(ProjectEditor.objects.filter(user=OuterRef("pk"))),
)
