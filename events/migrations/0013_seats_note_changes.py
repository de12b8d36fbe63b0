"""What changes what is left of an event's seats is noted, so that a page may show it as long as it is so."""

from django.db import migrations

# A registration whose address is not confirmed yet holds its seat, which counts otherwise.
WATCHED = {
    "events_seats": "UPDATE",
    "events_registration": "UPDATE OF event_id, mode, state, confirmed_at",
}


def trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_notes_change "
        f"AFTER INSERT OR {WATCHED[table]} OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION finding_note_change('seats')",
        f"DROP TRIGGER {table}_notes_change ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0012_minutes"),
        ("finding", "0007_changes_of_parts"),
    ]

    operations = [*map(trigger, WATCHED)]
