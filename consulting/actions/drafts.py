"""A form that is begun now and finished later."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.guard import DAY, HOUR, Guard, Limit, Sender, tallied, tally
from consulting.mail import consultations
from consulting.models import Draft
from ground.refusals import Overtaken


def _links_today(sender: Sender, now: datetime) -> int:
    return tallied(_links(sender), every=DAY, now=now)


def _links(sender: Sender) -> str:
    return f"draft-links:{sender.mailbox}"


# The link is an e-mail to an address not yet proved.
LINK_GUARD = Guard(
    "consulting",
    (
        Limit(
            5,
            _links_today,
            _(
                "An diese E-Mail-Adresse haben wir heute schon mehrere Links geschickt. Bitte sehen "
                "Sie in Ihrem Postfach nach, auch im Ordner für unerwünschte E-Mails."
            ),
        ),
    ),
)


def change_draft(
    pk: UUID,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    read: dict[str, Any],
    now: datetime,
) -> Draft:
    """Keep what was typed, checked or not; return the draft as it is now.

    A draft that its link has taken elsewhere stays there: this goes on under a new key then.

    `change` gets what is stored at this instant and returns what becomes of it, so two windows lose
    nothing of each other; `read` is what it gets where nothing is stored (any more).

    The key becomes the form token of the request, so a draft is sent once, however often it is
    opened and in however many windows.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=pk).first()
        if draft is None:
            was_taken = Draft.objects.filter(continues=pk).exists()
            draft = Draft(pk=uuid4() if was_taken else pk, data=read, created_at=now)
        draft.data, draft.changed_at = change(draft.data), now
        draft.save(update_fields=None if draft._state.adding else ["data", "changed_at"])
    return draft


def take_draft(draft: Draft) -> Draft:
    """Move a draft to a key that no one else knows, and return it there; the old one opens nothing.

    The session that began it may be another person's: it must not read what is typed from now on.
    Raises `Overtaken` if it was moved, sent or removed meanwhile.
    """
    with transaction.atomic():
        old = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        if old is None:
            raise Overtaken(draft)
        old.delete()
        return Draft.objects.create(
            data=old.data,
            email=old.email,
            continues=draft.pk,
            created_at=old.created_at,
            changed_at=old.changed_at,
        )


def send_draft_link(draft: Draft, *, email: str, ip: str = "", now: datetime) -> Draft:
    """Send the link to go on with a draft, once an hour at most; asking again meanwhile does nothing.

    Raises `TooMany` for an address or a network from which too much comes.
    """
    with transaction.atomic():
        sender = Sender(email, ip)
        LINK_GUARD.admit(sender, now=now)
        if tally(f"draft-link:{draft.pk}:{sender.mailbox}", every=HOUR, now=now) == 1:
            tally(_links(sender), every=DAY, now=now)
        Draft.objects.filter(pk=draft.pk).update(email=email, changed_at=now)
        draft.email, draft.changed_at = email, now
        consultations.send_draft_link(draft, now=now)
    return draft
