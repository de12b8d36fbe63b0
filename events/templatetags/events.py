from django import template

from events.entries import EventEntry, public_events
from finding.versions import Versions
from projects.models import Project

register = template.Library()


@register.simple_tag
def events_of(project: Project, version: Versions) -> list[EventEntry]:
    """The public events that a project hosts as they are at these versions, the latest first."""
    return public_events(version).by_host.get(project.pk, [])
