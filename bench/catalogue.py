"""A catalogue of many times the real one, made of copies of it: for measurements only."""

from collections.abc import Mapping
from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from finding.search import refresh
from projects.models import Project, Solution

PAIRS = """
CREATE TEMPORARY TABLE pairs AS
SELECT old.id AS old_id, new.id AS new_id, copy
FROM projects_project old, generate_series(2, %s) AS copy, projects_project new
WHERE new.slug = left(old.slug, 70) || '-' || copy
"""
COPY_LINKS = [
    """INSERT INTO projects_project_themes (project_id, theme_id)
    SELECT new_id, theme_id FROM projects_project_themes JOIN pairs ON old_id = project_id""",
    """INSERT INTO projects_projectmunicipality (project_id, municipality_id, is_lead, position)
    SELECT new_id, municipality_id, is_lead, position
    FROM projects_projectmunicipality JOIN pairs ON old_id = project_id""",
]


# Copies keep everything but what must be unique.
PROJECTS = {
    "slug": "left(slug, 70) || '-' || copy",
    "name": "name || ' ' || copy",
    "title": "title || ' ' || copy",
}
SOLUTIONS = {"project_id": "new_id", "product_id": "NULL", "slug": "left(slug, 150) || '-' || copy"}


def fill(times: int) -> None:
    """Load the real catalogue, make it `times` as large, and let the search know."""
    call_command("createcachetable", verbosity=0)
    call_command("load_network", stdout=StringIO())
    if times > 1:
        multiply(times)
    refresh(wait=True)


def multiply(times: int) -> None:
    """Make the loaded catalogue `times` as large. Once per database."""
    with connection.cursor() as cursor:
        copies = f"projects_project, generate_series(2, {int(times)}) AS copy"
        cursor.execute(_copying(Project, PROJECTS, copies))
        cursor.execute(PAIRS, [times])
        for statement in COPY_LINKS:
            cursor.execute(statement)
        copies = "projects_solution JOIN pairs ON old_id = projects_solution.project_id"
        cursor.execute(_copying(Solution, SOLUTIONS, copies))
        cursor.execute("DROP TABLE pairs")
        cursor.execute("ANALYZE")


def _copying(model: type[Model], changed: Mapping[str, str], rows: str) -> str:
    """Whatever columns there are: the model says it, but for those that PostgreSQL fills itself."""
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated)
    ]
    values = [changed.get(column, f"{model._meta.db_table}.{column}") for column in columns]
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {rows}"
    )
