"""From which database this version can be reached: an empty one, or that of the version before."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# The last version with the steps that the first migration of each app replaces.
VERSION_BEFORE = "dec4125e"


def upgrades_in_order(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """`migrate` says so, before it changes anything, where steps were left out on the way here."""
    on_disk = MigrationLoader(None).disk_migrations.values()
    found: list[CheckMessage] = []
    for alias in databases or []:
        applied = MigrationRecorder(connections[alias]).applied_migrations().keys()
        missing = sorted(
            f"{app} {name}"
            for migration in on_disk
            if applied & set(migration.replaces)
            for app, name in set(migration.replaces) - applied
        )
        if missing:
            found.append(
                Error(
                    f"Dieser Datenbank fehlen Schritte von früher: {', '.join(missing)}.",
                    hint=f"Bringen Sie sie zuerst mit Version {VERSION_BEFORE} auf den Stand "
                    "(migrate), dann mit dieser.",
                    id="smartcities.E001",
                )
            )
    return found
