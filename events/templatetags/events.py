from itertools import islice

from django import template
from django.utils.translation import gettext as _

from events.actions import waiting
from events.entries import EventEntry, public_events
from finding.versions import Versions
from ground.clock import in_words
from projects.models import Project, Theme

register = template.Library()

MOST_ABOUT_THEME = 5


@register.simple_tag
def waiting_rules() -> str:
    """How the waiting list goes, for who thinks about joining it."""
    return _(
        "So geht es auf der Warteliste: Wird ein Platz frei, bekommt ihn, wer am längsten wartet, und wir "
        "schreiben sofort eine E-Mail. Weniger als %(within)s vor dem Beginn fragen wir erst, ob es noch "
        "passt: Das Angebot steht %(lasts)s, höchstens bis %(before)s vor dem Beginn, und wird es so spät "
        "erst frei, mindestens %(least)s. Ohne Antwort geht der Platz an die nächste Person, und die "
        "Anmeldung endet."
    ) % {
        "within": in_words(waiting.OFFER_WITHIN),
        "lasts": in_words(waiting.OFFER_LASTS),
        "before": in_words(waiting.OFFER_ENDS_BEFORE),
        "least": in_words(waiting.OFFER_AT_LEAST),
    }


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
