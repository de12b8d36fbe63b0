import gc
import os
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.backends.postgresql.creation import DatabaseCreation
from django.test import client

pytest_plugins = [
    "tests.browser",
    "tests.database",
    "tests.emptying",
    "tests.marks",
    "tests.rivals",
    "tests.shared",
    "tests.signing",
    "tests.template_names",
    "tests.voluntary",
]


def pytest_configure(config: pytest.Config) -> None:
    """With FAKE_NOW=2028-02-29T23:59 it is that moment in Germany when the tests begin (`make clocks`).

    The clock goes on from there. Other processes, browsers and the database keep the true one.
    """
    begin = os.environ.get("FAKE_NOW")
    if begin:
        moment = datetime.fromisoformat(begin).replace(tzinfo=ZoneInfo("Europe/Berlin"))
        clock = time_machine.travel(moment, tick=True)
        clock.start()
        config.add_cleanup(clock.stop)


def pytest_collection_finish() -> None:
    """What is imported by now stays; looking through it again and again takes an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _without_widgets(
    store: Any, signal: Any, sender: Any, template: Any, *args: Any, **kwargs: Any
) -> None:
    """What a page was made of, but not each widget and label in it: no test asks for those."""
    if not str(template.name).startswith("django/forms/"):
        _store_all(store, signal, sender, template, *args, **kwargs)


_store_all = client.store_rendered_templates
client.store_rendered_templates = _without_widgets


def _drop_test_database(self: DatabaseCreation, name: str, verbosity: int) -> None:
    """Also while a server or a browser of the last test is still about to let go of it."""
    with self._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")


DatabaseCreation._destroy_test_db = _drop_test_database


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """On a busy machine nothing is quick: what a test has changed is found at once all the same."""
    from finding.search import documents  # noqa: PLC0415 - Django is set up by now

    documents.QUICK_MILLISECONDS = 60_000
