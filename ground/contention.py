"""What the database says when several people want the same thing at the same moment."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
R = TypeVar("R")


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
