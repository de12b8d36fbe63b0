"""What the documentation tells people to type does what it says, typed as it stands there."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from smartcities.tryout.postgres import Postgres, binaries
from tests.documentation import stand_in_docker
from tests.documentation.blocks import CHECKOUT, SHELL, Block, shell_blocks
from tests.projects.gemeindeverzeichnis_files import smallest_list, write_xlsx

pytestmark = pytest.mark.processes

OPERATIONS = "docs/operations.md"
IMPORT = "docs/municipalities.md"


def test_every_block_is_run_or_says_why_not():
    by_hand = [block.name for block in shell_blocks() if block.reason]
    assert by_hand == [
        "README.md: Portal der Modellprojekte Smart Cities",
        f"{OPERATIONS}: Upgrade",
    ]
    run = {block.file for block in shell_blocks() if not block.reason}
    assert run == {OPERATIONS, IMPORT}


def test_no_block_hides_in_another_clothing():
    """Indented, or fenced without a word: neither would be found."""
    for path in CHECKOUT.glob("docs/**/*.md"):
        text = path.read_text()
        assert "\n    manage.py" not in text
        for kind in ("\n```\n$ ", "\n```\npython", "\n```\nmake", "\n```\ndocker"):
            assert kind not in text, path
    assert "sh" in SHELL


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("documented")
    server = Postgres(folder / "postgres", log=folder / "log", durable=False)
    yield server.start("portal")
    server.stop()
    shutil.rmtree(server.data.parent, ignore_errors=True)


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A fresh clone of what stands here, with a branch to pull from."""
    upstream, clone = tmp_path_factory.mktemp("upstream"), tmp_path_factory.mktemp("clone") / "main"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (upstream / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, upstream / name)
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for command in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "--all"],
        [*who, "commit", "--quiet", "--message", "As it stands"],
        ["clone", "--quiet", ".", str(clone)],
    ):
        subprocess.run(["git", *command], cwd=upstream, check=True)
    return clone


@pytest.fixture(scope="module")
def shell(server, clone, tmp_path_factory) -> "Shell":
    return Shell(server, clone, tmp_path_factory.mktemp("shell"))


class Shell:
    """Types blocks into a shell whose `docker` is the stand-in."""

    def __init__(self, server: str, clone: Path, folder: Path) -> None:
        self.server, self.clone, self.media = server, clone, folder / "media"
        user_and_password, _, self.address = server.partition("://")[2].rpartition("@")
        self.user, _, self.password = user_and_password.partition(":")
        self.address = self.address.partition("/")[0]
        programs = folder / "programs"
        programs.mkdir()
        self.media.mkdir()
        docker = programs / "docker"
        docker.write_text(f'#!/bin/sh\nexec "{sys.executable}" {stand_in_docker.__file__} "$@"\n')
        docker.chmod(docker.stat().st_mode | stat.S_IXUSR)
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = kept | {
            "PATH": f"{programs}:{Path(sys.executable).parent}:{binaries()}:{os.environ['PATH']}",
            "STAND_IN_POSTGRES": self.address,
            "DJANGO_SETTINGS_MODULE": "smartcities.settings.production",
            "PORTAL_VAR": str(folder / "var"),
            "MEDIA_ROOT": str(self.media),
            # The shell of whoever types the rehearsal has it from `.env`.
            "POSTGRES_PASSWORD": self.password,
        }

    def type(self, text: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=self.clone,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def fill_in(self) -> None:
        """Writes into `.env` what an operator would."""
        values = {
            "SECRET_KEY": "k" * 60,
            "ALLOWED_HOSTS": "portal.example.org",
            "SITE_URL": "https://portal.example.org",
            "PROXY_HOST": "portal.example.org",
            "TLS_FOLDER": "/etc/portal/tls",
            "POSTGRES_PASSWORD": self.password,
            "VALKEY_PASSWORD": "v" * 20,
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DEFAULT_FROM_EMAIL": "portal@example.org",
            "OPERATOR_NAME": "Beispielstelle",
            "OPERATOR_ADDRESS": "Musterstraße 1;12345 Musterstadt",
            "OPERATOR_EMAIL": "betreiber@example.org",
        }
        file = self.clone / ".env"
        lines = [
            f"{name}={values.pop(name)}" if (name := line.partition("=")[0]) in values else line
            for line in file.read_text().splitlines()
        ]
        assert values == {}, "asked of the operator nowhere"
        file.write_text("\n".join(lines) + "\n")

    def rows(self, database: str = "portal", *tables: str) -> dict[str, int]:
        tables = tables or tuple(NETWORK)
        address = self.server.rpartition("/")[0] + f"/{database}"
        with psycopg.connect(address) as reader:
            return {
                table: reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in tables
            }

    def lose_everything(self) -> None:
        with psycopg.connect(self.server.rpartition("/")[0] + "/postgres", autocommit=True) as root:
            root.execute("DROP DATABASE portal WITH (FORCE)")
            root.execute("CREATE DATABASE portal")
        shutil.rmtree(self.media)
        self.media.mkdir()


def of(file: str, heading: str) -> list[Block]:
    return [
        block
        for block in shell_blocks()
        if (block.file, block.heading) == (file, heading) and not block.reason
    ]


NETWORK = {
    "projects_project": 73,
    "projects_solution": 419,
    "communities_community": 22,
    "events_event": 43,
}


@pytest.mark.skipif(
    shutil.which("age") is None, reason="the program age, which encrypts backups, is not installed"
)
def test_start_backup_restore_rehearsal_and_upgrade_as_documented(shell):
    # What an operator replaces in the text, and nothing else.
    keys = shell.type("age-keygen --output key.txt")
    recipient = keys.split("Public key: ")[1].split()[0]
    today = shell.type("date +%F").strip()
    upload = shell.media / "ergebnisse" / "Übersicht.pdf"

    def typed(block: Block) -> str:
        text = block.text.replace("age1…", recipient)
        return shell.type(text.replace("2026-03-01", today))

    (start,) = of(OPERATIONS, "Start")
    copy, _newline, rest = start.text.partition("\n")
    shell.type(copy)
    shell.fill_in()
    shell.type(rest)
    assert shell.rows() == NETWORK

    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"%PDF-1.7 hochgeladen")
    backup, restore, rehearse = of(OPERATIONS, "Backup and restore")
    typed(backup)
    archive = shell.clone / f"portal-{today}.tar.age"
    assert archive.read_bytes().startswith(b"age-encryption.org")

    typed(rehearse)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        shell.rows("rehearsal")

    shell.lose_everything()
    typed(restore)
    assert shell.rows() == NETWORK
    assert upload.read_bytes() == b"%PDF-1.7 hochgeladen"

    (upgrade,) = of(OPERATIONS, "Upgrade")
    typed(upgrade)
    assert (shell.clone / "before.tar.age").stat().st_size > 10_000
    assert shell.rows() == NETWORK

    # The made-up list would end all real municipalities, which the import refuses; so, an empty portal.
    shell.lose_everything()
    shell.type("docker compose run --rm --no-deps -T web python manage.py migrate --verbosity 0")
    write_xlsx(shell.clone / "AuszugGV4QAktuell.xlsx", smallest_list())
    (block,) = of(IMPORT, "The official list of municipalities")
    answer = shell.type(block.text)
    assert answer.count("Gelesen: 69 Zeilen") == 2
    assert shell.rows("portal", "projects_municipality") == {"projects_municipality": 32}


def test_a_variable_that_is_missing_stops_the_start_with_its_name(shell):
    (shell.clone / ".env").unlink(missing_ok=True)

    with pytest.raises(AssertionError, match="SECRET_KEY is not set"):
        shell.type("docker compose up --detach")
