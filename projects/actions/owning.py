"""Asking the owners of sheets whether they still hold, and what they answer."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from ground.contention import again_after_deadlock, each_due
from ground.mailbox import Mailbox, mailbox_key
from ground.refusals import NotPossible
from projects import revisions
from projects.freshness import (
    DUE_AFTER,
    LOOKED_OVER,
    PATIENCE,
    PAUSE,
    Sheet,
    owners_due,
    sheets_due,
)
from projects.mail import owners as mails
from projects.models import OwnerAsk, Project, Solution


def ask(*, now: datetime) -> int:
    """Write to every owner who has something due, one e-mail about all of it. Returns how many."""
    today = timezone.localdate(now)

    def ask_owner(user: User) -> bool:
        if not _may_ask(user, now) or not (sheets := sheets_due(user, today)):
            return False
        values = {"asked_at": now, "reminded_at": None}
        asked, _is_new = OwnerAsk.objects.update_or_create(user=user, defaults=values)
        mails.ask(asked, sheets, now=now)
        return True

    owners = User.objects.filter(pk__in=list(owners_due(today)), is_active=True)
    return each_due(owners.order_by("pk"), ask_owner)


def _may_ask(user: User, now: datetime) -> bool:
    """Once in half a year; sooner only if everything has been answered that was asked the last time."""
    asks = OwnerAsk.objects.alias(mailbox=Mailbox("user__email"))
    last = asks.filter(mailbox=mailbox_key(user.email)).order_by("-asked_at").first()
    if last is None or last.asked_at <= now - DUE_AFTER:
        return True
    return last.asked_at <= now - PAUSE and not _still_open(last)


def _still_open(asked: OwnerAsk) -> list[Sheet]:
    return sheets_due(asked.user, timezone.localdate(asked.asked_at))


def remind(*, now: datetime) -> int:
    """Once, of what is still open of the last question. Returns how many were reminded."""
    due = OwnerAsk.objects.filter(
        reminded_at=None,
        asked_at__lte=now - PATIENCE,
        asked_at__gt=now - DUE_AFTER,
        user__is_active=True,
    )

    def remind_owner(asked: OwnerAsk) -> bool:
        if not (sheets := _still_open(asked)):
            return False
        asked.reminded_at = now
        asked.save(update_fields=["reminded_at"])
        mails.remind(asked, sheets, now=now)
        return True

    return each_due(due.select_related("user").order_by("pk"), remind_owner)


@again_after_deadlock
def say_still_true(asked: OwnerAsk, marks: Collection[str], *, now: datetime) -> list[Sheet]:
    """Note that these sheets were looked over today, and return those for which that was news.

    Raises `NotPossible` if one of them has changed since its mark was made: nobody has seen it so.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        wanted = {mark.rpartition("-")[0] for mark in marks}
        due = [s for s in sheets_due(asked.user, today) if s.mark.rpartition("-")[0] in wanted]
        _lock(due)
        # Read again: a colleague may have changed or confirmed one while this waited.
        due = [s for s in sheets_due(asked.user, today) if s.mark.rpartition("-")[0] in wanted]
        for sheet in due:
            if sheet.mark not in marks:
                sentence = _(
                    "„%s“ hat sich geändert, seit Sie diese Seite geöffnet haben. Bitte sehen Sie den "
                    "Eintrag noch einmal an."
                )
                raise NotPossible(sentence % sheet.row)
        for sheet in due:
            _note(sheet, asked.user, now)
    return due


def _lock(sheets: Collection[Sheet]) -> None:
    for model in (Project, Solution):
        pks = [sheet.row.pk for sheet in sheets if type(sheet.row) is model]
        list(model.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def _note(sheet: Sheet, by: User, now: datetime) -> None:
    row, column = sheet.row, LOOKED_OVER[type(sheet.row)]
    label, was = str(row._meta.get_field(column).verbose_name), getattr(row, column)
    before = revisions.sheet_of(row.pk) if isinstance(row, Solution) else None
    setattr(row, column, timezone.localdate(now))
    row.save(update_fields=[column, "updated_at"])
    if isinstance(row, Solution):
        revisions.keep(row, before, by, now, by_project=True)
    shown = [date_format(day, "j. F Y") if day else "–" for day in (was, getattr(row, column))]
    message = [{"changed": {"fields": [label], "values": [[label, *shown]]}}]
    LogEntry.objects.log_actions(by.pk, [row], CHANGE, change_message=message, single_object=True)
