"""The move that every action is made of: change a consultation that is still as it was read."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone

from consulting.links import PROVING
from consulting.models import ConsultationRequest, HistoryEntry, HistoryKind, State
from ground.clock import working_days_from
from ground.contention import change_as_read
from ground.signed_links import proof

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
    """Change a consultation as it was read, and note it in its history. Raises `Overtaken`.

    What the person does by a link in an e-mail proves the address.
    """
    changes |= proof(consultation, PROVING, now)
    rows = ConsultationRequest.objects.select_related("municipality")
    while_ = Q(state__in=expected)
    current = change_as_read(consultation, rows, while_=while_, changed_at=now, **changes)
    HistoryEntry.objects.create(request=current, version=current.version, kind=kind, at=now, by=by)
    return current


def note_within_the_office(
    requests: Iterable[int],
    kind: HistoryKind,
    *,
    by: AbstractBaseUser,
    now: datetime,
    to: AbstractBaseUser | None = None,
) -> None:
    """Note what concerns the office alone: no link of the Kommune dies by it."""
    HistoryEntry.objects.bulk_create(
        HistoryEntry(request_id=pk, kind=kind, at=now, by=by, to=to) for pk in requests
    )


def due_date(*, now: datetime) -> date:
    """By when the office answers, in working days."""
    return working_days_from(timezone.localdate(now), ANSWER_WORKDAYS)
