"""Looking through all tables at once, and writing to them past foreign keys and triggers of single rows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


def with_rows(cursor: Any, tables: Iterable[str]) -> list[str]:
    """Those of the tables in which something stands."""
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
    cursor.execute(" UNION ALL ".join(asked))
    return sorted(table for (table,) in cursor.fetchall())


def contents(cursor: Any, tables: Iterable[str]) -> list[tuple[str, str]]:
    """A fingerprint of every row of each table."""
    asked = (
        f"SELECT '{table}', md5(string_agg(one::text, ',' ORDER BY one::text)) FROM \"{table}\" one"
        for table in tables
    )
    cursor.execute(" UNION ALL ".join(asked))
    return sorted(cursor.fetchall())


def may_pass_triggers(cursor: Any) -> bool:
    cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
    return cursor.fetchone() == (True,)


@contextmanager
def past_triggers(cursor: Any) -> Iterator[None]:
    with transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def copied(cursor: Any, tables: Iterable[str]) -> dict[str, bytes]:
    """All rows of each table, for `paste`."""
    rows = {}
    for table in tables:
        with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as out:
            rows[table] = b"".join(out)
    return rows


def paste(cursor: Any, rows: dict[str, bytes]) -> None:
    """What `copied` gave, into tables that are empty; within `past_triggers`."""
    for table, content in rows.items():
        with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as target:
            target.write(content)
