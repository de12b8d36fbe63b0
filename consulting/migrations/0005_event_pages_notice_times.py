"""The page of an event says that one can be advised there, so it must notice when that changes.

Only times that hang on an event raise the catalogue's version: all others are none of its business.
"""

from django.db import migrations

TRIGGERS = {
    "consulting_slot_at_event_raises_version": (
        "INSERT OR UPDATE OF event_id, is_offered",
        "NEW.event_id IS NOT NULL",
    ),
    "consulting_slot_off_event_raises_version": ("DELETE", "OLD.event_id IS NOT NULL"),
    "consulting_slot_leaves_event_raises_version": (
        "UPDATE OF event_id",
        "OLD.event_id IS NOT NULL AND NEW.event_id IS NULL",
    ),
}


def trigger(name: str) -> migrations.RunSQL:
    moment, condition = TRIGGERS[name]
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {moment} ON consulting_slot FOR EACH ROW "
        f"WHEN ({condition}) EXECUTE FUNCTION projects_raise_catalogue_version()",
        f"DROP TRIGGER {name} ON consulting_slot",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("consulting", "0004_times_on_site"),
        ("projects", "0002_catalogue_version"),
    ]

    operations = [*map(trigger, TRIGGERS)]
