"""Who edits which project: the editors of the catalogue all, editors of a project their own."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from projects.models import Project, ProjectEditor

if TYPE_CHECKING:
    from accounts.models import User


def edits_something(user: "User | AnonymousUser") -> bool:
    """Whether somebody edits a project of their own. Read anew with every request."""
    return user.is_authenticated and ProjectEditor.objects.filter(user=user).exists()


def edited_by(user: "User | AnonymousUser") -> QuerySet[Project]:
    if not user.is_authenticated or not user.is_active:
        return Project.objects.none()
    return Project.objects.filter(editors__user=user)
