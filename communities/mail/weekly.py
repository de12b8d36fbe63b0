"""The weekly letter for members who want the groups' mails once a week, all groups in one."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from communities.mail import from_coordinators, unsubscribing
from communities.models import DigestItem, MailWish, MembershipState
from mailing import outbox
from mailing.models import EmailKind

# One address must end them all, and mail servers take no endless one (RFC 5322: 998 characters a line).
GROUPS_PER_LETTER = 40


def send_digests(*, now: datetime) -> int:
    """Store a letter for everybody for whom messages wait; return how many letters.

    The letter and the end of the waiting are one transaction, so running again, or several at once,
    brings no one the same message twice. Anyone who has left meanwhile, or ended the mails, gets none.
    """
    with transaction.atomic():
        items = list(
            DigestItem.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("membership__user", "message__community__parent")
            .prefetch_related("message__files")
            .annotate(address=Lower("membership__email"))
            .order_by("address", "message__sent_at", "message__pk")
        )
        letters = [
            _letter(part, now)
            for _address, waiting in groupby(items, key=lambda item: item.address)
            for part in _parts([item for item in waiting if _still_wanted(item)])
        ]
        new = outbox.enqueue_many(letters)
        DigestItem.objects.filter(pk__in=[item.pk for item in items]).delete()
    return new


def _parts(wanted: list[DigestItem]) -> Iterator[list[DigestItem]]:
    """One letter's worth at a time; hardly anybody is in more groups than one letter can name."""
    groups = sorted({item.membership_id for item in wanted})
    for start in range(0, len(groups), GROUPS_PER_LETTER):
        named = set(groups[start : start + GROUPS_PER_LETTER])
        yield [item for item in wanted if item.membership_id in named]


def _letter(wanted: list[DigestItem], now: datetime) -> outbox.Letter:
    memberships = {item.membership.pk: item.membership for item in wanted}
    # A message to an AEG and its topic groups reaches a person by one membership only.
    messages = list({item.message_id: item.message for item in wanted}.values())
    return outbox.Letter(
        # By what it contains: the same week may bring a second letter after a break-down.
        key=f"group-digest:{min(memberships)}:{max(message.pk for message in messages)}",
        to=wanted[0].membership.email,
        template="communities/email/digest",
        context={
            "membership": wanted[0].membership,
            "messages": messages,
            "with_files": [
                (message, from_coordinators.links_to_files(message)) for message in messages
            ],
            "week": timezone.localdate(now).isocalendar().week,
            "site": settings.SITE_URL,
        },
        reply_to=settings.OPERATOR["email"],
        kind=EmailKind.BULK,
        unsubscribe_url=unsubscribing.address(sorted(memberships)),
        due_at=now,
    )


def _still_wanted(item: DigestItem) -> bool:
    membership = item.membership
    return (
        membership.state == MembershipState.ACTIVE
        and membership.mail_wish != MailWish.NONE
        and item.message.community.is_active
        and (membership.user is None or membership.user.is_active)
    )
