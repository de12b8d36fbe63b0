"""A catalogue of many times the real one, made of copies of it: for measurements only."""

from io import StringIO

from django.core.management import call_command
from django.db import connection

from finding.search import refresh

# Copies keep everything but what must be unique; the first statement is the list of (id, copy) pairs.
COPY_PROJECTS = """
INSERT INTO projects_project (slug, name, title, call_year, applicant_kind, laender, themes_basis,
    summary, website, contact_name, contact_email, contact_phone, population, population_basis,
    area_km2, latitude, longitude, phase, is_public, check_note, checked_on, created_at, updated_at)
SELECT left(slug, 70) || '-' || copy, name || ' ' || copy, title, call_year, applicant_kind, laender,
    themes_basis, summary, website, contact_name, contact_email, contact_phone, population,
    population_basis, area_km2, latitude, longitude, phase, is_public, check_note, checked_on,
    created_at, updated_at
FROM projects_project, generate_series(2, %s) AS copy
"""
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
    """INSERT INTO projects_solution (project_id, slug, name, kind, maturity, open_source, repository,
        description, position, created_at, updated_at)
    SELECT new_id, left(slug, 150) || '-' || copy, name, kind, maturity, open_source, repository,
        description, position, created_at, updated_at
    FROM projects_solution JOIN pairs ON old_id = project_id""",
]


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
        cursor.execute(COPY_PROJECTS, [times])
        cursor.execute(PAIRS, [times])
        for statement in COPY_LINKS:
            cursor.execute(statement)
        cursor.execute("DROP TABLE pairs")
        cursor.execute("ANALYZE")
