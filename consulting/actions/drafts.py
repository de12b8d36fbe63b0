"""A form that is begun now and finished later."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from consulting import emails, limits
from consulting.models import Draft


def save_draft(pk: UUID, *, data: dict[str, Any], now: datetime) -> Draft:
    """Keep what was typed, checked or not. The same key again overwrites it.

    The key becomes the form token of the request, so a draft is sent once, however often it is
    opened and in however many windows.
    """
    draft, _created = Draft.objects.update_or_create(
        pk=pk,
        defaults={"data": data, "changed_at": now},
        create_defaults={"data": data, "created_at": now, "changed_at": now},
    )
    return draft


def send_draft_link(draft: Draft, *, email: str, ip: str = "", now: datetime) -> Draft:
    """Send the link to go on with a draft, once an hour at most; asking again meanwhile does nothing.

    Raises `limits.TooMany` for an address or a network from which too much comes.
    """
    sender = limits.Sender(email, None, ip)
    limits.check_draft(sender, now=now)
    with transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(email=email, changed_at=now)
        draft.email, draft.changed_at = email, now
        limits.record(sender, now=now)
        emails.send_draft_link(draft, now=now)
    return draft
