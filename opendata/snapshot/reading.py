"""Fills an empty database from a snapshot."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.management.color import no_style
from django.db import connection, models, transaction

from ground.text import clean_tree
from opendata.snapshot.tables import TABLES, Table
from opendata.snapshot.writing import FORMAT, MANIFEST


class NotUsableError(Exception):
    """What cannot be filled, or of what; in a German sentence."""


@transaction.atomic
def fill(source: Path) -> dict[str, int]:
    """All or nothing, with the ids and moments of the snapshot; returns the rows of each table."""
    with connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(table.model._meta.db_table) for table in TABLES)
        cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    _refuse_unless_empty()
    try:
        with ZipFile(source) as archive:
            told = _checked(archive)
            counts = {table.name: _fill_table(archive, table) for table in TABLES}
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise NotUsableError(f"Diese Datei ist kein Schnappschuss des Portals: {error}") from error
    for table in TABLES:
        if counts[table.name] != told[f"{table.name}.jsonl"]["rows"]:
            raise NotUsableError(f"Die Tabelle {table.name} ist unvollständig.")
    _count_on()
    return counts


def _refuse_unless_empty() -> None:
    for table in TABLES:
        if table.model._default_manager.exists():
            words = table.model._meta.verbose_name_plural
            raise NotUsableError(f"Die Datenbank ist nicht leer: Es gibt schon {words}.")


def _checked(archive: ZipFile) -> dict[str, Any]:
    """What the manifest says of the files, after each was read and found to be the same."""
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise NotUsableError(f"Das Format {manifest['format']} ist hier nicht bekannt.")
    for table in TABLES:
        name = f"{table.name}.jsonl"
        with archive.open(name) as member:
            digest = hashlib.file_digest(member, "sha256").hexdigest()
        if digest != manifest["files"][name]["sha256"]:
            raise NotUsableError(f"Die Prüfsumme von {name} stimmt nicht.")
    return manifest["files"]


def _lines(archive: ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    with archive.open(f"{table.name}.jsonl") as member:
        for line in member:
            yield clean_tree(json.loads(line))


def _fill_table(archive: ZipFile, table: Table) -> int:
    """Copied in by column, as the ORM would set the moments of change to now."""
    told = {field.name for field in table.columns()}
    fields = [
        field
        for field in table.model._meta.concrete_fields
        if not isinstance(field, models.GeneratedField)
    ]
    count = 0
    with connection.cursor() as cursor, cursor.copy(_copy(table.model, fields)) as copy:
        for row in _lines(archive, table):
            count += 1
            copy.write_row(
                [_column(field, row) if field.name in told else _empty(field) for field in fields]
            )
    for name in table.links:
        _fill_links(archive, table, name)
    return count


def _fill_links(archive: ZipFile, table: Table, name: str) -> None:
    relation = table.model._meta.get_field(name)
    through = relation.remote_field.through
    fields = [
        through._meta.get_field(one)
        for one in (relation.m2m_field_name(), relation.m2m_reverse_field_name())
    ]
    with connection.cursor() as cursor, cursor.copy(_copy(through, fields)) as copy:
        for row in _lines(archive, table):
            for other in row[name]:
                copy.write_row([row["id"], other])


def _copy(model: type[models.Model], fields: list[models.Field]) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    return f"COPY {quoted(model._meta.db_table)} ({columns}) FROM STDIN"


def _column(field: models.Field, row: dict[str, Any]) -> Any:
    value = row[field.name]
    if field.is_relation or value is None:
        return value
    return field.get_db_prep_save(field.to_python(value), connection)


def _empty(field: models.Field) -> Any:
    """What stands in a column that is in no snapshot."""
    if isinstance(field, models.JSONField):
        return "{}"
    return field.get_db_prep_save(field.get_default(), connection)


def _count_on() -> None:
    """New rows get ids after those that came along."""
    tables = [table.model for table in TABLES]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
