"""Links in e-mails about subscriptions: signed, each for one purpose.

The one that confirms lasts for some days. Those that show and end what a mailbox has subscribed work as
long as there is something to see or to end: an old e-mail is as good as a new one then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground import signed_links
from ground.signed_links import Outcome, SignedLinks, confirm_until, seconds
from subscribing.models import Subscriber, Subscription


class Purpose(StrEnum):
    """What a link is for; the value is the word in its address."""

    CONFIRM = "bestaetigen"
    SEE = "ansehen"
    END = "beenden"


class Opened(signed_links.Opened):
    headings = {
        (Purpose.SEE, Outcome.USED): _("Alles beendet"),
        (Purpose.END, Outcome.USED): _("Alles beendet"),
    }
    explanations = {
        (Purpose.CONFIRM, Outcome.USED): _(
            "Sie haben dieses Abonnement schon bestätigt. Es ist alles erledigt."
        ),
        (Purpose.CONFIRM, Outcome.EXPIRED): _(
            "Dieser Link ist abgelaufen, oder das Abonnement ist schon beendet. Sie können die Liste "
            "jederzeit neu abonnieren."
        ),
        (None, Outcome.USED): _(
            "Zu dieser E-Mail gibt es kein Abonnement mehr. Alles ist beendet, Ihre Adresse ist gelöscht."
        ),
    }

    @property
    def way_on(self) -> tuple[str, str]:
        if self.outcome is Outcome.USED and self.purpose is Purpose.CONFIRM:
            return _("Ihre Abonnements"), see_path(self.row.subscriber_id)
        return _("Zu den Lösungen"), reverse("projects:solutions")


def _of_confirming(subscription: Subscription, _purpose: Any, until: int, now: datetime) -> Outcome:
    return signed_links.of_confirming(subscription, until, now)


def _of_mailbox(*_anything: Any) -> Outcome:
    return Outcome.VALID


def _subscriptions() -> QuerySet[Subscription]:
    return Subscription.objects.with_everything()


def _subscribers() -> QuerySet[Subscriber]:
    return Subscriber.objects.all()


_confirming = SignedLinks("subscribing", "/abonnements", Opened, _subscriptions, _of_confirming)
_mailbox = SignedLinks("subscribing", "/abonnements", Opened, _subscribers, _of_mailbox)
path = _mailbox.path


def open_token(token: str, purpose: Purpose, *, now: datetime) -> Opened:
    """Tell what a token is worth, without changing anything."""
    if purpose is Purpose.CONFIRM:
        return _confirming.open(token, purpose, now=now)
    opened = _mailbox.open(token, purpose, now=now)
    # A mailbox is forgotten with its last subscription: that is what such a link is for.
    gone = opened.outcome is Outcome.EXPIRED
    return Opened(purpose, Outcome.USED) if gone else opened


def confirm_address(subscription: Subscription, *, now: datetime) -> str:
    values = [subscription.pk, seconds(confirm_until(now))]
    token = _confirming.sign(values, Purpose.CONFIRM)
    return _confirming.address(Purpose.CONFIRM, token)


def address(subscriber: int, purpose: Purpose) -> str:
    """The whole address of the page on which this mailbox sees, or ends, what it has subscribed."""
    return _mailbox.address(purpose, _mailbox.sign([subscriber], purpose))


def end_address(subscriber: int, memberships: Sequence[int]) -> str:
    """The same for an e-mail that also tells of groups: it ends all of which the e-mail tells."""
    return _mailbox.address(Purpose.END, _mailbox.sign([subscriber, *memberships], Purpose.END))


@dataclass(frozen=True)
class Ending(Opened):
    """What a link that ends e-mails is about. The subscriber may be gone while groups still write."""

    subscriber: int = 0
    memberships: Sequence[int] = ()

    @property
    def explanation(self) -> str:
        if self.outcome is Outcome.USED and self.memberships:
            return _(
                "Ihre Abonnements und die Rundmails dieser Gruppen sind beendet. Mitglied sind Sie "
                "weiterhin."
            )
        return super().explanation


def open_end(token: str, *, now: datetime) -> Ending:
    opened = open_token(token, Purpose.END, now=now)
    if opened.outcome is Outcome.WRONG:
        return Ending(opened.purpose, opened.outcome)
    subscriber, *memberships = signed_links.unsign(token, "subscribing", Purpose.END)
    return Ending(opened.purpose, opened.outcome, opened.row, subscriber, memberships)


def memberships_of(end_address: str) -> Sequence[int]:
    """The memberships whose mails this address ends; one that `end_address` has made."""
    token = end_address.rstrip("/").rpartition("/")[2]
    _subscriber, *memberships = signed_links.unsign(token, "subscribing", Purpose.END)
    return memberships


def see_path(subscriber: int) -> str:
    """The same within the portal, for who has just used another link."""
    return path(Purpose.SEE, _mailbox.sign([subscriber], Purpose.SEE))
