"""The minutes of a workshop, for those whom they are shared with."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.models import Membership
from events.hosting import hosts
from events.models import Event, Minutes, MinutesState
from ground.private import private


@require_safe
@private
def minutes(request: HttpRequest, slug: str) -> HttpResponse:
    """Public ones for everybody, approved ones for members, drafts for those who write them.

    404 for everybody else: whether there are any is the group's business.
    """
    event = get_object_or_404(
        Event.objects.public().select_related("community", "minutes"), slug=slug
    )
    found = getattr(event, "minutes", None)
    if found is None or not _may_read(request, event, found):
        raise Http404
    context = {
        "event": event,
        "minutes": found,
        "breadcrumb": [
            (_("Veranstaltungen"), reverse("events:list")),
            (event.title, event.get_absolute_url()),
            (_("Protokoll"), None),
        ],
    }
    return render(request, "events/minutes.html", context)


def _may_read(request: HttpRequest, event: Event, found: Minutes) -> bool:
    if found.state == MinutesState.PUBLIC:
        return True
    if found.state == MinutesState.APPROVED and event.community_id is not None:
        own = Membership.objects.active().of_user(request.user)
        if own.filter(community=event.community_id).exists():
            return True
    return hosts(request.user, event)
