"""What of communities can be found in the search: groups, public results, public experiences."""

from communities.models import CommunityKind, CommunityState, ExperienceKind, ResultKind
from finding import search

_COMMUNITIES = """
SELECT community.id AS object_id, concat_ws(': ', parent.name, community.name) AS title,
    concat_ws(' ', community.name, community.also_called) AS name_text,
    concat_ws(' ', labels.kinds ->> community.kind, parent.name, theme.name,
        CASE community.kind WHEN 'aeg' THEN 'AEG' END,
        CASE community.state WHEN 'archived' THEN labels.states ->> community.state END,
        (SELECT string_agg(topic.name, ' ') FROM communities_community topic
        WHERE topic.parent_id = community.id)) AS topic_text,
    '' AS search_words,
    coalesce(community.purpose, '') AS lead_text, 5 AS quality,
    concat_ws(' ', community.questions, community.working_mode) AS body_text
FROM communities_community community
    LEFT JOIN communities_community parent ON parent.id = community.parent_id
    LEFT JOIN projects_theme theme ON theme.id = community.theme_id,
    (SELECT %(kinds)s::jsonb AS kinds, %(states)s::jsonb AS states) labels
"""
_RESULTS = """
SELECT result.id AS object_id, result.title, result.title AS name_text,
    concat_ws(' ', %(kinds)s::jsonb ->> result.kind, parent.name, community.name, result.authors,
        (SELECT string_agg(project.name, ' ') FROM communities_result_projects link
        JOIN projects_project project ON project.id = link.project_id AND project.is_public
        WHERE link.result_id = result.id),
        (SELECT string_agg(solution.name, ' ') FROM communities_result_solutions link
        JOIN projects_solution solution ON solution.id = link.solution_id
        JOIN projects_project project ON project.id = solution.project_id AND project.is_public
        WHERE link.result_id = result.id)) AS topic_text,
    '' AS search_words,
    coalesce(result.summary, '') AS lead_text, 5 AS quality, result.licence AS body_text
FROM communities_result result
    JOIN communities_community community ON community.id = result.community_id
    LEFT JOIN communities_community parent ON parent.id = community.parent_id
WHERE result.state = 'oeffentlich'
"""
_EXPERIENCES = """
SELECT experience.id AS object_id, experience.title, experience.title AS name_text,
    concat_ws(' ', %(kinds)s::jsonb ->> experience.kind, 'Erfahrung', parent.name, community.name,
        project.name, solution.name) AS topic_text,
    '' AS search_words,
    coalesce(experience.what, '') AS lead_text, 5 AS quality,
    concat_ws(' ', experience.context, experience.again,
        experience.operator_model, experience.partners) AS body_text
FROM communities_experience experience
    LEFT JOIN communities_community community ON community.id = experience.community_id
    LEFT JOIN communities_community parent ON parent.id = community.parent_id
    LEFT JOIN projects_project project ON project.id = experience.project_id AND project.is_public
    LEFT JOIN (projects_solution solution JOIN projects_project owner
        ON owner.id = solution.project_id AND owner.is_public)
        ON solution.id = experience.solution_id
WHERE experience.state = 'oeffentlich'
"""

search.register(
    search.Searchable("community", _COMMUNITIES, {"kinds": CommunityKind, "states": CommunityState})
)
search.register(search.Searchable("result", _RESULTS, {"kinds": ResultKind}))
search.register(search.Searchable("experience", _EXPERIENCES, {"kinds": ExperienceKind}))
