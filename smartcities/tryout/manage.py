"""`make manage ARGS="…"`: one command on the data of `make run`, whether it runs or not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from smartcities.tryout.__main__ import ADDRESSES, CHECKOUT, LOGS, VAR, secret_key
from smartcities.tryout.left_overs import only_one
from smartcities.tryout.postgres import NoPostgres, Postgres
from smartcities.tryout.progress import CannotStart, say

# Nobody listens while the portal stands still; what waits goes with its next start.
NO_BROKER = "memory://"


@contextmanager
def data() -> Iterator[dict[str, str]]:
    """The addresses of the running portal, or of its database, started for this one command."""
    if os.environ.get("DATABASE_URL"):
        yield {}
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(only_one(VAR))
        except CannotStart:
            if not (VAR / ADDRESSES).exists():
                raise CannotStart(
                    "Das Portal startet oder endet gerade. Bitte gleich noch einmal."
                ) from None
            yield json.loads((VAR / ADDRESSES).read_text())
            return
        if not (VAR / "secret-key").exists():
            raise CannotStart("Hier gibt es noch keine Daten. Zuerst einmal: make run")
        postgres = Postgres(VAR / "postgres", log=LOGS / "postgres.log")
        stack.callback(postgres.stop)
        yield {"DATABASE_URL": postgres.start(), "REDIS_URL": NO_BROKER}


def run(arguments: list[str]) -> int:
    with data() as addresses:
        settings = {
            "PORTAL_VAR": str(VAR),
            "DJANGO_SETTINGS_MODULE": "smartcities.settings.dev",
            "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(),
        }
        command = [sys.executable, str(CHECKOUT / "manage.py"), *(arguments or ["help"])]
        return subprocess.run(
            command, env=os.environ | settings | addresses, check=False
        ).returncode


def main() -> int:
    with suppress(KeyboardInterrupt):
        try:
            return run(sys.argv[1:])
        except (CannotStart, NoPostgres) as problem:
            say(str(problem))
            return 1
    return 130


if __name__ == "__main__":
    sys.exit(main())
