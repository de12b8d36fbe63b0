"""What the database says when several people want the same thing at the same moment."""

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Model, Q, QuerySet
from psycopg.errors import DeadlockDetected

from ground.refusals import Overtaken

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)


def violated(error: IntegrityError) -> str:
    """The name of the constraint that refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def again_after_deadlock(action: Callable[P, R]) -> Callable[P, R]:
    """Try once more if the database had to break a deadlock by undoing this transaction.

    All actions of an app take their locks in the same order, so this is for what we have not thought
    of. Inside another person's transaction there is nothing to repeat.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return action(*args, **kwargs)
        except OperationalError as error:
            nested = transaction.get_connection().in_atomic_block
            if nested or not isinstance(error.__cause__, DeadlockDetected):
                raise
        return action(*args, **kwargs)

    return run


def each_due(due: QuerySet[Any], act: Callable[[Any], object]) -> int:
    """Hand each of these rows to `act`, in a transaction of its own; returns how many it acted on.

    For what the clock starts: may run any number of times and several at once. A row is read again
    under its lock; what another one holds is left for the next run, and what is not due any more is
    left alone, as long as `act` makes the row leave the query. False from `act` says that there was
    nothing to do. One that fails is undone, as `one_by_one` says.
    """
    return one_by_one(list(due.values_list("pk", flat=True)), lambda pk: _act_on(due, pk, act))


def one_by_one(things: Iterable[Any], act: Callable[[Any], int]) -> int:
    """The sum of what `act` returns; one that fails keeps no other waiting, and then the whole fails."""
    done, failures = 0, []
    for thing in things:
        try:
            done += act(thing)
        except Exception as failure:
            # Told below, when the others are done.
            failures.append(failure)
    for one_more in failures[1:]:
        logger.error("Another one failed in the same run.", exc_info=one_more)
    if failures:
        raise failures[0]
    return done


@again_after_deadlock
def _act_on(due: QuerySet[Any], pk: Any, act: Callable[[Any], object]) -> bool:
    with transaction.atomic():
        held = due.select_for_update(no_key=True, skip_locked=True, of=("self",))
        row = held.filter(pk=pk).first()
        return row is not None and act(row) is not False


def change_as_read(row: Model, rows: QuerySet[Any], *, while_: Q, **changes: Any) -> Any:
    """Change a row if it still has the version that the caller has read, and return it as it is now.

    `rows` says how it is read again. Of several callers who have read the same version exactly one
    gets through; the others, and those whose row is not `while_` any more, get `Overtaken`. The row
    passed in is left alone, so it stays true if the transaction is undone.
    """
    found = rows.filter(pk=row.pk)
    matching = type(row)._default_manager.filter(while_, pk=row.pk, version=row.version)
    changed = matching.update(version=F("version") + 1, **changes)
    current = found.first()
    if not changed or current is None:
        raise Overtaken(current or row)
    return current
