"""What is there: rows and a checksum of every table, size and checksum of every upload."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from office.uploads import FOLDER

# Worthless elsewhere or a key to somebody's account; after a restore people sign in anew.
LEFT_OUT = ("django_cache", "django_session", "usersessions_usersession")

_TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""
# The sum does not depend on the order of the rows, nor the text of a row on who asks.
_COUNT = """
    SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text
    FROM {} t
"""
_SPELLING = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}


class Table(NamedTuple):
    rows: int
    checksum: str


class Upload(NamedTuple):
    size: int
    sha256: str


def table_names(cursor: CursorWrapper) -> list[str]:
    cursor.execute(_TABLES)
    return [name for (name,) in cursor.fetchall()]


def tables(cursor: CursorWrapper) -> dict[str, Table]:
    """Reads every row once. Call it in a transaction: it changes settings until that ends."""
    for name, value in _SPELLING.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    found = {}
    for name in table_names(cursor):
        if name not in LEFT_OUT:
            cursor.execute(sql.SQL(_COUNT).format(sql.Identifier(name)))
            found[name] = Table(*cursor.fetchone())
    return found


def uploads(folder: Path) -> Iterator[Path]:
    """In order; links, half-written files of editors, and what only waits for a form left out."""
    waiting = folder / FOLDER
    return (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and waiting not in path.parents
    )


class Summing:
    """A file that is read, summed up on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._sum.update(data)
        self._size += len(data)
        return data

    def upload(self) -> Upload:
        return Upload(self._size, self._sum.hexdigest())


def upload(path: Path) -> Upload:
    with path.open("rb") as file:
        summing = Summing(file)
        while summing.read(1 << 20):
            pass
    return summing.upload()
