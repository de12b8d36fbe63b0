"""Each part of what is public has a version of its own, and who listens hears of a change.

Triggers name their part; those of the catalogue, which were there before, name none.
"""

from django.db import migrations, models

RAISE = """
CREATE OR REPLACE FUNCTION projects_raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    raised bigint := nextval('projects_catalogueversion_number');
BEGIN
    INSERT INTO projects_catalogueversion (id, number, changed_at)
    VALUES (1, raised, statement_timestamp())
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, changed_at = excluded.changed_at;
    INSERT INTO finding_partversion (part, number)
    VALUES (coalesce(TG_ARGV[0], 'catalogue'), raised)
    ON CONFLICT (part) DO UPDATE SET number = excluded.number;
    PERFORM pg_notify('portal_versions', '');
    RETURN NULL;
END $$
"""
RAISE_ONE = """
CREATE OR REPLACE FUNCTION projects_raise_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_catalogueversion (id, number, changed_at)
    VALUES (1, nextval('projects_catalogueversion_number'), statement_timestamp())
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, changed_at = excluded.changed_at;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("finding", "0002_search_compounds"),
        ("projects", "0009_search_moves_downstairs"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartVersion",
            fields=[
                ("part", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "Stand eines Teils",
                "verbose_name_plural": "Stände der Teile",
            },
        ),
        migrations.RunSQL(RAISE, RAISE_ONE),
    ]
