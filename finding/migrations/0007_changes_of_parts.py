"""What many change at once raises a number without one waiting for another; so does each build of the search.

Whoever shows free times, seats, or what was found may keep it as long as nothing of it has changed.
"""

from django.db import migrations, models

# Nothing public is another by these changes, so neither the version of the catalogue rises, which would have
# the search built again, nor does anything ring: who keeps pages looks several times a second anyway.
NOTE = """
CREATE FUNCTION finding_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO finding_partchange (part) VALUES (TG_ARGV[0]);
    RETURN NULL;
END $$
"""
BUILT = """
CREATE TRIGGER projects_searchstate_notes_change
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON projects_searchstate
FOR EACH STATEMENT EXECUTE FUNCTION finding_note_change('search')
"""


class Migration(migrations.Migration):
    dependencies = [("finding", "0006_search_index")]

    operations = [
        migrations.CreateModel(
            name="PartChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=30)),
            ],
            options={
                "verbose_name": "Änderung eines Teils",
                "verbose_name_plural": "Änderungen der Teile",
            },
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION finding_note_change()"),
        migrations.RunSQL(
            BUILT, "DROP TRIGGER projects_searchstate_notes_change ON projects_searchstate"
        ),
    ]
