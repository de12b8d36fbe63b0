"""The moves that every step of a statement is made of, and what it makes public."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.clock import working_days_from
from ground.contention import change_as_read
from ground.refusals import NotPossible
from projects.editing import has_editors
from projects.mail import reuse_statements as mails
from projects.models import (
    ProjectSays,
    Reuse,
    ReuseStatement,
    Solution,
    StatedBy,
    StatementState,
)
from projects.municipality_picker import distinguished

WORKING_DAYS = 10
# What a statement writes into a public row, and gives back when it is withdrawn.
_WRITTEN = (
    *ReuseStatement.FACTS, "confirmed_on", "stated_by", "municipality_id", "project_note",
    "is_certain", "note",
)  # fmt: skip


def advance(
    statement: ReuseStatement,
    *,
    expected: Collection[StatementState],
    now: datetime,
    **changes: Any,
) -> ReuseStatement:
    """Change a statement as it was read, and return it as it is now. Raises `Overtaken`."""
    if "state" in changes:
        changes["changed_at"] = now
    return change_as_read(
        statement,
        ReuseStatement.objects.with_everything(),
        while_=Q(state__in=expected, anonymised_at=None),
        **changes,
    )


def hand_over(
    statement: ReuseStatement,
    *,
    expected: Collection[StatementState],
    now: datetime,
    **changes: Any,
) -> ReuseStatement:
    """To the project, which has ten working days; where nobody edits it, to the office at once."""
    is_theirs = has_editors(statement.solution.project_id)
    state = StatementState.WITH_PROJECT if is_theirs else StatementState.AT_OFFICE
    current = advance(
        statement,
        expected=expected,
        now=now,
        state=state,
        respond_by=deadline(now) if is_theirs else None,
        project_says=ProjectSays.NOTHING,
        project_text="",
        **changes,
    )
    if is_theirs:
        mails.tell_project(current, now=now)
    else:
        mails.tell_office(current, now=now)
    return current


def deadline(now: datetime) -> date:
    return working_days_from(timezone.localdate(now), WORKING_DAYS)


def make_public(statement: ReuseStatement) -> None:
    """Write what it says into the public row of this municipality, a new one where there is none.

    Raises `NotPossible` where another statement stands there, or a source knows better. Needs a
    transaction.
    """
    # One after the other at each solution: of two statements of one Kommune the second finds the first.
    Solution.objects.select_for_update(no_key=True).get(pk=statement.solution_id)
    row = statement.reuse or _told_before(statement)
    values = statement.facts | {
        "confirmed_on": timezone.localdate(statement.confirmed_at),
        "stated_by": StatedBy.REUSER,
        "municipality_id": statement.municipality_id,
        "project_note": statement.project_text
        if statement.project_says == ProjectSays.AGREES
        else "",
        "is_certain": True,
        "note": "",
    }
    replaced = statement.replaced
    if row is None:
        name = _free_name(statement)
        row = Reuse.objects.create(solution_id=statement.solution_id, name=name, **values)
    else:
        if statement.reuse is None:
            replaced = _before(row)
        Reuse.objects.filter(pk=row.pk).update(**values)
    ReuseStatement.objects.filter(pk=statement.pk).update(reuse=row, replaced=replaced)


def confirm_again(statement: ReuseStatement) -> None:
    """The public row says that the municipality has just said so once more."""
    day = timezone.localdate(statement.confirmed_at)
    Reuse.objects.filter(pk=statement.reuse_id).update(confirmed_on=day, is_certain=True, note="")


def take_back(statement: ReuseStatement) -> None:
    """Nothing public rests on this statement any more; what a source says stays as it was before."""
    if statement.reuse_id is None:
        return
    row = Reuse.objects.filter(pk=statement.reuse_id)
    ReuseStatement.objects.filter(pk=statement.pk).update(reuse=None, replaced=None)
    if statement.replaced is None:
        row.delete()
    else:
        row.update(**statement.replaced)


def as_published(statement: ReuseStatement) -> dict[str, Any]:
    """What a statement says when a change of it comes to nothing: what is public already."""
    return {name: getattr(statement.reuse, name) for name in ReuseStatement.FACTS}


def _told_before(statement: ReuseStatement) -> Reuse | None:
    """A row about the same municipality that a source has told of."""
    rows = Reuse.objects.filter(solution_id=statement.solution_id)
    if statement.municipality_id:
        found = rows.filter(municipality=statement.municipality_id).first()
        found = found or rows.filter(municipality=None, name__iexact=statement.name).first()
    else:
        found = rows.filter(municipality=None, name__iexact=statement.written).first()
    if found is None:
        return None
    if ReuseStatement.objects.filter(reuse=found).exists():
        raise NotPossible(
            _(
                "Diese Kommune steht hier schon mit einer eigenen Angabe, die von einer anderen "
                "Adresse kam. Bitte klären Sie mit ihr, welche gilt."
            )
        )
    if statement.is_planned and not found.is_planned:
        raise NotPossible(
            _(
                "Nach einer Quelle nutzt diese Kommune die Lösung schon. Bitte klären Sie mit ihr, "
                "was stimmt."
            )
        )
    return found


def _before(row: Reuse) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _WRITTEN}
    day = values["confirmed_on"]
    return values | {"confirmed_on": day.isoformat() if day else None}


def _free_name(statement: ReuseStatement) -> str:
    """Its name; with more words where another municipality of this name stands there already."""
    taken = Reuse.objects.filter(solution_id=statement.solution_id, name=statement.name)
    if statement.municipality and taken.exists():
        return f"{statement.name} ({distinguished(statement.municipality)})"[:200]
    return statement.name


def years_ago(now: datetime, years: int) -> datetime:
    return now - timedelta(days=365 * years)
