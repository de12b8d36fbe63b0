"""The chosen file between the steps: known to one session only, for a day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from projects.models import UploadedTable

KEPT_FOR = timedelta(days=1)
_KEY = "projects_uploaded_table"


def keep(session: Any, name: str, content: bytes, *, now: datetime) -> UploadedTable:
    """Keep a file in place of the one that this session had before."""
    drop(session)
    row = UploadedTable.objects.create(name=name[-200:], content=content, created_at=now)
    session[_KEY] = str(row.pk)
    return row


def kept(session: Any, *, now: datetime, lock: bool = False) -> UploadedTable | None:
    rows = UploadedTable.objects.filter(created_at__gt=now - KEPT_FOR)
    if lock:
        rows = rows.select_for_update()
    return rows.filter(pk=UUID(session[_KEY])).first() if _KEY in session else None


def drop(session: Any) -> None:
    if _KEY in session:
        UploadedTable.objects.filter(pk=UUID(session.pop(_KEY))).delete()


def forget_old(*, now: datetime) -> int:
    return UploadedTable.objects.filter(created_at__lte=now - KEPT_FOR).delete()[0]
