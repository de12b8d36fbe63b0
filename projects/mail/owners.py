"""The e-mails to the owners of sheets: whether they still hold, one for all, and what the office did."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.new_account import password_address
from mailing import outbox
from mailing.models import EmailKind
from office.addresses import admin_page
from projects import owner_links
from projects.editing import editors_of
from projects.freshness import Sheet
from projects.models import OwnerAsk, ProjectEditor, Revision


def ask(asked: OwnerAsk, sheets: Sequence[Sheet], *, now: datetime) -> None:
    _write(asked, sheets, "still_true", now)


def remind(asked: OwnerAsk, sheets: Sequence[Sheet], *, now: datetime) -> None:
    _write(asked, sheets, "reminder", now)


def tell_editor(editor: ProjectEditor, *, by: User, now: datetime) -> None:
    """Tell a person what they may edit from now on, and where. Needs a transaction.

    Who has no password, or has none any more since they never proved the address, finds the way to one.
    """
    project, user = editor.project, editor.user
    if user == by:
        return
    path = reverse("admin:projects_project_change", args=[project.pk])
    password_url = password_address(user)
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
            "password_url": password_url,
            "forgotten_url": settings.SITE_URL + reverse("account_reset_password"),
        },
        kind=EmailKind.ACCESS if password_url else EmailKind.TRANSACTIONAL,
        reply_to=settings.OPERATOR["email"],
        due_at=now,
    )


def tell_restored(revision: Revision, *, by: User, now: datetime) -> None:
    """Tell everybody who edits the project that the office has put a version back. Needs a transaction."""
    solution = revision.solution
    outbox.enqueue_many(
        outbox.Letter(
            key=f"revision:{revision.pk}:restored:{user}",
            to=address,
            template="projects/email/owners/restored",
            context={
                "solution": solution,
                "project": solution.project,
                "labels": list(dict.fromkeys(label for label, *_values in revision.changes)),
                "edit_url": admin_page(solution),
            },
            reply_to=settings.OPERATOR["email"],
            due_at=now,
        )
        for user, address in editors_of(solution.project_id)
        if user != by.pk
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
