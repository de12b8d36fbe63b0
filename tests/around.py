"""What several tests begin with is planted once, in a transaction around theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def around_tests(blocker: Any) -> Iterator[None]:
    """For a fixture of a module or class that yields within: as Django has it for the tests of a class.

    What is written here stands there for each test and is taken back at the end. `blocker` is pytest's
    `django_db_blocker`.
    """
    block = transaction.atomic()
    # What must be the outermost may be within it.
    block._from_testcase = True
    with blocker.unblock(), block:
        yield
        transaction.set_rollback(True)
