"""What changes which times are free is noted, so that a page may show them as long as they are.

The page of an event offers advice there only while the advisor advises, so it is another when that ends.
"""

from django.db import migrations

WATCHED = (
    "consulting_absence",
    "consulting_advisor",
    "consulting_appointment",
    "consulting_slot",
)


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_notes_change "
        f"AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION finding_note_change('free times')",
        f"DROP TRIGGER {table}_notes_change ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("consulting", "0010_advice"),
        ("finding", "0007_changes_of_parts"),
    ]

    operations = [
        *map(trigger, WATCHED),
        migrations.RunSQL(
            "CREATE TRIGGER consulting_advisor_raises_version "
            "AFTER UPDATE OF is_active ON consulting_advisor FOR EACH ROW "
            "WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active) "
            "EXECUTE FUNCTION projects_raise_catalogue_version('events')",
            "DROP TRIGGER consulting_advisor_raises_version ON consulting_advisor",
        ),
    ]
