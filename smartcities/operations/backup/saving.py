import io
import json
import logging
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from smartcities.operations.backup import DATABASE, MANIFEST, MEDIA
from smartcities.operations.backup.inventory import (
    LEFT_OUT,
    Summing,
    Table,
    Upload,
    tables,
    uploads,
)
from smartcities.operations.backup.programs import encrypting, postgresql
from smartcities.operations.regular_tasks import BACKUP, RegularTask

logger = logging.getLogger(__name__)

STANDARD_OUTPUT = Path("-")


def save(target: Path, *, recipient: str = "", now: datetime) -> dict[str, Any]:
    """Write the backup and return its manifest. `target` is complete or does not exist.

    Needs room for a second copy of the (compressed) database in the folder for temporary files.
    """
    with _noted(now), tempfile.TemporaryDirectory(prefix="portal-backup-") as folder:
        dump = Path(folder) / DATABASE
        counted = _dump(dump)
        with _written(target) as out, encrypting(recipient, out) as archive:
            return _write(archive, dump, counted, now)


@contextmanager
def _noted(now: datetime) -> Iterator[None]:
    """How it ended, for the operator's page. Not being able to write that down spoils no backup."""
    try:
        yield
    except Exception as error:
        _note(started_at=now, failed_at=timezone.now(), failure=type(error).__name__[:100])
        raise
    _note(started_at=now, succeeded_at=timezone.now(), failure="")


def _note(**fields: Any) -> None:
    try:
        RegularTask.note(BACKUP, **fields)
    except Error as error:
        logger.warning("Cannot record the backup: %s", type(error).__name__)


def _dump(dump: Path) -> dict[str, Table]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        postgresql(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            *(f"--exclude-table-data={name}" for name in LEFT_OUT),
            f"--file={dump}",
        )
        return tables(cursor)


@contextmanager
def _written(target: Path) -> Iterator[IO[bytes]]:
    """For its owner only, under its name when it is whole and on the disk."""
    if target == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _write(out: IO[bytes], dump: Path, counted: dict[str, Table], now: datetime) -> dict[str, Any]:
    media = Path(settings.MEDIA_ROOT)
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        archive.add(dump, DATABASE)
        saved = {
            name: _add(archive, path, f"{MEDIA}/{name}")
            for path in uploads(media)
            for name in [path.relative_to(media).as_posix()]
        }
        manifest = {
            "made_at": now.isoformat(),
            "tables": {name: table._asdict() for name, table in counted.items()},
            "media": {name: upload._asdict() for name, upload in saved.items()},
        }
        text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return manifest


def _add(archive: tarfile.TarFile, path: Path, name: str) -> Upload:
    with path.open("rb") as file:
        summing = Summing(file)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), summing)
    return summing.upload()
