"""The move that every action is made of: change a consultation that is still as it was read."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F
from django.utils import timezone

from consulting.models import ConsultationRequest, HistoryEntry, HistoryKind, State
from ground.clock import working_days_from
from ground.refusals import Overtaken

ANSWER_WORKDAYS = 5


def advance(
    consultation: ConsultationRequest,
    kind: HistoryKind,
    *,
    expected: Collection[State],
    now: datetime,
    by: AbstractBaseUser | None = None,
    **changes: Any,
) -> ConsultationRequest:
    """Change a consultation if it still is what the caller has read, and return it as it is now.

    Of several callers who have read the same version exactly one gets through, the others get
    `Overtaken`. The consultation passed in is left alone, so it stays true if the transaction is undone.
    """
    changed = ConsultationRequest.objects.filter(
        pk=consultation.pk, version=consultation.version, state__in=expected
    ).update(version=F("version") + 1, changed_at=now, **changes)
    current = ConsultationRequest.objects.select_related("municipality").get(pk=consultation.pk)
    if not changed:
        raise Overtaken(current)
    HistoryEntry.objects.create(request=current, version=current.version, kind=kind, at=now, by=by)
    return current


def due_date(*, now: datetime) -> date:
    """By when the office answers, in working days."""
    return working_days_from(timezone.localdate(now), ANSWER_WORKDAYS)
