"""Links in e-mails about a membership: signed, for one purpose, dead with the next change.

A link carries the version of the membership at which it was written. Every step raises the version,
and all older links die by themselves. Opening one changes nothing, so that a mail scanner may follow
it; what it is for happens by POST on the page that it shows.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import HistoryEntry, HistoryKind, Membership, MembershipState
from ground import signed_links
from ground.signed_links import Outcome, SignedLinks, confirm_until, is_over, seconds

INVITATION_LASTS = timedelta(days=30)


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    INVITATION = "einladung"
    WITHDRAW = "zurueckziehen"
    LEAVE = "austreten"


_EXPLANATIONS = {
    (Purpose.CONFIRM, Outcome.USED): _(
        "Sie haben Ihre Adresse schon bestätigt. Ihre Anfrage ist bei der Koordination der Gruppe."
    ),
    (Purpose.INVITATION, Outcome.USED): _("Sie haben auf diese Einladung schon geantwortet."),
    (Purpose.WITHDRAW, Outcome.USED): _("Sie haben Ihre Anfrage schon zurückgezogen."),
    (Purpose.LEAVE, Outcome.USED): _("Sie haben die Gruppe schon verlassen."),
    (None, Outcome.SUPERSEDED): _(
        "Seit dieser E-Mail hat sich an Ihrer Mitgliedschaft etwas geändert. Bitte benutzen Sie den "
        "Link aus der neuesten E-Mail, die Sie dazu bekommen haben."
    ),
    (Purpose.CONFIRM, Outcome.EXPIRED): _(
        "Dieser Link ist abgelaufen. Ihre Angaben haben wir gelöscht oder löschen sie heute Nacht. "
        "Sie können jederzeit neu anfragen."
    ),
    (Purpose.INVITATION, Outcome.EXPIRED): _(
        "Diese Einladung ist abgelaufen. Bitten Sie die Koordination der Gruppe um eine neue, oder "
        "fragen Sie auf der Seite der Gruppe selbst an."
    ),
}


class Opened(signed_links.Opened):
    explanations = _EXPLANATIONS

    @property
    def way_on(self) -> tuple[str, str]:
        if self.row:
            return _("Zur Gruppe"), self.row.community.get_absolute_url()
        return _("Zu den Gemeinschaften"), reverse("communities:list")

    @property
    def explanation(self) -> str:
        # What waited when the group was archived ended without an e-mail: no newer one says more.
        # Only who still is a member may still leave, by a newer link.
        if self.row and not self.row.community.is_active and not self._may_still_leave:
            return str(_("Diese Gruppe arbeitet nicht mehr. Sie müssen nichts weiter tun."))
        return super().explanation

    @property
    def _may_still_leave(self) -> bool:
        return self.purpose is Purpose.LEAVE and self.row.state == MembershipState.ACTIVE


# What using a link does, by which an old one tells "you have done that" from "things have changed".
_DONE_BY = {
    Purpose.CONFIRM: {HistoryKind.CONFIRMED},
    Purpose.INVITATION: {HistoryKind.ACCEPTED, HistoryKind.REFUSED},
    Purpose.WITHDRAW: {HistoryKind.WITHDRAWN},
    Purpose.LEAVE: {HistoryKind.LEFT},
}
_STATES = {
    Purpose.CONFIRM: MembershipState.REQUESTED,
    Purpose.INVITATION: MembershipState.INVITED,
    Purpose.WITHDRAW: MembershipState.REQUESTED,
    Purpose.LEAVE: MembershipState.ACTIVE,
}
# The others work as long as there is something to take back or to leave: an old mail is as good as
# a new one then.
_UNTIL = {Purpose.CONFIRM: confirm_until, Purpose.INVITATION: lambda now: now + INVITATION_LASTS}


def _outcome(
    membership: Membership, purpose: Purpose, version: int, until: int, now: datetime
) -> Outcome:
    if version != membership.version:
        return _why_dead(membership, purpose, version)
    if until and is_over(until, now):
        return Outcome.EXPIRED
    return Outcome.VALID if membership.state == _STATES[purpose] else Outcome.SUPERSEDED


def _why_dead(membership: Membership, purpose: Purpose, version: int) -> Outcome:
    if membership.anonymised_at:
        return Outcome.EXPIRED
    kinds = HistoryEntry.objects.filter(membership=membership, version=version + 1)
    kind = kinds.values_list("kind", flat=True).first()
    return Outcome.USED if kind in _DONE_BY[purpose] else Outcome.SUPERSEDED


def _rows() -> QuerySet[Membership]:
    return Membership.objects.select_related("community__parent", "project", "municipality")


_links = SignedLinks("communities", "/gemeinschaften", Opened, _rows, _outcome)
open_token, path, address = _links.open, _links.path, _links.address


def token_for(membership: Membership, purpose: Purpose, *, now: datetime) -> str:
    """A token for one purpose and this version of the membership. Never stored, never logged."""
    until_at = _UNTIL.get(purpose)
    until = seconds(until_at(now)) if until_at else 0
    return _links.sign([membership.pk, membership.version, until], purpose)
