"""Tests that a document names: `tests/path.py` or `tests/path.py::name`."""

import re
from collections.abc import Iterator

from tests.documentation.blocks import CHECKOUT

_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def named(text: str) -> list[tuple[str, str]]:
    return _NAMED.findall(text)


def missing(text: str) -> Iterator[tuple[str, str]]:
    """What is named and does not exist."""
    for path, function in named(text):
        file = CHECKOUT / path
        if not file.is_file() or (function and f"def {function}(" not in file.read_text()):
            yield path, function
