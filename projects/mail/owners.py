"""The e-mails that ask the owners of sheets whether they still hold: one for all of one's entries."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from mailing import outbox
from projects import owner_links
from projects.freshness import Sheet
from projects.models import OwnerAsk, ProjectEditor


def ask(asked: OwnerAsk, sheets: Sequence[Sheet], *, now: datetime) -> None:
    _write(asked, sheets, "still_true", now)


def remind(asked: OwnerAsk, sheets: Sequence[Sheet], *, now: datetime) -> None:
    _write(asked, sheets, "reminder", now)


def tell_editor(editor: ProjectEditor, *, by: User, now: datetime) -> None:
    """Tell a person what they may edit from now on, and where. Needs a transaction."""
    project, user = editor.project, editor.user
    if user == by:
        return
    path = reverse("admin:projects_project_change", args=[project.pk])
    outbox.enqueue(
        # The row may be given to another account later.
        key=f"project-editor:{editor.pk}:{user.pk}",
        to=user.email,
        template="projects/email/owners/entrusted",
        context={
            "user": user,
            "by": by.name,
            "project": project,
            "edit_url": settings.SITE_URL + path,
            "office_url": settings.SITE_URL + reverse("admin:index"),
        },
        reply_to=settings.OPERATOR["email"],
        due_at=now,
    )


def _write(asked: OwnerAsk, sheets: Sequence[Sheet], name: str, now: datetime) -> None:
    projects = list(dict.fromkeys(sheet.project.name for sheet in sheets))
    outbox.enqueue_many(
        [
            outbox.Letter(
                key=f"owner-ask:{asked.pk}:{asked.asked_at:%Y%m%d%H%M%S}:{name}",
                to=asked.user.email,
                template=f"projects/email/owners/{name}",
                context={
                    "asked": asked,
                    "sheets": sheets,
                    "about": projects[0] if len(projects) == 1 else "",
                    "link": owner_links.address_for(asked),
                },
                reply_to=settings.OPERATOR["email"],
                due_at=now,
            )
        ]
    )
