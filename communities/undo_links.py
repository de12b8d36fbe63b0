"""The link with which those who could archive a topic group take it up again.

An archived group gives no rights, so its page in the administration is closed to them. The link goes to
nobody but them, and is dead once the group works again.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground import signed_links
from ground.signed_links import Outcome, SignedLinks

LASTS = timedelta(days=30)


class Purpose(StrEnum):
    TAKE_UP = "wieder-aufnehmen"


class Opened(signed_links.Opened):
    explanations = {
        (None, Outcome.USED): _("Diese Gruppe arbeitet wieder. Es ist nichts zu tun."),
        (None, Outcome.SUPERSEDED): _(
            "Diese Gruppe ist inzwischen noch einmal archiviert worden. Bitte benutzen Sie den Link aus "
            "der neuesten E-Mail."
        ),
        (None, Outcome.EXPIRED): _(
            "Dieser Link ist abgelaufen. Bitte schreiben Sie uns, wenn die Gruppe wieder arbeiten soll."
        ),
    }

    @property
    def way_on(self) -> tuple[str, str]:
        if self.row:
            return _("Zur Gruppe"), self.row.get_absolute_url()
        return _("Zu den Gemeinschaften"), reverse("communities:list")


def _outcome(group: Community, _purpose: Purpose, stamp: str, now: datetime) -> Outcome:
    if group.archived_at is None:
        return Outcome.USED if group.is_active else Outcome.EXPIRED
    if stamp != signed_links.stamp(group.archived_at):
        return Outcome.SUPERSEDED
    return Outcome.VALID if now < group.archived_at + LASTS else Outcome.EXPIRED


def _rows() -> QuerySet[Community]:
    return Community.objects.select_related("parent")


_links = SignedLinks("communities.undo", "/gemeinschaften", Opened, _rows, _outcome)
open_token = _links.open


def path_for(group: Community) -> str:
    """Of an archived topic group; a whole community is the network's business, and has none: "".

    Nor has a topic group that cannot be taken up before its community is. Reads the parent.
    """
    if not (group.parent_id and group.archived_at and group.parent.is_active):
        return ""
    return _links.path(Purpose.TAKE_UP, token_for(group))


def token_for(group: Community) -> str:
    return _links.sign([group.pk, signed_links.stamp(group.archived_at)], Purpose.TAKE_UP)
