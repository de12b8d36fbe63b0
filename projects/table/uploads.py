"""The chosen file between the steps: known to one session only, for a day.

`of` tells files for different purposes apart; of each a session has one.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ground.retention import RetentionRule, delete_many
from projects.models import UploadedTable

KEPT_FOR = timedelta(days=1)
SOLUTIONS = "projects_uploaded_table"
PUBLICCODE = "projects_uploaded_publiccode"


def keep(
    session: Any, name: str, content: bytes, *, now: datetime, of: str = SOLUTIONS
) -> UploadedTable:
    """Keep a file in place of the one that this session had before."""
    drop(session, of=of)
    row = UploadedTable.objects.create(name=name[-200:], content=content, created_at=now)
    session[of] = str(row.pk)
    return row


def kept(
    session: Any, *, now: datetime, lock: bool = False, of: str = SOLUTIONS
) -> UploadedTable | None:
    rows = UploadedTable.objects.filter(created_at__gt=now - KEPT_FOR)
    if lock:
        rows = rows.select_for_update()
    return rows.filter(pk=UUID(session[of])).first() if of in session else None


def drop(session: Any, *, of: str = SOLUTIONS) -> None:
    if of in session:
        UploadedTable.objects.filter(pk=UUID(session.pop(of))).delete()


def forget_old(*, now: datetime) -> int:
    return RULE.apply(now=now)


def _old(now: datetime) -> QuerySet[UploadedTable]:
    return UploadedTable.objects.filter(created_at__lte=now - KEPT_FOR)


RULE = RetentionRule(
    "uploaded-tables",
    _("Hochgeladene Tabellen, die noch nicht übernommen sind: ein Tag, dann gelöscht."),
    frozenset({"projects.UploadedTable.content", "projects.UploadedTable.name"}),
    _old,
    delete_many,
)
