from django import template

from events.entries import EventEntry, public_events
from projects.models import Project

register = template.Library()


@register.simple_tag
def events_of(project: Project, version: int) -> list[EventEntry]:
    """The public events that a project hosts at this version of the catalogue, the latest first."""
    return public_events(version).by_host.get(project.pk, [])
