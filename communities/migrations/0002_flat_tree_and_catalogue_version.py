"""What Django's models cannot say: a tree of exactly two levels, and pages that notice changes.

A topic group refers to (id, 1): to a row of the first level. A row with topic groups can therefore
not become one itself, and a circle would need a row that is on both levels.
"""

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
    name = f"{table}_raises_version"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0001_initial"),
        ("projects", "0002_catalogue_version"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE communities_community ADD CONSTRAINT communities_tree_has_two_levels "
            "FOREIGN KEY (parent_id, parent_level) REFERENCES communities_community (id, level)",
            "ALTER TABLE communities_community DROP CONSTRAINT communities_tree_has_two_levels",
        ),
        *map(trigger, WATCHED),
    ]
