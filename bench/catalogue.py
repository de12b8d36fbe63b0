"""A catalogue of many times the real one, made of copies of it: for measurements only."""

from io import StringIO

from django.core.management import call_command
from django.db import connection, models

from finding.search import refresh
from projects.models import Project, Solution

# What a copy cannot share with its original, and what is worked out anew.
_OWN = {"id", "slug", "name", "product_id"}
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


def _kept(model: type[models.Model], *but: str) -> str:
    """All columns of the table that a copy takes over, whichever have come to it."""
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if not isinstance(field, models.GeneratedField)
    ]
    return ", ".join(f'"{column}"' for column in columns if column not in {*_OWN, *but})


def _copy_projects() -> str:
    kept = _kept(Project)
    return f"""INSERT INTO projects_project (slug, name, {kept})
    SELECT left(slug, 70) || '-' || copy, name || ' ' || copy, {kept}
    FROM projects_project, generate_series(2, %s) AS copy"""


def _copy_solutions() -> str:
    kept = _kept(Solution, "project_id")
    return f"""INSERT INTO projects_solution (project_id, slug, name, {kept})
    SELECT new_id, left(slug, 150) || '-' || copy, name, {kept}
    FROM projects_solution JOIN pairs ON old_id = project_id"""


def fill(times: int) -> None:
    """Load the real catalogue, make it `times` as large, and let the search know."""
    call_command("createcachetable", verbosity=0)
    call_command("load_network", stdout=StringIO())
    if times > 1:
        multiply(times)
    refresh(wait=True)
    with connection.cursor() as cursor:
        # As the server does by itself after a while.
        cursor.execute("VACUUM ANALYZE")


def multiply(times: int) -> None:
    """Make the loaded catalogue `times` as large. Once per database."""
    with connection.cursor() as cursor:
        cursor.execute(_copy_projects(), [times])
        cursor.execute(PAIRS, [times])
        for statement in (*COPY_LINKS, _copy_solutions()):
            cursor.execute(statement)
        cursor.execute("DROP TABLE pairs")
        cursor.execute("ANALYZE")
