"""Nothing knows what is above it, in templates as in code (`make lint` checks the imports)."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
# Bottom first.
FLOORS = (
    "ground", "office", "mailing", "accounts", "finding", "projects", "communities", "events",
    "consulting", "opendata", "subscribing", "asking", "smartcities",
)  # fmt: skip
# Folders that are not named after their app.
OWNERS = {
    "account": "accounts",
    "accessibility": "smartcities",
    "allauth": "accounts",
    "components": "ground",
    "handbook": "smartcities",
    "kern": "ground",
    "mfa": "accounts",
    "own_data": "smartcities",
    "pages": "smartcities",
    "search": "smartcities",
    "usersessions": "accounts",
}
# The frame around every page belongs to the front door, which links to every room.
FRAME = {
    "base.html",
    "components/header.html",
    "components/footer.html",
    "admin/base_site.html",
    "admin/index.html",
}

_NAMES = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""")
_LINKS = re.compile(r"""{%\s*url\s+["']([\w-]+):[\w-]+["']""")


def owner(name: str) -> str:
    """The app that a template belongs to; those beside the folders are the front door's."""
    parts = name.split("/")
    if name in FRAME or len(parts) == 1:
        return "smartcities"
    if parts[0] == "admin":
        # Pages of Django's administration that are no app's are everybody's.
        return parts[1] if len(parts) > 2 and parts[1] in FLOORS else "office"
    # What a library brings along lies below everything.
    return OWNERS.get(parts[0], parts[0] if parts[0] in FLOORS else FLOORS[0])


def upward(name: str, text: str) -> Iterator[str]:
    """What a template includes, extends or links to that belongs to an app above its own."""
    floor = FLOORS.index(owner(name))
    for other in _NAMES.findall(text):
        is_frame = other in FRAME
        if not is_frame and FLOORS.index(owner(other)) > floor:
            yield f"{name} includes {other}"
    for app in _LINKS.findall(text):
        if app in FLOORS and FLOORS.index(app) > floor:
            yield f"{name} links to {app}"


def all_templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))


def test_no_template_knows_what_is_above_it():
    found = [
        sentence
        for path in all_templates()
        for sentence in upward(str(path.relative_to(TEMPLATES)), path.read_text())
    ]

    assert len(all_templates()) > 200
    assert found == []


@pytest.mark.parametrize(
    ("name", "planted", "told"),
    [
        ("projects/x.html", '{% include "events/when.html" %}', "includes events/when.html"),
        ("components/x.html", '{% include "projects/x.html" %}', "includes projects/x.html"),
        ("communities/x.html", "{% url 'consulting:offer' %}", "links to consulting"),
        ("admin/events/x.html", '{% extends "consulting/x.html" %}', "includes consulting/x.html"),
    ],
)
def test_a_planted_way_up_is_found(name, planted, told):
    assert list(upward(name, planted)) == [f"{name} {told}"]


def test_a_way_down_and_the_frame_are_no_way_up():
    text = '{% extends "base.html" %}{% include "projects/x.html" %}{% url "events:list" %}'

    assert list(upward("consulting/x.html", text)) == []


@pytest.mark.parametrize(
    ("module", "planted", "told"),
    [
        ("ground/clock.py", "import projects.models", "Apps import downwards only BROKEN"),
        (
            "consulting/models/slot.py",
            "import consulting.actions",
            "consulting: every module has its floor BROKEN",
        ),
        ("events/without_a_floor.py", "", "events: every module has its floor BROKEN"),
    ],
)
def test_a_planted_import_up_breaks_the_contract(tmp_path, module, planted, told):
    for package in settings.BASE_DIR.glob("*/__init__.py"):
        if package.parent.name not in ("tests", "bench"):
            ignored = shutil.ignore_patterns("__pycache__", "data")
            shutil.copytree(package.parent, tmp_path / package.parent.name, ignore=ignored)
    shutil.copy(settings.BASE_DIR / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{planted}\n")

    lint = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([lint, "--no-cache"], cwd=tmp_path, capture_output=True, text=True)

    assert answer.returncode == 1
    # A way up may also lead round within a package.
    assert told in [line for line in answer.stdout.splitlines() if "BROKEN" in line]
