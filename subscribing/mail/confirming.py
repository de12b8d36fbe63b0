"""The e-mails about a subscription itself. Nothing that was typed stands in them: anyone can send the form."""

from datetime import datetime

from django.conf import settings

from ground.clock import in_words
from mailing import outbox
from subscribing import links
from subscribing.links import CONFIRM_LASTS, Purpose
from subscribing.models import Subscription


def ask_to_confirm(subscription: Subscription, *, now: datetime) -> None:
    """One for each form that was sent; how many these may be says the guard."""
    context = _about(subscription) | {
        "confirm_url": links.confirm_address(subscription, now=now),
        "lasts": in_words(CONFIRM_LASTS),
    }
    _write(subscription, "confirm", f"confirm:{now:%Y%m%d%H%M%S%f}", context, now)


def tell_again(subscription: Subscription, *, now: datetime) -> None:
    """Answer a form that changes nothing, once an hour at most."""
    context = _about(subscription) | {
        "see_url": links.address(subscription.subscriber_id, Purpose.SEE)
    }
    _write(subscription, "known", f"known:{now:%Y%m%d%H}", context, now)


def prefix(subscription: Subscription) -> str:
    """How the keys of all e-mails about it begin."""
    return f"subscription:{subscription.pk}:"


def _about(subscription: Subscription) -> dict:
    return {"subscription": subscription, "list": subscription.list, "event": subscription.event}


def _write(subscription: Subscription, name: str, what: str, context: dict, now: datetime) -> None:
    outbox.enqueue_many(
        [
            outbox.Letter(
                key=f"{prefix(subscription)}{what}",
                to=subscription.subscriber.email,
                template=f"subscribing/email/{name}",
                context=context,
                reply_to=settings.OPERATOR["email"],
                due_at=now,
            )
        ]
    )
