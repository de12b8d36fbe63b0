"""Writes the snapshot. What is read stays as it was when the first row was read."""

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db import connection, models, transaction

from opendata.facts import absolute
from opendata.licence import Terms, mixed_terms
from opendata.snapshot.tables import LOADED, TABLES, Table

FORMAT = "1"
MANIFEST, README = "manifest.json", "LIESMICH.txt"
AT_ONCE = 500
# What nobody could tell from the facts: every file in it bears the first moment that a ZIP can name.
_ALWAYS = (1980, 1, 1, 0, 0, 0)

Public = Mapping[type[models.Model], set[int]]


class NoRoomError(Exception):
    """The disk is full; what was there before is untouched."""


def path() -> Path:
    return Path(settings.OPEN_DATA_FOLDER) / "alles.zip"


def write(target: Path) -> dict[str, int]:
    """The snapshot in place of an earlier one, whole or not at all; returns the rows of each table."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".alles-", delete=False) as file:
        made = Path(file.name)
        try:
            counts = _write(file)
            file.flush()
            os.fsync(file.fileno())
            made.chmod(0o644)
            made.replace(target)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            words = (
                f"In {target.parent} ist kein Platz mehr. Der Schnappschuss von vorher ist noch da."
            )
            raise NoRoomError(words) from error
        finally:
            made.unlink(missing_ok=True)
    return counts


@lru_cache(maxsize=4)
def _digest_of(file: Path, _size: int, _changed: int) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def content_digest(file: Path) -> str:
    """SHA-256 of its bytes; read again only when the file is another one."""
    found = file.stat()
    return _digest_of(file, found.st_size, found.st_mtime_ns)


def _write(file: IO[bytes]) -> dict[str, int]:
    told: dict[str, dict[str, Any]] = {}
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=9) as archive, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        public: Public = {
            table.model: set(table.public().values_list("pk", flat=True)) for table in TABLES
        }
        for table in TABLES:
            told[f"{table.name}.jsonl"] = _write_table(archive, table, public)
        _put(archive, README, _readme().encode())
        _put(archive, MANIFEST, _manifest(told))
    return {name: one["rows"] for name, one in told.items()}


def _write_table(archive: ZipFile, table: Table, public: Public) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with archive.open(_member(f"{table.name}.jsonl"), "w") as member:
        for row in rows_of(table, public):
            line = _dumps(row) + b"\n"
            member.write(line)
            digest.update(line)
            count += 1
    terms = table.terms()
    return {
        "rows": count,
        "sha256": digest.hexdigest(),
        "licence": terms.licence.url,
        "attribution": terms.attribution,
        "columns": _words(table),
    }


def rows_of(table: Table, public: Public) -> Iterator[dict[str, Any]]:
    columns = table.columns()
    rows = table.public().prefetch_related(*table.links)
    for row in rows.iterator(chunk_size=AT_ONCE):
        told = {field.name: _value(table, field, row) for field in columns}
        if not _follow(table, told, public):
            continue
        for name in table.links:
            there = public[table.model._meta.get_field(name).related_model]
            told[name] = sorted(other.pk for other in getattr(row, name).all() if other.pk in there)
        yield told


def _value(table: Table, field: models.Field, row: models.Model) -> Any:
    if field.name in table.instead:
        return _as_json(table.instead[field.name](row))
    return _as_json(getattr(row, field.attname))


def _follow(table: Table, told: dict[str, Any], public: Public) -> bool:
    """Take out what is named and not public; False where the row means nothing without it."""
    if table.model in public and told["id"] not in public[table.model]:
        return False
    for field in table.columns():
        value = told[field.name]
        if field.is_relation and value is not None and value not in public[field.related_model]:
            if field.name not in table.optional:
                return False
            told[field.name] = None
    if "row_id" in told:  # the key by which the data files know a row
        return told["row_id"] in public[LOADED[told["kind"]]]
    return True


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def _dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _words(table: Table) -> dict[str, str]:
    named = [*table.columns(), *(table.model._meta.get_field(name) for name in table.links)]
    return {field.name: str(field.verbose_name) for field in named}


def _manifest(told: Mapping[str, Any]) -> bytes:
    terms = mixed_terms()
    data = {
        "format": FORMAT,
        "source": absolute("/daten/"),
        "licence": terms.licence.url,
        "attribution": terms.attribution,
        "files": told,
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def _readme() -> str:
    files = "\n".join(
        f"  {table.name}.jsonl: {table.model._meta.verbose_name_plural}" for table in TABLES
    )
    return f"""Alles Öffentliche des Portals „Modellprojekte Smart Cities“
{absolute("/daten/")}

Je Tabelle eine Datei, je Eintrag eine Zeile JSON (JSON Lines, UTF-8). „id“ ist die Kennung einer
Zeile; Spalten, die wie ein anderer Eintrag heißen („project“, „solution“ …), nennen dessen „id“,
Listen wie „themes“ mehrere. manifest.json nennt zu jeder Datei Prüfsumme (SHA-256), Zeilen,
Lizenz und die Bedeutung der Spalten. Dateien, die jemand hochgeladen hat, sind nicht dabei; ihre Adressen schon.

{files}

{_terms_in_words()}

In eine leere Datenbank: python manage.py load_snapshot alles.zip
Dieselben Angaben ergeben dieselben Bytes.
"""


def _terms_in_words() -> str:
    """A paragraph for each licence and source, with the files that bear them."""
    bearing: dict[Terms, list[str]] = {mixed_terms(): ["Alles zusammen"]}
    for table in TABLES:
        bearing.setdefault(table.terms(), []).append(f"{table.name}.jsonl")
    return "\n\n".join(
        f"{', '.join(names)}\nLizenz: {terms.licence.name}, {terms.licence.url}\n"
        f"Quelle: {terms.attribution}."
        for terms, names in bearing.items()
    )


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, date_time=_ALWAYS)
    member.compress_type = ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member


def _put(archive: ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_member(name), content, compress_type=ZIP_DEFLATED, compresslevel=9)
