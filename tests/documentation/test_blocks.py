"""What the documentation tells people to type does what it says, typed as it stands there.

Blocks that need a Docker engine say so in the documentation. What they run inside a container stands
beside them without one, and is typed here on a real PostgreSQL.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml

from smartcities.tryout.postgres import Postgres, binaries
from tests.documentation.blocks import CHECKOUT, SHELL, Block, documents, shell_blocks
from tests.projects.gemeindeverzeichnis_files import smallest_list, write_xlsx

OPERATIONS = "docs/operations.md"
IMPORT = "docs/municipalities.md"


NEEDS_AN_ENGINE = "needs a Docker engine; "


def test_every_block_is_run_or_says_why_not():
    by_hand = [block for block in shell_blocks() if block.reason]
    assert [block.name for block in by_hand if NEEDS_AN_ENGINE not in block.reason] == [
        "README.md: Portal der Modellprojekte Smart Cities",
        f"{OPERATIONS}: Upgrade",
    ]
    assert [block.name for block in by_hand if NEEDS_AN_ENGINE in block.reason] == [
        f"{OPERATIONS}: Start",
        f"{OPERATIONS}: Start",
        f"{OPERATIONS}: Backup and restore",
        f"{OPERATIONS}: Upgrade",
    ]
    run = {block.file for block in shell_blocks() if not block.reason}
    assert run == {OPERATIONS, IMPORT}


def test_only_what_calls_docker_is_left_out_for_want_of_an_engine():
    for block in shell_blocks():
        calls = re.search(r"^\s*docker ", block.text, re.MULTILINE) is not None
        assert calls == (NEEDS_AN_ENGINE in block.reason), block.name


def compose_file() -> dict:
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())


def test_what_is_typed_to_docker_names_services_that_there_are():
    typed = "".join(path.read_text() for path in documents()).replace("\\\n", " ")
    named = set()
    for line in re.findall(r"docker compose (?:exec|run|up)((?: [^\n`]*)?)", typed):
        # The options that take a word of their own, then all others.
        rest = re.sub(r" --(?:env|volume|workdir|scale) \S+", "", line.partition("#")[0])
        words = [word for word in rest.split() if not word.startswith("-")]
        named.update(words[:1])

    assert named == {"web", "postgres", "proxy"}
    assert named <= compose_file()["services"].keys()


def test_what_compose_asks_for_stands_in_the_file_that_is_filled_in():
    asked = set(re.findall(r"\$\{(\w+):\?", (CHECKOUT / "docker-compose.yml").read_text()))
    lines = (CHECKOUT / ".env.example").read_text().splitlines()
    empty = {line[:-1] for line in lines if line.endswith("=") and not line.startswith("#")}

    # Optional ones may stand there, too, with words that say so.
    assert asked - empty == set()
    assert empty - asked == {"START_SMART_EMAIL"}


def test_the_image_copies_only_what_is_there():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (CHECKOUT / "Dockerfile").read_text(), re.M)
    names = [name for line in copied for name in line.split()]

    assert "manage.py" in names
    assert [name for name in names if not (CHECKOUT / name).exists()] == []


def test_upgrading_without_containers_runs_what_the_container_runs():
    """Static files are in the image already."""
    [_shell, _option, line] = compose_file()["services"]["migrate"]["command"]
    inside = [part.removeprefix("python manage.py ") for part in line.split(" && ")]
    _backup, after_pull = of(OPERATIONS, "Upgrade")
    typed = [line.removeprefix("portal ") for line in after_pull.text.splitlines()]

    assert typed == [*inside, "collectstatic --no-input"]


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
    # What `npm ci` would fetch.
    (clone / "node_modules").symlink_to(CHECKOUT / "node_modules")
    return clone


@pytest.fixture(scope="module")
def shell(server, clone, tmp_path_factory) -> "Shell":
    return Shell(server, clone, tmp_path_factory.mktemp("shell"))


class Shell:
    """Types blocks into the shell of an operator without containers."""

    def __init__(self, server: str, clone: Path, folder: Path) -> None:
        self.server, self.clone, self.media = server, clone, folder / "media"
        self.media.mkdir()
        # What the documentation has them type first.
        [self.portal] = of(OPERATIONS, "Start")
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = kept | {
            "PATH": f"{Path(sys.executable).parent}:{binaries()}:{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "smartcities.settings.production",
            "PORTAL_VAR": str(folder / "var"),
            "MEDIA_ROOT": str(self.media),
            "SECRET_KEY": "k" * 60,
            "ALLOWED_HOSTS": "portal.example.org",
            "SITE_URL": "https://portal.example.org",
            "DATABASE_URL": server,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DEFAULT_FROM_EMAIL": "portal@example.org",
            "OPERATOR_NAME": "Beispielstelle",
            "OPERATOR_ADDRESS": "Musterstraße 1;12345 Musterstadt",
            "OPERATOR_EMAIL": "betreiber@example.org",
        }

    def type(self, text: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.portal.text + text],
            cwd=self.clone,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

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

    def lose_municipalities(self) -> None:
        """And all that refers to one: the tables are as empty as if they had just been made."""
        with psycopg.connect(self.server) as database:
            database.execute("TRUNCATE projects_municipality CASCADE")


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
def test_backup_restore_rehearsal_upgrade_and_import_as_documented(shell):
    # What an operator replaces in the text, and nothing else.
    keys = shell.type("age-keygen --output key.txt")
    recipient = keys.split("Public key: ")[1].split()[0]
    today = shell.type("date +%F").strip()
    upload = shell.media / "ergebnisse" / "Übersicht.pdf"

    def typed(block: Block) -> str:
        text = block.text.replace("age1…", recipient)
        return shell.type(text.replace("2026-03-01", today))

    pull, upgrade = of(OPERATIONS, "Upgrade")
    tables_and_data, collect, _end = upgrade.text.partition("portal collectstatic")
    assert collect
    shell.type(tables_and_data)
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

    typed(pull)
    assert (shell.clone / "before.tar.age").stat().st_size > 10_000
    typed(upgrade)
    assert shell.rows() == NETWORK
    assert (shell.clone / "staticfiles" / "css" / "portal.css").exists()

    # The made-up list would end all real municipalities, which the import refuses; so, an empty portal.
    shell.lose_municipalities()
    write_xlsx(shell.clone / "AuszugGV4QAktuell.xlsx", smallest_list())
    (block,) = of(IMPORT, "The official list of municipalities")
    answer = shell.type(block.text)
    assert answer.count("Gelesen: 69 Zeilen") == 2
    assert shell.rows("portal", "projects_municipality") == {"projects_municipality": 32}


def test_what_is_missing_stops_the_start_with_its_name(shell):
    with pytest.raises(AssertionError, match="SECRET_KEY is not set"):
        shell.type("unset SECRET_KEY\nportal check")
