"""What groups show raises a version of its own and no longer that of the catalogue."""

from django.db import migrations

WATCHED = [
    "communities_community",
    "communities_community_projects",
    "communities_community_example_projects",
    "communities_communitysource",
    "communities_partnerorganisation",
    "communities_partnersupport",
    "communities_result",
    "communities_result_projects",
    "communities_result_solutions",
    "communities_experience",
]


def trigger(table: str) -> migrations.RunSQL:
    create = (
        f"CREATE OR REPLACE TRIGGER {table}_raises_version "
        f"AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version({})"
    )
    return migrations.RunSQL(create.format("'communities'"), create.format(""))


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0008_mailbox_key"),
        ("finding", "0003_part_versions"),
    ]

    operations = [*map(trigger, WATCHED)]
