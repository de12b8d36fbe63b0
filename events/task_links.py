"""The link in a reminder with which a task from the minutes is said to be done, without an account."""

from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import MembershipState
from events.models import RELEASED, MinutesTask
from ground import signed_links
from ground.signed_links import Outcome, SignedLinks


class Purpose(StrEnum):
    DONE = "erledigt"


class Opened(signed_links.Opened):
    explanations = {
        (None, Outcome.USED): _("Diese Aufgabe ist schon als erledigt vermerkt."),
        (None, Outcome.SUPERSEDED): _(
            "Seit dieser E-Mail hat sich an der Aufgabe etwas geändert. Bitte sehen Sie im Protokoll "
            "nach, wie sie jetzt lautet."
        ),
        (None, Outcome.EXPIRED): _(
            "Diese Aufgabe gibt es nicht mehr, oder es ist nicht mehr Ihre. Sie müssen nichts tun."
        ),
    }

    @property
    def way_on(self) -> tuple[str, str]:
        if self.row and self.outcome is not Outcome.EXPIRED:
            return _("Zum Protokoll"), self.row.minutes.get_absolute_url()
        return _("Zu den Veranstaltungen"), reverse("events:list")


def _outcome(task: MinutesTask, _purpose: Purpose, version: int, _now: datetime) -> Outcome:
    if task.member is None or task.member.state != MembershipState.ACTIVE:
        return Outcome.EXPIRED
    if task.done_at:
        return Outcome.USED
    if task.version != version or task.minutes.state not in RELEASED:
        return Outcome.SUPERSEDED
    return Outcome.VALID


def _rows() -> QuerySet[MinutesTask]:
    return MinutesTask.objects.select_related("member", "minutes__event__community__parent")


_links = SignedLinks("events.tasks", "/veranstaltungen/aufgabe", Opened, _rows, _outcome)
open_token = _links.open


def token_for(task: MinutesTask) -> str:
    """Of the task as it is now, for whoever owns it. Never stored, never logged."""
    return _links.sign([task.pk, task.version], Purpose.DONE)


def address(task: MinutesTask) -> str:
    """The whole address, for an e-mail."""
    return _links.address(Purpose.DONE, token_for(task))
