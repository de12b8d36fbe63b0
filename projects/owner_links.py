"""The link with which the owners of sheets say that they still hold, without signing in.

It works until they are asked again, half a year at most, and can do nothing else.
"""

from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground import signed_links
from ground.signed_links import Outcome, SignedLinks
from projects.freshness import DUE_AFTER, sheets_due
from projects.models import OwnerAsk


class Purpose(StrEnum):
    STILL_TRUE = "stimmt-noch"


class Opened(signed_links.Opened):
    headings = {(None, Outcome.USED): _("Alles geprüft")}
    explanations = {
        (None, Outcome.USED): _("Alle Ihre Einträge sind geprüft. Es ist nichts zu tun."),
        (None, Outcome.SUPERSEDED): _(
            "Wir haben Ihnen inzwischen neu geschrieben. Bitte benutzen Sie den Link aus der neuesten "
            "E-Mail."
        ),
        (None, Outcome.EXPIRED): _(
            "Dieser Link ist abgelaufen. In der Verwaltung können Sie Ihre Einträge weiter ändern."
        ),
    }

    @property
    def way_on(self) -> tuple[str, str]:
        if self.outcome is Outcome.WRONG:
            return _("Zu den Lösungen"), reverse("projects:solutions")
        return _("Zur Verwaltung"), reverse("admin:index")


def _outcome(asked: OwnerAsk, _purpose: Purpose, stamp: str, now: datetime) -> Outcome:
    if stamp != signed_links.stamp(asked.asked_at):
        return Outcome.SUPERSEDED
    if not asked.user.is_active or now >= asked.asked_at + DUE_AFTER:
        return Outcome.EXPIRED
    is_open = bool(sheets_due(asked.user, timezone.localdate(now)))
    return Outcome.VALID if is_open else Outcome.USED


def _rows() -> QuerySet[OwnerAsk]:
    return OwnerAsk.objects.select_related("user")


_links = SignedLinks("projects.owners", "/eintraege", Opened, _rows, _outcome)
open_token = _links.open


def path_for(asked: OwnerAsk) -> str:
    return _links.path(Purpose.STILL_TRUE, token_for(asked))


def address_for(asked: OwnerAsk) -> str:
    return _links.address(Purpose.STILL_TRUE, token_for(asked))


def token_for(asked: OwnerAsk) -> str:
    """Never stored, never logged."""
    return _links.sign([asked.pk, signed_links.stamp(asked.asked_at)], Purpose.STILL_TRUE)
