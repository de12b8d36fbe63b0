"""Triggers that raise the version of the catalogue with every change of what it shows.

Statement-level: an import of thousands of rows raises it once a statement, not once a row.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

WATCHED = [
    "projects_municipality",
    "projects_project",
    "projects_project_themes",
    "projects_projectmunicipality",
    "projects_solution",
    "projects_solution_themes",
    "projects_source",
    "projects_theme",
]

FUNCTION = """
CREATE FUNCTION projects_raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_catalogueversion (id, number, changed_at)
    VALUES (1, nextval('projects_catalogueversion_number'), statement_timestamp())
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, changed_at = excluded.changed_at;
    RETURN NULL;
END $$
"""


def trigger(table: str) -> migrations.RunSQL:
    name = f"{table}_raises_version"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        # A sequence never gives a number twice, not even after a rollback or an emptied table.
        migrations.RunSQL(
            "CREATE SEQUENCE projects_catalogueversion_number",
            "DROP SEQUENCE projects_catalogueversion_number",
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION projects_raise_catalogue_version()"),
        *map(trigger, WATCHED),
    ]
