"""The minutes of a workshop: written as a draft, approved by a coordinator, then shared or public."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from events.models import Minutes, MinutesState
from ground.refusals import Overtaken


def approve(minutes: Minutes, *, by: AbstractBaseUser, now: datetime) -> None:
    """Let the members of the community read them. Raises `Overtaken` unless they are a draft."""
    _advance(
        minutes,
        Q(state=MinutesState.DRAFT),
        state=MinutesState.APPROVED,
        approved_by=by,
        approved_at=now,
    )


def publish(minutes: Minutes) -> None:
    """Let everybody read them, on the page of the event. Raises `Overtaken` unless approved."""
    _advance(minutes, Q(state=MinutesState.APPROVED), state=MinutesState.PUBLIC)


def take_back(minutes: Minutes) -> None:
    """Make them a draft again, to be corrected. Raises `Overtaken` if they are one already."""
    _advance(
        minutes,
        ~Q(state=MinutesState.DRAFT),
        state=MinutesState.DRAFT,
        approved_by=None,
        approved_at=None,
    )


def _advance(minutes: Minutes, expected: Q, **changes: object) -> None:
    # What was read is what is approved: a text that a colleague has just changed is not.
    rows = Minutes.objects.filter(expected, pk=minutes.pk, text=minutes.text)
    if not rows.update(**changes):
        raise Overtaken
    minutes.refresh_from_db()
