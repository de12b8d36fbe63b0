import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Theme
from smartcities.sitemaps import SITEMAPS
from tests.factories import ProjectFactory, SolutionFactory

pytestmark = pytest.mark.django_db
MANY = 30


def most_rows_at_once(plan: dict) -> int:
    parts = plan.get("Plans", [])
    return max(plan["Actual Rows"] * plan["Actual Loops"], *map(most_rows_at_once, parts), 0)


def gone_through(queries: CaptureQueriesContext) -> int:
    """By the statement that joins the most rows on its way to an answer."""
    statements = [
        one["sql"] for one in queries.captured_queries if '"projects_theme"' in one["sql"]
    ]
    plans = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT json) {statement}")
            plans.append(cursor.fetchone()[0][0]["Plan"])
    return max(map(most_rows_at_once, plans))


def test_the_projects_and_the_solutions_of_a_theme_do_not_multiply_each_other(client):
    """Neither in its moment in the sitemap nor in its figures for programs."""
    theme = Theme.objects.create(name="Wärme", slug="waerme")
    projects = [ProjectFactory() for _ in range(MANY)]
    solutions = [SolutionFactory(project=projects[0]) for _ in range(MANY)]
    theme.projects.set(projects)
    theme.solutions.set(solutions)
    with CaptureQueriesContext(connection) as asked:
        [row] = SITEMAPS["themen"].items()
        listed = client.get("/api/v1/themen/").json()

    assert row.newest == max(one.updated_at for one in [*projects, *solutions])
    assert '"waerme"' in json.dumps(listed)
    # Each with each is 900. Of tables it knows nothing of, the database may read half of one for each row of
    # another until it meets the right one, which is 465.
    assert gone_through(asked) < 600
