"""Links in e-mails about a statement of reuse: signed, each for one purpose.

The one that confirms dies with the next change. The others work as long as there is something to
change or to take back: an old e-mail is as good as a new one then.
"""

from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground import signed_links
from ground.signed_links import Outcome, SignedLinks, confirm_until, seconds
from projects.models import CHANGEABLE, LIVE, ReuseStatement, StatementState


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    CHANGE = "aendern"
    WITHDRAW = "zurueckziehen"
    STILL_TRUE = "stimmt-noch"


_EXPLANATIONS = {
    (Purpose.CONFIRM, Outcome.USED): _(
        "Sie haben Ihre Angabe schon bestätigt. In der E-Mail, die Sie danach bekommen haben, steht, "
        "wie es weitergeht."
    ),
    (Purpose.CONFIRM, Outcome.SUPERSEDED): _(
        "Seit dieser E-Mail hat sich Ihre Angabe geändert. Bitte benutzen Sie den Link aus der "
        "neuesten E-Mail, die Sie dazu bekommen haben."
    ),
    (Purpose.CONFIRM, Outcome.EXPIRED): _(
        "Dieser Link ist abgelaufen. Ihre Angabe haben wir gelöscht oder löschen sie heute Nacht. "
        "Sie können sie jederzeit neu machen."
    ),
    (Purpose.CHANGE, Outcome.SUPERSEDED): _(
        "Ihre Angabe hat sich inzwischen geändert, vielleicht durch eben diese Änderung. Öffnen Sie "
        "den Link noch einmal: Dann sehen Sie den jetzigen Stand."
    ),
    (Purpose.WITHDRAW, Outcome.USED): _("Sie haben Ihre Angabe schon zurückgezogen."),
    (Purpose.WITHDRAW, Outcome.SUPERSEDED): _(
        "Ihre Angabe hat sich eben geändert und ist noch nicht zurückgezogen. Öffnen Sie den Link noch "
        "einmal: Dann sehen Sie den jetzigen Stand."
    ),
    (Purpose.STILL_TRUE, Outcome.USED): _(
        "Sie haben schon bestätigt, dass Ihre Angabe noch stimmt. Es ist alles erledigt."
    ),
    (Purpose.STILL_TRUE, Outcome.SUPERSEDED): _(
        "Seit dieser E-Mail hat sich Ihre Angabe geändert. Zu bestätigen ist nichts mehr."
    ),
    (None, Outcome.EXPIRED): _(
        "Diese Angabe gibt es nicht mehr: Sie ist zurückgezogen, abgelehnt oder gelöscht."
    ),
}


class Opened(signed_links.Opened):
    explanations = _EXPLANATIONS

    @property
    def way_on(self) -> tuple[str, str]:
        if self.row and self.row.solution.project.is_public:
            return _("Zur Lösung"), self.row.solution.get_absolute_url()
        return _("Zu den Lösungen"), reverse("projects:solutions")


def _outcome(
    statement: ReuseStatement, purpose: Purpose, stamp: int, until: int, now: datetime
) -> Outcome:
    if statement.anonymised_at:
        return Outcome.EXPIRED
    state = statement.state
    match purpose:
        case Purpose.CONFIRM:
            return _of_confirming(statement, stamp, until, now)
        case Purpose.WITHDRAW if state == StatementState.WITHDRAWN:
            return Outcome.USED
        case Purpose.WITHDRAW:
            return Outcome.VALID if state in LIVE else Outcome.EXPIRED
        case Purpose.CHANGE:
            return Outcome.VALID if state in CHANGEABLE else Outcome.EXPIRED
        case Purpose.STILL_TRUE:
            return _of_saying_so_again(statement, stamp)


def _of_confirming(statement: ReuseStatement, stamp: int, until: int, now: datetime) -> Outcome:
    waits = statement.state == StatementState.UNCONFIRMED
    if waits and stamp != statement.version:
        return Outcome.SUPERSEDED
    return signed_links.of_confirming(statement, until, now, waits=waits)


def _of_saying_so_again(statement: ReuseStatement, stamp: int) -> Outcome:
    if statement.state not in CHANGEABLE:
        return Outcome.EXPIRED
    asked, said = statement.asked_at, statement.confirmed_at
    if asked is None or seconds(asked) != stamp:
        return Outcome.USED
    if said is not None and said >= asked:
        return Outcome.USED
    return Outcome.VALID if statement.state == StatementState.PUBLISHED else Outcome.SUPERSEDED


def _rows() -> QuerySet[ReuseStatement]:
    return ReuseStatement.objects.with_everything()


_links = SignedLinks("projects.reuse", "/nachnutzung", Opened, _rows, _outcome)
open_token, path, address = _links.open, _links.path, _links.address


def token_for(statement: ReuseStatement, purpose: Purpose, *, now: datetime) -> str:
    """A token for one purpose. Never stored, never logged."""
    stamp, until = 0, 0
    if purpose is Purpose.CONFIRM:
        stamp, until = statement.version, seconds(confirm_until(now))
    if purpose is Purpose.STILL_TRUE and statement.asked_at:
        stamp = seconds(statement.asked_at)
    return _links.sign([statement.pk, stamp, until], purpose)
