"""Triggers by which the database itself notes that something public has changed, whoever wrote it.

Only migrations use this, so what it writes must not change: databases that were migrated before keep the
triggers of then. Both functions of the database belong to `finding`; see its first migration.
"""

from typing import NamedTuple

from django.db.migrations import RunSQL

# A statement may change thousands of rows, as an import does, and is still one change.
ANY_CHANGE = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
OF_A_STATEMENT = "FOR EACH STATEMENT"


class Trigger(NamedTuple):
    table: str
    name: str
    moment: str
    scope: str
    call: str

    @property
    def sql(self) -> str:
        return (
            f"CREATE TRIGGER {self.name} AFTER {self.moment} ON {self.table} "
            f"{self.scope} EXECUTE FUNCTION {self.call}"
        )

    @property
    def reverse_sql(self) -> str:
        return f"DROP TRIGGER {self.name} ON {self.table}"


def raises_version(
    table: str,
    *,
    part: str = "",
    moment: str = ANY_CHANGE,
    scope: str = OF_A_STATEMENT,
    name: str = "",
) -> Trigger:
    """Changes of this table raise the version of a part of what is public, of the catalogue if none is named."""
    argument = f"'{part}'" if part else ""
    call = f"projects_raise_catalogue_version({argument})"
    return Trigger(table, name or f"{table}_raises_version", moment, scope, call)


def notes_change(table: str, *, part: str, moment: str = ANY_CHANGE) -> Trigger:
    """Changes of this table are noted for a part, without any of them waiting for another."""
    call = f"finding_note_change('{part}')"
    return Trigger(table, f"{table}_notes_change", moment, OF_A_STATEMENT, call)


def created(*triggers: Trigger) -> RunSQL:
    """One operation for all of them, as each takes Django a copy of all models."""
    return RunSQL(
        [trigger.sql for trigger in triggers], [trigger.reverse_sql for trigger in triggers]
    )
