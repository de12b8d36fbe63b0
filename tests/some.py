from collections.abc import Iterable
from typing import TypeVar

Row = TypeVar("Row")


def some(rows: Iterable[Row]) -> list[Row]:
    """These rows, of which there are some: what is asserted of each is asserted of something."""
    found = list(rows)
    assert found, "there are none"
    return found
