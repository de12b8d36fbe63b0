import json
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction

from smartcities.operations.backup import DATABASE, MANIFEST, MEDIA, BackupError
from smartcities.operations.backup.inventory import table_names, tables, upload, uploads
from smartcities.operations.backup.programs import opened, postgresql

# Owners and rights are not taken over; Python 3.11.2, that of Debian 12, cannot leave them out yet.
_AS_DATA: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


def restore(
    source: Path, *, identity: Path | None = None, with_media: bool = True
) -> dict[str, Any]:
    """Fill an empty database and an empty folder, compare both with the manifest, return it.

    Raises `BackupError` if anything is there already, or if anything differs afterwards.
    """
    media = Path(settings.MEDIA_ROOT)
    _require_emptiness(media if with_media else None)
    with tempfile.TemporaryDirectory(prefix="portal-restore-") as name:
        folder = Path(name)
        with opened(source, identity) as archive:
            _unpack(archive, folder)
        manifest = json.loads((folder / MANIFEST).read_text())
        postgresql(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            str(folder / DATABASE),
        )
        if with_media and (folder / MEDIA).exists():
            shutil.copytree(folder / MEDIA, media, dirs_exist_ok=True)
    differences = _differences(manifest, media if with_media else None)
    if differences:
        raise BackupError("Anders als in der Sicherung: " + ", ".join(differences))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return manifest


def _require_emptiness(media: Path | None) -> None:
    with connection.cursor() as cursor:
        if table_names(cursor):
            raise BackupError("In der Datenbank gibt es schon Tabellen. Sie bleibt, wie sie ist.")
    if media and media.exists() and any(media.iterdir()):
        raise BackupError(f"Der Ordner {media} ist nicht leer. Er bleibt, wie er ist.")


def _unpack(archive: IO[bytes], folder: Path) -> None:
    try:
        with tarfile.open(fileobj=archive, mode="r|") as entries:
            for entry in entries:
                if not _stays_inside(entry):
                    raise BackupError(
                        f"Die Sicherung enthält, was nicht hineingehört: {entry.name}"
                    )
                entries.extract(entry, folder, **_AS_DATA)
    except tarfile.TarError as error:
        raise BackupError("Die Sicherung lässt sich nicht lesen.") from error
    if not (folder / MANIFEST).exists():
        raise BackupError("Die Sicherung ist unvollständig: Ihr Ende fehlt.")


def _stays_inside(entry: tarfile.TarInfo) -> bool:
    """Whether it is a file or a folder below the one that is unpacked into; links have no place here."""
    path = PurePosixPath(entry.name)
    is_below = not path.is_absolute() and ".." not in path.parts
    return is_below and (entry.isreg() or entry.isdir())


def _differences(manifest: dict[str, Any], media: Path | None) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        found = {name: table._asdict() for name, table in tables(cursor).items()}
    differing = _differing(manifest["tables"], found)
    if media:
        there = {
            path.relative_to(media).as_posix(): upload(path)._asdict() for path in uploads(media)
        }
        differing += _differing(manifest["media"], there)
    return differing


def _differing(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    names = wanted.keys() | found.keys()
    return sorted(name for name in names if wanted.get(name) != found.get(name))
