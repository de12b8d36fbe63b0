"""Subscribing, confirming, ending. What is ended is deleted at once, and with the last one the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.guard import Guard, Sender
from communities.mail import unsubscribing
from events.models import Event
from ground.contention import again_after_deadlock
from ground.mailbox import mailbox_key
from ground.refusals import NotPossible, Overtaken
from mailing import outbox
from subscribing.lists import Asked
from subscribing.mail import confirming, weekly
from subscribing.models import ListName, Subscriber, Subscription, WatchedList

# More than anybody reads, and few enough for one e-mail.
MOST = 50


GUARD = Guard(
    "subscribing",
    full_mailbox=_(
        "Mit dieser E-Mail-Adresse wurde heute schon vieles abonniert. Bitte versuchen Sie es "
        "morgen noch einmal, oder schreiben Sie uns eine E-Mail."
    ),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be told: a list as it was chosen, or that the registration of an event opens."""

    list: Asked | None = None
    event: Event | None = None


@again_after_deadlock
def subscribe(wish: Wish, email: str, *, now: datetime, ip: str = "") -> Subscription:
    """Store a subscription that counts once its address is confirmed.

    Of one that is confirmed already only the mailbox learns. The caller must not show the difference.
    Raises `TooMany`.
    """
    with transaction.atomic():
        # Holds the mailbox, so that of two forms at once the second finds what the first has stored.
        GUARD.admit(Sender(email, ip), now=now)
        subscription, is_new = Subscription.objects.get_or_create(
            subscriber=_subscriber(email, now),
            list=_watched(wish.list, now) if wish.list else None,
            event=wish.event,
            defaults={"asked_at": now},
        )
        if subscription.confirmed_at:
            confirming.tell_again(subscription, now=now)
            return subscription
        if not is_new:
            Subscription.objects.filter(pk=subscription.pk).update(asked_at=now)
        confirming.ask_to_confirm(subscription, now=now)
        return subscription


def _subscriber(email: str, now: datetime) -> Subscriber:
    """Of this mailbox. The spelling that was typed last counts until one is proved."""
    found, is_new = Subscriber.objects.get_or_create(
        mailbox=mailbox_key(email), defaults={"email": email, "created_at": now}
    )
    if not is_new and found.email != email and not found.subscriptions.confirmed().exists():
        found.email = email
        found.save(update_fields=["email", "mailbox"])
    return found


def _watched(asked: Asked, now: datetime) -> WatchedList:
    """What it holds now is known to who subscribes it."""
    found, _is_new = WatchedList.objects.get_or_create(
        name=ListName(asked.of.name),
        query=asked.query,
        defaults={"seen": sorted(entry.pk for entry in asked.entries), "created_at": now},
    )
    return found


@again_after_deadlock
def confirm(subscription: Subscription, *, now: datetime) -> Subscription:
    """Prove the address, by the link in the e-mail. Raises `Overtaken`, `NotPossible`."""
    with transaction.atomic():
        subscriber = _hold(subscription.subscriber_id)
        if subscriber is None:
            raise Overtaken(subscription)
        if subscriber.subscriptions.confirmed().count() >= MOST:
            raise NotPossible(
                _t(
                    "Sie haben schon %d Listen abonniert. Bitte beenden Sie erst ein anderes "
                    "Abonnement; den Link dazu finden Sie in jeder unserer E-Mails."
                )
                % MOST
            )
        rows = Subscription.objects.filter(pk=subscription.pk, confirmed_at=None)
        if not rows.update(confirmed_at=now):
            raise Overtaken(subscription)
        subscription.confirmed_at = now
        confirming.tell_confirmed(subscription, now=now)
    return subscription


@again_after_deadlock
def end(subscriber: int, subscriptions: Sequence[int]) -> int:
    """End these of a mailbox; return how many there were. Doing it again is harmless."""
    with transaction.atomic():
        if (held := _hold(subscriber)) is None:
            return 0
        return _end(held, held.subscriptions.filter(pk__in=subscriptions))


@again_after_deadlock
def end_all(subscriber: int) -> int:
    """End everything of a mailbox and forget it; return how many there were."""
    with transaction.atomic():
        if (held := _hold(subscriber)) is None:
            return 0
        # What is stored and not yet begun to send is not wanted any more.
        outbox.withdraw(weekly.prefix(subscriber))
        return _end(held, held.subscriptions.all())


@again_after_deadlock
def end_letters(subscriber: int, memberships: Sequence[int]) -> None:
    """End all that a weekly e-mail tells of: every subscription, and the mails of these memberships.

    The e-mail may be an old one: what a newer one tells of other groups still goes out.
    """
    with transaction.atomic():
        _hold(subscriber)
        weekly.withdraw_with_groups(subscriber, ended=memberships)
        end_all(subscriber)
        unsubscribing.unsubscribe(weekly.wanting_mails(memberships))


def _end(held: Subscriber, ended: QuerySet[Subscription]) -> int:
    rows = list(ended)
    for row in rows:
        # That it is confirmed, for instance, where that has not been sent yet.
        outbox.withdraw(confirming.prefix(row))
    ended.delete()
    if not held.subscriptions.exists():
        held.delete()
    return len(rows)


def _hold(subscriber: int) -> Subscriber | None:
    """One after the other: what is confirmed while all is ended is either ended too, or too late."""
    return Subscriber.objects.select_for_update().filter(pk=subscriber).first()
