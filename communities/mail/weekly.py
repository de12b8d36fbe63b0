"""What of the groups' mails waits for the weekly letter, by mailbox, all groups in one.

A mailbox gets one letter a week for everything that it wants, so an app above plans the letters. Here
is said what of the groups belongs into them, and how one reads that tells of nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings

from communities.mail import from_coordinators, unsubscribing
from communities.models import DigestItem, GroupMessage, MailWish, Membership, MembershipState
from ground.mailbox import Mailbox, mailbox_key
from mailing.rendering import Pattern, place

# One address must end them all, and mail servers take no endless one (RFC 5322: 998 characters a line).
GROUPS_PER_LETTER = 40


@dataclass(frozen=True)
class Part:
    """One letter's worth for one mailbox; hardly anybody is in more groups than one letter can name."""

    memberships: Sequence[Membership]
    messages: Sequence[GroupMessage]

    @property
    def key(self) -> str:
        """Of a letter that tells only this. By what it contains: very many groups take two letters."""
        return f"group-digest:{self.numbers[0]}:{max(self.told)}"

    @property
    def to(self) -> str:
        return self.memberships[0].email

    @property
    def name(self) -> str:
        """To greet by; "" where several people share the mailbox."""
        names = {one.name for one in self.memberships}
        return names.pop() if len(names) == 1 else ""

    @property
    def told(self) -> tuple[int, ...]:
        return tuple(message.pk for message in self.messages)

    @property
    def numbers(self) -> list[int]:
        return sorted(one.pk for one in self.memberships)

    @property
    def unsubscribe_url(self) -> str:
        return unsubscribing.address(self.numbers)


def close(week: date) -> int:
    """From now on all that waits belongs to the letter of this week; what comes later, to the next."""
    return DigestItem.objects.filter(week=None).update(week=week)


def waiting(week: date, *, but_not: Collection[str], most: int) -> list[str]:
    """The first mailboxes for which something waits, of this week or left over from before."""
    items = DigestItem.objects.filter(week__lte=week).annotate(mailbox=Mailbox("membership__email"))
    found = items.exclude(mailbox__in=but_not).order_by("mailbox")
    return list(found.values_list("mailbox", flat=True).distinct()[:most])


def take(week: date, mailboxes: Collection[str]) -> dict[str, Part]:
    """What these mailboxes are told, by mailbox. It waits no more: store the letters in this transaction.

    There is nothing for who has left meanwhile, or ended the mails. What one letter cannot hold waits on.
    """
    items = _items(week, mailboxes)
    # Each read once, however many items there are of it.
    members = Membership.objects.select_related("user").in_bulk({one.member for one in items})
    written = GroupMessage.objects.select_related("community__parent").prefetch_related("files")
    messages = written.in_bulk({one.message for one in items})
    found, over = defaultdict(list), []
    for item in items:
        if _still_wanted(members[item.member], messages[item.message]):
            found[mailbox_key(members[item.member].email)].append(item)
        else:
            over.append(item.pk)
    for waiting in found.values():
        named = sorted({item.member for item in waiting})[:GROUPS_PER_LETTER]
        waiting[:] = [item for item in waiting if item.member in named]
        over += [item.pk for item in waiting]
    DigestItem.objects.filter(pk__in=over).delete()
    return {mailbox: _part(told, members, messages) for mailbox, told in found.items()}


def pattern(messages: Sequence[GroupMessage]) -> Pattern:
    """The letter that tells only of these; the `name` is a place in it, " " before it."""
    context = {"name": place("name"), **about(messages)}
    return Pattern("communities/email/digest", context)


def about(messages: Sequence[GroupMessage]) -> dict[str, object]:
    """What the templates need to tell of them."""
    with_files = [(one, from_coordinators.links_to_files(one)) for one in messages]
    return {"messages": messages, "with_files": with_files, "site": settings.SITE_URL}


class _Item(NamedTuple):
    pk: int
    member: int
    message: int


def _items(week: date, mailboxes: Collection[str]) -> list[_Item]:
    rows = (
        DigestItem.objects.select_for_update(of=("self",))
        .alias(mailbox=Mailbox("membership__email"))
        .filter(week__lte=week, mailbox__in=mailboxes)
        .order_by("message__sent_at", "message__pk", "membership")
    )
    return [_Item(*row) for row in rows.values_list("pk", "membership", "message")]


def _part(
    items: list[_Item], members: Mapping[int, Membership], messages: Mapping[int, GroupMessage]
) -> Part:
    # A message to an AEG and its topic groups reaches a mailbox once, by whichever membership.
    return Part(
        [members[pk] for pk in sorted({item.member for item in items})],
        [messages[pk] for pk in dict.fromkeys(item.message for item in items)],
    )


def _still_wanted(member: Membership, message: GroupMessage) -> bool:
    return (
        member.state == MembershipState.ACTIVE
        and member.mail_wish != MailWish.NONE
        and message.community.is_active
        and (member.user is None or member.user.is_active)
    )
