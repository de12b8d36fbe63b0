"""A database of its own for a measurement, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection


@contextmanager
def temporary_database() -> Iterator[str]:
    """Create and migrate it on the server of DATABASE_URL, and yield its address."""
    url = settings.DATABASES["default"]
    name = f"bench_{os.getpid()}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        url["NAME"] = name
        call_command("migrate", verbosity=0)
        yield f"postgresql://{url['USER']}:{url['PASSWORD']}@{url['HOST']}:{url['PORT']}/{name}"
    finally:
        connection.close()
        _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    url = settings.DATABASES["default"]
    with psycopg.connect(
        host=url["HOST"], port=url["PORT"], user=url["USER"], password=url["PASSWORD"],
        dbname="postgres", autocommit=True,
    ) as server:  # fmt: skip
        server.execute(statement)
