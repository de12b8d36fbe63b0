"""`tests.rows`: what stands in a test's tables is known to who plans how to read them."""

import pytest
from django.db import connection

from tests.rows import keep_counted


@pytest.fixture
def cursor(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE one AS SELECT n FROM generate_series(1, 1000) n")
        # As a cleaner leaves it after a test was rolled back, while the next has begun.
        cursor.execute("DELETE FROM one")
        cursor.execute("ANALYZE one")
        cursor.execute("INSERT INTO one SELECT n FROM generate_series(1, 1000) n")
        yield cursor


def expected_rows(cursor) -> int:
    cursor.execute("EXPLAIN (FORMAT json) SELECT FROM one")
    return cursor.fetchone()[0][0]["Plan"]["Plan Rows"]


def test_a_table_that_was_taken_for_empty_is_counted_and_stays_so(cursor):
    assert expected_rows(cursor) == 1

    keep_counted(cursor, ["one"])

    assert expected_rows(cursor) > 500
    cursor.execute("SELECT mode FROM pg_locks WHERE relation = 'one'::regclass")
    # Cleaning takes the same, and one of these excludes the next.
    assert ("ShareUpdateExclusiveLock",) in cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_so_is_one_that_is_filled_for_everybody():
    """A test that commits has no transaction around it that could hold a lock."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE two AS SELECT n FROM generate_series(1, 1000) n")
        keep_counted(cursor, ["two"])
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'two'")
        counted = cursor.fetchone()
        cursor.execute("DROP TABLE two")

    assert counted == (1000.0,)
