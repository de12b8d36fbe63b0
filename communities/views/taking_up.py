"""Taking up an archived topic group again, by a link."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _

from communities import actions, undo_links
from communities.models import Community
from communities.undo_links import Purpose
from ground.link_pages import LinkPages

_pages = LinkPages(
    open_token=undo_links.open_token,
    template="communities/link_{}.html",
    context=lambda group: {"community": group},
    after=lambda group, _now: group,
)


@_pages.page(Purpose.TAKE_UP)
def take_up(group: Community, _form: forms.Form, now: datetime) -> tuple[Community, str]:
    return actions.reactivate(group, now=now), _("Die Gruppe arbeitet wieder.")
