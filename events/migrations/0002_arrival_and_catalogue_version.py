"""The order of arrival, and pages that notice changes.

`events_arrival` is drawn from while the row of the seats is locked, so its order is that of arrival
within one waiting list. Seats and registrations do not raise the catalogue's version: pages that show
them are never answered from a cache.
"""

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
    name = f"{table}_raises_version"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("projects", "0002_catalogue_version"),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE events_arrival", "DROP SEQUENCE events_arrival"),
        *map(trigger, WATCHED),
    ]
