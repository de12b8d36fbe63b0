"""What the page of one's account says of subscriptions."""

from collections.abc import Mapping
from typing import Any

from subscribing import links, own_data


def facts(page: Mapping[str, Any]) -> dict[str, Any]:
    """Two queries. One for each mailbox of the account, whose page also ends them."""
    subscribers = own_data.subscribers_of(page["person"]).prefetch_related("subscriptions")
    found = []
    for row in subscribers.order_by("pk"):
        count = sum(one.confirmed_at is not None for one in row.subscriptions.all())
        if count:
            found.append((row.email, count, links.see_path(row.pk)))
    return {"mailboxes": found}
