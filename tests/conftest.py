import pytest

pytest_plugins = ["tests.browser"]

LONGEST = "test_every_page_is_accessible"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest of those that empty the database, so that no process waits for it at the end.

    They stay behind all others, as pytest-django arranges it.
    """
    longest = [item for item in items if LONGEST in item.nodeid]
    rest = [item for item in items if LONGEST not in item.nodeid]
    place = next((n for n, item in enumerate(rest) if _empties_the_database(item)), len(rest))
    items[:] = [*rest[:place], *longest, *rest[place:]]


def _empties_the_database(item: pytest.Item) -> bool:
    marks = [mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")]
    names = set(getattr(item, "fixturenames", ()))
    return any(marks) or bool(names & {"transactional_db", "live_server"})
