"""A pytest plugin: after a test that commits, only the tables that it wrote to are emptied.

Django truncates every table there is and tells every app anew that it was migrated, which takes longer
than most of these tests. The first time, that is done here too, and what stands in the database afterwards
is remembered. From then on rows elsewhere are deleted, and where anything differs that should have stayed
(permissions, roles, triggers), all is done again from the beginning.

What TRUNCATE does beside emptying is kept: it waits for those who still write, and the triggers of the
statement hear of it, so that versions of the catalogue rise.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.test import TransactionTestCase

from tests.rows import contents, may_pass_triggers, past_triggers, with_rows

# Rise with every emptying, and stay.
VERSIONS = {"finding_partchange", "finding_partversion", "projects_catalogueversion"}

_empty_all = TransactionTestCase._fixture_teardown


@dataclass(frozen=True)
class Clean:
    """The tables of the portal, those that are never empty, and what then stands there."""

    tables: list[str]
    kept: list[str]
    state: Any


class Remembered:
    clean: Clean | None = None


def _empty_what_was_written(test: TransactionTestCase) -> None:
    is_usual = test.available_apps is None and not test.serialized_rollback
    clean, Remembered.clean = Remembered.clean, None
    if clean and is_usual and set(test.databases) == {DEFAULT_DB_ALIAS} and emptied(clean):
        Remembered.clean = clean
        return
    _empty_all(test)
    if is_usual:
        Remembered.clean = look()


def look() -> Clean | None:
    with connection.cursor() as cursor:
        if not may_pass_triggers(cursor):
            return None
        every = set(connection.introspection.django_table_names(only_existing=True))
        tables = sorted(every - VERSIONS)
        kept = with_rows(cursor, tables)
        return Clean(tables, kept, _state(cursor, kept))


def emptied(clean: Clean) -> bool:
    """Delete what was written; whether everything is now as it was when it was clean."""
    with transaction.atomic(), connection.cursor() as cursor:
        locked = ", ".join(f'"{table}"' for table in clean.tables)
        cursor.execute(f"LOCK TABLE {locked} IN EXCLUSIVE MODE")
        written = [table for table in with_rows(cursor, clean.tables) if table not in clean.kept]
        with past_triggers(cursor):
            for table in written:
                cursor.execute(f'DELETE FROM "{table}"')
        for table in written:
            cursor.execute(f'DELETE FROM "{table}" WHERE false')  # for triggers of the statement
        is_clean = _state(cursor, clean.kept) == clean.state
    ContentType.objects.clear_cache()
    return is_clean


def _state(cursor: Any, kept: list[str]) -> Any:
    rows = contents(cursor, kept)
    cursor.execute(
        "SELECT tgrelid, tgname, tgfoid, tgenabled FROM pg_trigger WHERE NOT tgisinternal "
        "ORDER BY tgrelid, tgname"
    )
    return rows, cursor.fetchall()


def pytest_configure() -> None:
    TransactionTestCase._fixture_teardown = _empty_what_was_written
