"""A backup comes back on a fresh server, whole, and a damaged one is noticed."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from office.uploads import FOLDER
from smartcities.operations.backup import BackupError, inventory, restoring
from smartcities.tryout.postgres import Postgres, binaries
from tests.factories import EmailFactory, ProjectFactory, UserFactory
from tests.mailing.conftest import until

pytestmark = pytest.mark.django_db(transaction=True)

CHECKOUT = Path(__file__).parents[2]
NAME = "Jürgen Groß-Schmöckwitz"


@pytest.fixture(scope="module")
def fresh_server(tmp_path_factory):
    """Another server: nothing on it comes from the one that was backed up."""
    folder = tmp_path_factory.mktemp("fresh")
    server = Postgres(folder / "postgres", log=folder / "log", durable=False)
    yield server.start("postgres")
    server.stop()
    shutil.rmtree(server.data.parent, ignore_errors=True)


@pytest.fixture
def fresh_database(fresh_server, request) -> str:
    name = f"fresh_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(fresh_server, autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name}")
    return fresh_server.rpartition("/")[0] + f"/{name}"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path, monkeypatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setenv("PATH", f"{binaries()}:{os.environ['PATH']}")


@pytest.fixture
def data(settings) -> None:
    UserFactory(name=NAME)
    ProjectFactory.create_batch(3)
    EmailFactory.create_batch(20, text="Zeile eins\nZeile zwei\t„Ende“ \\N \\.\n")
    Session.objects.create(session_key="gepflanzt", expire_date=timezone.now())
    cache.set("gepflanzt", "gepflanzt")
    files = settings.MEDIA_ROOT / "material"
    files.mkdir(parents=True)
    (files / "Übersicht.pdf").write_bytes(os.urandom(200_000))
    (files / "leer.txt").touch()


def restore(source: Path, database: str, media: Path, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(source), *options],
        cwd=CHECKOUT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "smartcities.settings.test",
            "DATABASE_URL": database,
            "MEDIA_ROOT": str(media),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def contents(database: str) -> dict[str, list[tuple]]:
    """All rows of all tables, read without anything that the backup uses."""
    found = {}
    with psycopg.connect(database) as reader:
        names = reader.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        ).fetchall()
        for (name,) in names:
            found[name] = sorted(map(repr, reader.execute(f'SELECT * FROM "{name}"').fetchall()))
    return found


def own_database() -> str:
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_comes_back_on_a_fresh_server(data, settings, tmp_path, fresh_database):
    target = tmp_path / "portal.tar"
    call_command("backup", target, stderr=io.StringIO())

    done = restore(target, fresh_database, tmp_path / "new")

    assert (done.returncode, done.stderr) == (0, "")
    was, came_back = contents(own_database()), contents(fresh_database)
    assert len(was["mailing_email"]) == 20
    assert NAME in str(came_back["accounts_user"])
    # Sessions and counts of limits stay behind: whoever finds a backup cannot take up a session.
    for left_out in ("django_session", "django_cache", "usersessions_usersession"):
        was.pop(left_out)
        assert came_back.pop(left_out) == []
    # How it ended is noted when it is made.
    assert came_back.pop("smartcities_regulartask") == []
    assert [row.split(",")[0] for row in was.pop("smartcities_regulartask")] == ["('backup'"]
    assert came_back == was
    assert files(tmp_path / "new") == files(settings.MEDIA_ROOT)
    # The table of that note stands in it, without its rows.
    assert f"{len(was) + 1} Tabellen mit {sum(map(len, was.values()))} Zeilen" in done.stdout
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.part")) == []
    # It goes on counting where it was.
    with psycopg.connect(fresh_database) as database:
        query = "SELECT nextval(pg_get_serial_sequence('mailing_email', 'id')) > max(id) FROM mailing_email"
        assert database.execute(query).fetchone() == (True,)


def test_a_backup_in_full_swing_is_one_moment(tmp_path, fresh_database):
    """The manifest counts what the dump holds, whatever is written between the two."""
    go_on = threading.Event()
    written = []

    def write() -> None:
        try:
            while not go_on.is_set():
                EmailFactory()
                written.append(1)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        until(lambda: written, seconds=5, what="the writer is at it")
        before = len(written)
        target = tmp_path / "portal.tar"
        call_command("backup", target, stderr=io.StringIO())
    finally:
        go_on.set()
        writer.join()

    with tarfile.open(target) as archive:
        counted = json.load(archive.extractfile("manifest.json"))["tables"]["mailing_email"]["rows"]
    assert before <= counted < len(written)
    done = restore(target, fresh_database, tmp_path / "new")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(contents(fresh_database)["mailing_email"]) == counted


def changed(source: Path, target: Path, *changes) -> None:
    """A copy of the archive in which `change(name, bytes)` says what stands; None leaves it out."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            for change in changes:
                content = change(entry.name, content)
            if content is not None:
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))


def one_row_more(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return content
    manifest = json.loads(content)
    manifest["tables"]["mailing_email"]["rows"] += 1
    return json.dumps(manifest).encode()


def another_content_of_a_row(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return content
    manifest = json.loads(content)
    manifest["tables"]["accounts_user"]["checksum"] += "1"
    return json.dumps(manifest).encode()


def half_a_file(name: str, content: bytes) -> bytes:
    return content[:1000] if name.endswith(".pdf") else content


def no_end(name: str, content: bytes) -> bytes | None:
    return None if name == "manifest.json" else content


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (
            (one_row_more, another_content_of_a_row, half_a_file),
            "Anders als in der Sicherung: accounts_user, mailing_email, material/Übersicht.pdf\n",
        ),
        ((no_end,), "Die Sicherung ist unvollständig: Ihr Ende fehlt.\n"),
    ],
)
def test_all_that_differs_from_the_manifest_is_named(
    data, tmp_path, fresh_database, changes, complaint
):
    call_command("backup", tmp_path / "portal.tar", stderr=io.StringIO())
    changed(tmp_path / "portal.tar", tmp_path / "changed.tar", *changes)

    done = restore(tmp_path / "changed.tar", fresh_database, tmp_path / "new")

    assert done.returncode == 1
    assert done.stderr.endswith(complaint)


def test_of_uploads_only_those_that_somebody_has_sent_are_saved(tmp_path):
    """Not what lies elsewhere and is only pointed to, nor what waits for a form that may never be sent."""
    media, elsewhere = tmp_path / "media", tmp_path / "geheim.key"
    for name in ("material/folien.pdf", f"{FOLDER}/angefangen.pdf"):
        (media / name).parent.mkdir(parents=True)
        (media / name).touch()
    elsewhere.touch()
    (media / "material" / "link.key").symlink_to(elsewhere)

    assert list(inventory.uploads(media)) == [media / "material" / "folien.pdf"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../draussen", tarfile.REGTYPE),
        ("media/../../draussen", tarfile.REGTYPE),
        ("/draussen", tarfile.REGTYPE),
        ("media/link", tarfile.SYMTYPE),
        ("media/link", tarfile.LNKTYPE),
    ],
)
def test_nothing_is_unpacked_but_files_and_folders_that_stay_inside(name, kind, tmp_path):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "../draussen"
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as entries:
        entries.addfile(entry)
    archive.seek(0)

    (tmp_path / "in").mkdir()
    with pytest.raises(BackupError, match="was nicht hineingehört"):
        restoring._unpack(archive, tmp_path / "in")

    assert sorted(tmp_path.rglob("*")) == [tmp_path / "in"]


def test_a_database_and_a_folder_that_hold_something_stay_as_they_are(
    data, settings, tmp_path, fresh_database
):
    target = tmp_path / "portal.tar"
    call_command("backup", target, stderr=io.StringIO())
    was = contents(own_database())
    with pytest.raises(CommandError, match="gibt es schon Tabellen"):
        call_command("restore", target)
    assert contents(own_database()) == was

    done = restore(target, fresh_database, settings.MEDIA_ROOT)
    assert done.returncode == 1
    assert "ist nicht leer" in done.stderr
    assert contents(fresh_database) == {}


@pytest.fixture
def key_for_backups(monkeypatch, tmp_path):
    if shutil.which("gpg") is None:
        pytest.skip("GnuPG is not installed")
    home = Path(tempfile.mkdtemp(prefix="gpg-", dir="/tmp"))  # the path of its socket must be short
    monkeypatch.setenv("GNUPGHOME", str(home))
    batch = ["gpg", "--batch", "--quiet", "--passphrase", ""]
    subprocess.run(
        [*batch, "--quick-gen-key", "backup@example.org", "default", "default"], check=True
    )
    yield "backup@example.org"
    subprocess.run(["gpgconf", "--kill", "all"], check=True)
    _remove(home)


def _remove(home: Path) -> None:
    """The agent takes its sockets away itself, a moment after it was told to end."""
    deadline = time.monotonic() + 10
    while home.exists():
        shutil.rmtree(home, ignore_errors=time.monotonic() < deadline)


def test_an_encrypted_backup_shows_nothing_and_comes_back(
    data, key_for_backups, tmp_path, fresh_database
):
    target = tmp_path / "portal.tar.gpg"
    call_command("backup", target, recipient=key_for_backups, stderr=io.StringIO())

    content = target.read_bytes()
    for visible in (b"manifest.json", b"mailing_email", b"PGDMP", NAME.encode()):
        assert visible not in content
    done = restore(target, fresh_database, tmp_path / "new")
    assert (done.returncode, done.stderr) == (0, "")
    assert NAME in str(contents(fresh_database)["accounts_user"])


def test_without_the_key_of_the_recipient_there_is_no_backup(data, key_for_backups, tmp_path):
    target = tmp_path / "portal.tar.gpg"

    with pytest.raises(CommandError, match="Verschlüsseln hat nicht geklappt"):
        call_command("backup", target, recipient="niemand@example.org")

    assert list(tmp_path.glob("portal*")) == []
