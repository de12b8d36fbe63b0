"""The map of the house names only rooms that there are."""

import re

from django.conf import settings

DOCUMENT = settings.BASE_DIR / "docs" / "architecture.md"
_PATH = re.compile(r"`([\w.-]+/[\w./-]+)`")


def test_every_place_on_the_map_exists():
    named = {path for path in _PATH.findall(DOCUMENT.read_text()) if "<" not in path}

    assert len(named) > 40
    assert [path for path in sorted(named) if not (settings.BASE_DIR / path).exists()] == []


def test_the_map_is_one_page():
    assert len(DOCUMENT.read_text().splitlines()) <= 110


def test_every_decision_has_a_number_of_its_own_and_is_named_by_its_file():
    root = settings.BASE_DIR
    records = sorted((root / "docs" / "adr").iterdir())
    numbers = [int(record.name.split("-")[0]) for record in records]
    titles = [record.read_text().split(".")[0] for record in records]

    documents = [root / "README.md", *(root / "docs").rglob("*.md")]
    apps = {path.parent for path in root.glob("*/__init__.py")} - {root / "tests"}
    code = [path for app in apps for path in app.rglob("*.py")]
    named = {
        name
        for one in [*documents, *code]
        for name in re.findall(r"adr/(\d[\w.-]*)", one.read_text(encoding="utf-8"))
    }

    assert numbers == list(range(1, len(records) + 1))
    assert titles == [f"# {number}" for number in numbers]
    assert named - {record.name for record in records} == set()
    assert len(named) >= 5
