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
    keep_counted(cursor, rows)


def keep_counted(cursor: Any, tables: Iterable[str]) -> None:
    """See to it that the database knows that these tables have rows, until the test's transaction ends.

    A cleaner that comes by after a test was rolled back finds that nothing stands there. From then on
    the database takes each of these tables for empty, and what joins three of them reads one of them
    again for each row of the others: a question of milliseconds takes seconds. The lock keeps cleaners
    away, and nobody else.
    """
    names = [f'"{table}"' for table in tables]
    if not names:
        return
    with transaction.atomic():
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) AND reltuples < 1",
            [names],
        )
        if uncounted := [f'"{table}"' for (table,) in cursor.fetchall()]:
            cursor.execute(f"ANALYZE {', '.join(uncounted)}")
