"""A module run as a program of its own, without starting Python and the portal anew for it.

It is forked from a process that was started afresh, has set up the portal and was never connected, as are
the rivals in `tests.rivals`. So it shares nothing with the test but the database.
"""

import os
import runpy
import sys
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.db import connection

# What the process has imported from which others are forked: each would otherwise import it again.
PREPARED = ["tests.ready", "tests.forked", "tests.rivals", "concurrent.futures.process"]


class Forked:
    """`python -m module arguments`, with other settings and on this database; in a group of its own."""

    def __init__(
        self, module: str, *arguments: str, database: dict[str, Any], **changed: Any
    ) -> None:
        context = get_context("forkserver")
        context.set_forkserver_preload(PREPARED)
        what = (module, arguments, dict(database), changed)
        self._process = context.Process(target=_run, args=what)
        self._process.start()
        self.pid = self._process.pid

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> None:
        self._process.join()


def _run(
    module: str, arguments: tuple[str, ...], database: dict[str, Any], changed: dict[str, Any]
) -> None:
    os.setsid()
    connection.settings_dict.update(database)
    for name, value in changed.items():
        setattr(settings, name, value)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__")
