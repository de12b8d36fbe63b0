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


def test_every_decision_has_a_number_of_its_own_and_is_linked_by_its_name():
    records = sorted((settings.BASE_DIR / "docs" / "adr").iterdir())
    documents = [
        settings.BASE_DIR / "README.md",
        *(settings.BASE_DIR / "docs").glob("*.md"),
        *records,
    ]

    numbers = [int(record.name.split("-")[0]) for record in records]
    titles = [record.read_text().split(".")[0] for record in records]
    linked = {
        name for one in documents for name in re.findall(r"adr/([\w-]+\.md)", one.read_text())
    }

    assert numbers == list(range(1, len(records) + 1))
    assert titles == [f"# {number}" for number in numbers]
    assert linked - {record.name for record in records} == set()
    assert len(linked) >= 5
