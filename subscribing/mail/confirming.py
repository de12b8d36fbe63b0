"""The e-mails about a subscription itself.

Until its address is proved, nothing that was typed stands in them: anyone can send the form. Filters are
named in the portal's own words; search words only once they are the reader's.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _t

from finding.versions import current
from ground.clock import deadline
from ground.signed_links import confirm_until
from mailing import outbox
from subscribing import links, news
from subscribing.links import Purpose
from subscribing.lists import LISTS
from subscribing.models import Subscription


def ask_to_confirm(subscription: Subscription, *, now: datetime) -> None:
    """One for each form that was sent; how many these may be says the guard."""
    context = _about(subscription, now, is_proved=False) | {
        "confirm_url": links.confirm_address(subscription, now=now),
        "confirm_until": deadline(confirm_until(now)),
    }
    _write(subscription, "confirm", f"confirm:{now:%Y%m%d%H%M%S%f}", context, now)


def tell_confirmed(subscription: Subscription, *, now: datetime) -> None:
    """What was subscribed, when the first e-mail can come, and where to end it; once."""
    context = _about(subscription, now, is_proved=True) | _see(subscription)
    context["first_on"] = news.week_of(now) + timedelta(weeks=1)
    _write(subscription, "confirmed", "confirmed", context, now)


def tell_again(subscription: Subscription, *, now: datetime) -> None:
    """Answer a form that changes nothing, once an hour at most."""
    context = _about(subscription, now, is_proved=True) | _see(subscription)
    _write(subscription, "known", f"known:{now:%Y%m%d%H}", context, now)


def prefix(subscription: Subscription) -> str:
    """How the keys of all e-mails about it begin."""
    return f"subscription:{subscription.pk}:"


def _see(subscription: Subscription) -> dict:
    return {"see_url": links.address(subscription.subscriber_id, Purpose.SEE)}


def _about(subscription: Subscription, now: datetime, *, is_proved: bool) -> dict:
    """With the filters of a list in words, one to a line."""
    about = {"subscription": subscription, "event": subscription.event, "now": now}
    if (watched := subscription.list) is None:
        return about
    listing = LISTS[watched.name].described(watched.query, current(), now)
    if is_proved or not listing.selection.q:
        return about | {"list": watched, "filters": [one.label for one in listing.active_filters]}
    chosen = replace(listing, selection=listing.selection.searching("")).active_filters
    filters = [
        _t("Suchwörter: sie stehen auf der Seite, auf der Sie bestätigen"),
        *(one.label for one in chosen),
    ]
    return about | {"list": watched, "filters": filters}


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
