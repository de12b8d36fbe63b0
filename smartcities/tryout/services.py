"""The servers that the portal needs, started only where the environment names none."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from smartcities.tryout.postgres import Postgres, close
from smartcities.tryout.valkey import Valkey


@contextmanager
def throw_away(**postgres_settings: str) -> Iterator[None]:
    """Servers for one run, for tests and measurements: quick, empty, and nothing left afterwards.

    Sets DATABASE_URL and REDIS_URL for this process and its children, unless they are set.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield
        return
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        close(folder)
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(
                folder / "postgres",
                log=folder / "postgres.log",
                durable=False,
                settings=postgres_settings,
            )
            stack.callback(postgres.stop)
            os.environ["DATABASE_URL"] = postgres.start()
            stack.callback(os.environ.pop, "DATABASE_URL", None)
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(log=folder / "valkey.log")
            stack.callback(valkey.stop)
            os.environ["REDIS_URL"] = valkey.start()
            stack.callback(os.environ.pop, "REDIS_URL", None)
        yield
