"""Pages notice a changed programme, but not that somebody chose one of its items.

`taken` changes with every registration; only pages that are never answered from a cache show seats.
"""

from django.db import migrations

CREATE = """
CREATE TRIGGER events_agendaitem_raises_version
AFTER INSERT OR DELETE OR TRUNCATE
    OR UPDATE OF event_id, starts_at, ends_at, title, text, speakers, room, needs_choice, capacity
ON events_agendaitem FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_form_tokens_and_moves"),
        ("projects", "0002_catalogue_version"),
    ]

    operations = [
        migrations.RunSQL(
            CREATE, "DROP TRIGGER events_agendaitem_raises_version ON events_agendaitem"
        ),
    ]
