"""What events show raises a version of its own and no longer that of the catalogue."""

from django.db import migrations

WATCHED = [
    "events_event",
    "events_event_host_projects",
    "events_event_themes",
    "events_eventsource",
    "events_document",
    "events_minutes",
]


def trigger(table: str) -> migrations.RunSQL:
    create = (
        f"CREATE OR REPLACE TRIGGER {table}_raises_version "
        f"AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version({})"
    )
    return migrations.RunSQL(create.format("'events'"), create.format(""))


PROGRAMME = """
CREATE OR REPLACE TRIGGER events_agendaitem_raises_version
AFTER INSERT OR DELETE OR TRUNCATE
    OR UPDATE OF event_id, starts_at, ends_at, title, text, speakers, room, needs_choice, capacity
ON events_agendaitem FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version({})
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_mailbox_key"),
        ("finding", "0003_part_versions"),
    ]

    operations = [
        *map(trigger, WATCHED),
        migrations.RunSQL(PROGRAMME.format("'events'"), PROGRAMME.format("")),
    ]
