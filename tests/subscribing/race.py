"""What several real processes do with one subscription at the same moment; see `tests.consulting.rivals`."""

from datetime import datetime


def act(what: str, subscription: int, subscriber: int, now: datetime) -> str:
    """One step by a link that all have in hand; what became of it."""
    from ground.refusals import NotPossible, Overtaken  # noqa: PLC0415 -- Django is set up here
    from subscribing import actions  # noqa: PLC0415 -- the same
    from subscribing.models import Subscription  # noqa: PLC0415 -- the same

    if what == "end":
        return what if actions.end(subscriber, [subscription]) else "too late"
    if what == "end all":
        return what if actions.end_all(subscriber) else "too late"
    read = Subscription(pk=subscription, subscriber_id=subscriber)
    read = Subscription.objects.with_everything().filter(pk=subscription).first() or read
    try:
        actions.confirm(read, now=now)
    except (Overtaken, NotPossible):
        return "too late"
    return what


def subscribe(query: str, address: str, now: datetime) -> int:
    """The same form as others send; which subscription it became."""
    from subscribing import actions  # noqa: PLC0415 -- Django is set up here
    from subscribing.lists import LISTS  # noqa: PLC0415 -- the same

    asked = LISTS["loesungen"].asked(query, None, now)
    return actions.subscribe(actions.Wish(list=asked), address, now=now).pk
