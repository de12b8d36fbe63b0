"""Taking up an archived topic group again, by a link."""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities import actions, undo_links
from communities.models import Community
from communities.undo_links import Purpose
from ground.link_pages import LinkPages
from ground.private import private

_pages = LinkPages(
    open_token=undo_links.open_token,
    template="communities/link_{}.html",
    context=lambda group: {"community": group},
    after=lambda group, _now: group,
)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def take_up(request: HttpRequest, token: str) -> HttpResponse:
    def act(group: Community, _form: forms.Form, now: datetime) -> tuple[Community, str]:
        return actions.reactivate(group, now=now), _("Die Gruppe arbeitet wieder.")

    return _pages.answer(request, token, Purpose.TAKE_UP, act)
