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
