"""Times that hang on an event change its page, and nothing else that is public."""

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
    create = (
        f"CREATE OR REPLACE TRIGGER {name} AFTER {moment} ON consulting_slot FOR EACH ROW "
        f"WHEN ({condition}) EXECUTE FUNCTION projects_raise_catalogue_version({{}})"
    )
    return migrations.RunSQL(create.format("'events'"), create.format(""))


class Migration(migrations.Migration):
    dependencies = [
        ("consulting", "0007_draft_continues"),
        ("finding", "0003_part_versions"),
    ]

    operations = [*map(trigger, TRIGGERS)]
