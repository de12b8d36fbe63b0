from itertools import islice

from django import template

from events import waiting_list
from events.entries import EventEntry, public_events
from finding.versions import Versions
from projects.models import Project, Theme

register = template.Library()

MOST_ABOUT_THEME = 5


register.simple_tag(waiting_list.rules, name="waiting_rules")


@register.simple_tag
def events_of(project: Project, version: Versions) -> list[EventEntry]:
    """The public events that a project hosts as they are at these versions, the latest first."""
    return public_events(version).by_host.get(project.pk, [])


@register.simple_tag
def events_about(theme: Theme, version: Versions) -> list[EventEntry]:
    """The latest public events about a theme as they are at these versions."""
    entries = public_events(version).section.entries
    about = (entry for entry in entries if any(one.slug == theme.slug for one in entry.themes))
    return list(islice(about, MOST_ABOUT_THEME))
