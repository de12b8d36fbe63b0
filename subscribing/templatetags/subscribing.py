from django import template
from django.utils import timezone

from events.models import Event
from finding.listing import Listing
from subscribing.lists import Asked, shown
from subscribing.mail.opening import can_be_awaited

register = template.Library()


@register.simple_tag
def to_subscribe(listing: Listing) -> Asked | None:
    """The list as it is shown, for who wants to be told of it; None where nobody can."""
    return shown(listing)


@register.filter
def may_open(event: Event) -> bool:
    """Whether one can ask to be told when people can register for it."""
    return can_be_awaited(event, now=timezone.now())
