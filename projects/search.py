"""What of the catalogue can be found in the search: public projects, solutions and themes."""

from finding import search
from ground.land import Land
from projects.models import ApplicantKind, Maturity, SolutionKind
from projects.regions import REGIONS

_KREISE = ", ".join(
    f"('{kreis}', '{region}')" for region, kreise in REGIONS.items() for kreis in kreise.split()
)
# „Bildung Ruhrgebiet“: where a project is, in words that no Kreis is called. Once for all projects: asked
# for each solution, it took most of the time of a build.
_WITH_REGIONS = f"""LEFT JOIN (
    SELECT part.project_id, string_agg(DISTINCT region.name, ' ') AS names
    FROM projects_projectmunicipality part
    JOIN projects_municipality municipality ON municipality.id = part.municipality_id
    JOIN (VALUES {_KREISE}) region(kreis, name) ON starts_with(municipality.ars, region.kreis)
    GROUP BY part.project_id) regions ON regions.project_id = project.id"""  # noqa: S608 - made of constants, as those below
_PROJECTS = f"""
SELECT project.id AS object_id, project.name AS title,
    concat_ws(' ', project.name, project.title, (
        SELECT string_agg(municipality.name || ' ' || municipality.official_name, ' ')
        FROM projects_projectmunicipality part
        JOIN projects_municipality municipality ON municipality.id = part.municipality_id
        WHERE part.project_id = project.id)) AS name_text,
    concat_ws(' ', labels.arts ->> project.applicant_kind, 'Staffel', project.call_year,
        (SELECT string_agg(labels.laender ->> land, ' ') FROM unnest(project.laender) land),
        regions.names,
        (SELECT string_agg(theme.name, ' ')
        FROM projects_project_themes link JOIN projects_theme theme ON theme.id = link.theme_id
        WHERE link.project_id = project.id)) AS topic_text,
    array_to_string(project.search_words, ', ') AS search_words,
    concat_ws(' ', project.summary, (SELECT string_agg(solution.name, ' ')
        FROM projects_solution solution WHERE solution.project_id = project.id)) AS lead_text,
    least(10, (SELECT count(*) FROM projects_solution solution
        WHERE solution.project_id = project.id AND solution.problem <> '')) AS quality,
    concat_ws(' ', (
        SELECT string_agg(concat_ws(' ', labels.kinds ->> solution.kind, solution.problem,
            solution.description, array_to_string(solution.search_words, ', ')), ' ')
        FROM projects_solution solution WHERE solution.project_id = project.id), project.status_text,
        (SELECT string_agg(lesson.text, ' ') FROM projects_lesson lesson
        WHERE lesson.project_id = project.id)) AS body_text
FROM projects_project project {_WITH_REGIONS}, (SELECT
    %(laender)s::jsonb AS laender, %(kinds)s::jsonb AS kinds, %(arts)s::jsonb AS arts) labels
WHERE project.is_public
"""  # noqa: S608
_SOLUTIONS = f"""
SELECT solution.id AS object_id, solution.name AS title,
    concat_ws(' ', solution.name, labels.kinds ->> solution.kind) AS name_text,
    solution.problem AS lead_text, array_to_string(solution.search_words, ', ') AS search_words,
    (CASE WHEN solution.problem <> '' THEN 2 ELSE 0 END
        + CASE WHEN solution.description <> '' THEN 2 ELSE 0 END
        + CASE WHEN solution.maturity IN ('betrieb', 'abgeschlossen') THEN 2 ELSE 0 END
        + CASE WHEN EXISTS (SELECT FROM projects_reuse reuse
            WHERE reuse.solution_id = solution.id AND NOT reuse.is_planned
                AND (reuse.source <> '' OR reuse.confirmed_on IS NOT NULL)) THEN 2 ELSE 0 END
        + CASE WHEN EXISTS (SELECT FROM projects_lesson lesson
            WHERE lesson.solution_id = solution.id) THEN 1 ELSE 0 END
        + CASE WHEN EXISTS (SELECT FROM projects_cost cost
            WHERE cost.solution_id = solution.id) THEN 1 ELSE 0 END) AS quality,
    concat_ws(' ', labels.maturities ->> solution.maturity,
        CASE solution.open_source WHEN 'ja' THEN 'Open Source quelloffen' END, solution.licence,
        (SELECT string_agg(technology.name, ' ') FROM projects_solution_technologies link
        JOIN projects_technology technology ON technology.id = link.technology_id
        WHERE link.solution_id = solution.id),
        (SELECT string_agg(concat_ws(' ', block.text, product.name), ' ')
        FROM projects_buildingblock block
        LEFT JOIN projects_product product ON product.id = block.product_id
        WHERE block.solution_id = solution.id),
        project.name, project.title,
        (SELECT string_agg(labels.laender ->> land, ' ') FROM unnest(project.laender) land),
        regions.names,
        (SELECT string_agg(theme.name, ' ') FROM projects_solution_themes link
        JOIN projects_theme theme ON theme.id = link.theme_id
        WHERE link.solution_id = solution.id)) AS topic_text,
    concat_ws(' ', solution.description, solution.how_it_works,
        solution.evidence_text, array_to_string(solution.partners, ' '),
        (SELECT string_agg(lesson.text, ' ') FROM projects_lesson lesson
        WHERE lesson.solution_id = solution.id),
        (SELECT string_agg(reuse.name, ' ') FROM projects_reuse reuse
        WHERE reuse.solution_id = solution.id
            AND (reuse.source <> '' OR reuse.confirmed_on IS NOT NULL))) AS body_text
FROM projects_solution solution JOIN projects_project project ON project.id = solution.project_id
{_WITH_REGIONS},
    (SELECT %(laender)s::jsonb AS laender, %(kinds)s::jsonb AS kinds,
        %(maturities)s::jsonb AS maturities) labels
WHERE project.is_public
"""  # noqa: S608
_THEMES = """
SELECT theme.id AS object_id, theme.name AS title, theme.name AS name_text,
    theme.description AS lead_text, '' AS search_words, '' AS topic_text, 5 AS quality,
    coalesce((SELECT string_agg(lesson.text, ' ') FROM projects_lesson lesson
        WHERE lesson.theme_id = theme.id), '') AS body_text
FROM projects_theme theme
WHERE EXISTS (SELECT FROM projects_project_themes link
        JOIN projects_project project ON project.id = link.project_id AND project.is_public
        WHERE link.theme_id = theme.id)
    OR EXISTS (SELECT FROM projects_solution_themes link
        JOIN projects_solution solution ON solution.id = link.solution_id
        JOIN projects_project project ON project.id = solution.project_id AND project.is_public
        WHERE link.theme_id = theme.id)
"""
search.register(search.Searchable("theme", _THEMES))
search.register(
    search.Searchable(
        "project", _PROJECTS, {"laender": Land, "kinds": SolutionKind, "arts": ApplicantKind}
    )
)
search.register(
    search.Searchable(
        "solution",
        _SOLUTIONS,
        {"laender": Land, "kinds": SolutionKind, "maturities": Maturity},
        kinds="kinds",
    )
)
# „Regensburg“ is not about rain.
search.register_names("SELECT DISTINCT municipality.name FROM projects_municipality municipality")
# „Rheinland“ is not about the countryside.
search.register_names(f"SELECT unnest(ARRAY{[str(land.label) for land in Land]})")
# „Westerwald“ is not about the forest.
search.register_names(f"SELECT unnest(ARRAY{list(REGIONS)})")
