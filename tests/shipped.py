"""The shipped network, loaded once and then put back row by row for each test that begins with it.

Loading takes most of a second of the processor, putting back a tenth of that. What is put back is what
loading made of the same database: where anything else stands in it by now, all is loaded as usual.
Tests of loading itself call `projects.network.load`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from finding.search import refresh
from projects.network import CATALOGUE, Table, load
from smartcities.management.commands.load_network import TABLES
from tests.emptying import VERSIONS
from tests.rows import (
    contents,
    copied,
    keep_counted,
    may_pass_triggers,
    past_triggers,
    paste,
    with_rows,
)

# When something was loaded stands in its row.
GOOD_FOR = timedelta(minutes=20)


@dataclass(frozen=True)
class Copy:
    made_at: datetime
    beside: Any
    rows: dict[str, bytes]


_kept: dict[tuple[str, ...], Copy] = {}


def load_once(tables: Sequence[Table] = CATALOGUE) -> None:
    """What `load(tables=tables)` does in this database, but for its report."""
    _once(_kinds(tables), lambda: load(tables=tables))


def load_to_be_found(tables: Sequence[Table] = CATALOGUE) -> None:
    """The same, and the search knows it: who searches first would otherwise take in every word."""

    def make() -> None:
        load_once(tables)
        refresh()

    _once((*_kinds(tables), "to be found"), make)


def load_network() -> None:
    """What the command `load_network` loads."""
    load_once(TABLES)


def load_network_to_be_found() -> None:
    load_to_be_found(TABLES)


def _kinds(tables: Sequence[Table]) -> tuple[str, ...]:
    return tuple(table.kind for table in tables)


def _once(key: tuple[str, ...], make: Callable[[], object]) -> None:
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        if not may_pass_triggers(cursor):
            make()
            return
        before = with_rows(cursor, _tables())
        beside = contents(cursor, before)
        kept = _kept.get(key)
        if kept and kept.beside == beside and abs(now - kept.made_at) < GOOD_FOR:
            with past_triggers(cursor):
                for table in VERSIONS:
                    cursor.execute(f'DELETE FROM "{table}"')
                paste(cursor, kept.rows)
            return
        make()
        if contents(cursor, before) == beside:
            written = set(with_rows(cursor, _tables())) - set(before)
            _kept[key] = Copy(now, beside, copied(cursor, sorted(written | VERSIONS)))
            keep_counted(cursor, written)


def _tables() -> list[str]:
    every = connection.introspection.django_table_names(only_existing=True)
    return sorted(set(every) - VERSIONS)
