"""Commands say in a sentence what is wrong with the database, not with a traceback of its driver."""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError, ProgrammingError
from psycopg import errors


def execute(argv: list[str]) -> None:
    try:
        execute_from_command_line(argv)
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        text = sentence(error)
        if text is None:
            raise
        sys.exit(text)


def sentence(error: Exception) -> str | None:
    """None for what is no matter of reaching the database, but a mistake in the code."""
    cause = error.__cause__
    if isinstance(cause, errors.UndefinedTable):
        return "In der Datenbank fehlen Tabellen. Zuerst: manage.py migrate"
    if isinstance(error, ProgrammingError) or getattr(cause, "sqlstate", None):
        return None
    place = settings.DATABASES["default"]
    reason = (str(error).strip().splitlines() or ["ohne Grund"])[-1].strip()
    return (
        f"Die Datenbank „{place['NAME']}“ auf {place['HOST'] or 'diesem Rechner'}, Port "
        f"{place['PORT'] or 5432}, ist nicht da.\n  {reason}\n"
        "Läuft PostgreSQL, und stimmt DATABASE_URL? Für die Daten von „make run“: "
        'make manage ARGS="…"'
    )
