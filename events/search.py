"""What of events can be found in the search: all that everybody may read of them."""

from events.models import EventKind, Format
from finding import search
from ground.land import Land

# The look back is public after the event only, so it is not found before either.
_EVENTS = """
SELECT event.id AS object_id, event.title,
    concat_ws(' ', event.title, event.city, event.venue) AS name_text,
    concat_ws(' ', event.number, labels.kinds ->> event.kind, labels.laender ->> event.land,
        labels.formats ->> event.format,
        extract(year FROM event.starts_at AT TIME ZONE 'Europe/Berlin'), parent.name, community.name,
        (SELECT string_agg(theme.name, ' ') FROM events_event_themes link
        JOIN projects_theme theme ON theme.id = link.theme_id WHERE link.event_id = event.id),
        (SELECT string_agg(project.name, ' ') FROM events_event_host_projects link
        JOIN projects_project project ON project.id = link.project_id AND project.is_public
        WHERE link.event_id = event.id)) AS topic_text,
    '' AS search_words,
    coalesce(event.teaser, '') AS lead_text, 4 AS quality,
    concat_ws(' ', event.description,
        CASE WHEN event.ends_at <= %(now)s AND event.state = 'veroeffentlicht'
        THEN event.documentation END,
        (SELECT string_agg(concat_ws(' ', item.title, item.text), ' ') FROM events_agendaitem item
        WHERE item.event_id = event.id)) AS body_text
FROM events_event event
    LEFT JOIN communities_community community ON community.id = event.community_id
    LEFT JOIN communities_community parent ON parent.id = community.parent_id,
    (SELECT %(kinds)s::jsonb AS kinds, %(laender)s::jsonb AS laender,
        %(formats)s::jsonb AS formats) labels
WHERE event.state <> 'entwurf'
"""

# What is told of an event afterwards is read when it is over.
_NEXT_IS_OVER = """
SELECT min(ends_at) FROM events_event
WHERE ends_at > %(now)s AND state = 'veroeffentlicht' AND documentation <> ''
"""

search.register(
    search.Searchable(
        "event",
        _EVENTS,
        {"kinds": EventKind, "laender": Land, "formats": Format},
        next_change=_NEXT_IS_OVER,
    )
)
