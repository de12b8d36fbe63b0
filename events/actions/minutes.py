"""The minutes of a workshop: written as a draft, approved by a coordinator, then shared or public.

What people have taken on in them is done once, by themselves or by those who wrote it down.
"""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events.mail import minutes as mail
from events.models import Minutes, MinutesState, MinutesTask
from ground.contention import change_as_read
from ground.refusals import NotPossible, Overtaken

# A change to one of these makes it another task: it reminds anew, and links in older e-mails die.
_MATTERS = {"text", "member", "owner_name", "due_on"}
_REMINDED = ("reminded_at", "overdue_told_at")


@transaction.atomic
def approve(
    minutes: Minutes, *, by: AbstractBaseUser, now: datetime, tell_members: bool = False
) -> None:
    """Let the members of the community read them, and with `tell_members` tell them, once.

    Raises `Overtaken` unless they are a draft, `NotPossible` if there is nothing to read in them, no
    page where they could be read, or answers to the mail would reach no one.
    """
    if not minutes.event.is_public:
        raise NotPossible(
            _(
                "Die Veranstaltung ist noch ein Entwurf, ihr Protokoll kann darum niemand öffnen. Bitte "
                "veröffentlichen Sie zuerst die Veranstaltung."
            )
        )
    if minutes.is_empty:
        raise NotPossible(_("In diesem Protokoll steht noch nichts."))
    _advance(
        minutes,
        Q(state=MinutesState.DRAFT),
        state=MinutesState.APPROVED,
        approved_by=by,
        approved_at=now,
    )
    if tell_members and Minutes.objects.filter(pk=minutes.pk, told_at=None).update(told_at=now):
        mail.tell_members(minutes, by=by, now=now)


def publish(minutes: Minutes) -> None:
    """Let everybody read them, on the page of the event. Raises `Overtaken` unless approved."""
    _advance(minutes, Q(state=MinutesState.APPROVED), state=MinutesState.PUBLIC)


def take_back(minutes: Minutes) -> None:
    """Make them a draft again, to be corrected. Raises `Overtaken` if they are one already."""
    with transaction.atomic():
        _advance(
            minutes,
            ~Q(state=MinutesState.DRAFT),
            state=MinutesState.DRAFT,
            approved_by=None,
            approved_at=None,
        )
        # With their locks: a reminder that is being stored at this moment is waited for, and taken back.
        for task in minutes.tasks.select_for_update(no_key=True).order_by("pk"):
            _take_back_reminders(task)
            task.save(update_fields=_REMINDED)


@transaction.atomic
def finish(task: MinutesTask, *, now: datetime) -> MinutesTask:
    """Note that it is done. Raises `Overtaken` if it is already, or not the task any more that was read."""
    rows = MinutesTask.objects.select_related("minutes__event__community__parent")
    current = change_as_read(task, rows, while_=Q(done_at=None), done_at=now)
    _take_back_reminders(current)
    current.save(update_fields=_REMINDED)
    return current


def note_change(task: MinutesTask, changed: set[str]) -> None:
    """Make ready to be saved what was changed of a task: call it with its lock, before it is saved."""
    if task.pk is None:
        return
    task.version += 1
    if changed & _MATTERS:
        _forget_reminders(task)
    _take_back_reminders(task)


def _take_back_reminders(task: MinutesTask) -> None:
    """What waits and is not true any more was not sent: it still is to come, if the task is taken up again."""
    if mail.withdraw(task):
        _forget_reminders(task)


def _forget_reminders(task: MinutesTask) -> None:
    for name in _REMINDED:
        setattr(task, name, None)


def _advance(minutes: Minutes, expected: Q, **changes: object) -> None:
    # What was read is what is approved: a text that a colleague has just changed is not.
    rows = Minutes.objects.filter(expected, pk=minutes.pk, updated_at=minutes.updated_at)
    if not rows.update(**changes):
        raise Overtaken
    minutes.refresh_from_db()
