"""What a fact sheet shows raises the version of the catalogue, like everything shown before."""

from django.db import migrations

WATCHED = [
    "projects_buildingblock",
    "projects_cost",
    "projects_document",
    "projects_lesson",
    "projects_networkfact",
    "projects_product",
    "projects_reachedphase",
    "projects_reuse",
    "projects_solution_technologies",
    "projects_technology",
]


def trigger(table: str) -> migrations.RunSQL:
    name = f"{table}_raises_version"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION projects_raise_catalogue_version()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_fact_sheets")]

    operations = [*map(trigger, WATCHED)]
