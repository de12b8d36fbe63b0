"""Mails of coordinators to the members of a group or topic group.

Every member gets an e-mail of their own, so no one learns an address. What is stored decides who has
got it: sending again after a crash stores nothing twice.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities.mail import unsubscribing
from communities.models import (
    Community,
    DigestItem,
    GroupMessage,
    MailWish,
    Membership,
    MessageState,
    Role,
)
from communities.scope import looked_after_by
from ground.contention import each_due
from ground.mailbox import Mailbox
from ground.refusals import NotPossible
from mailing import outbox
from mailing.models import EmailKind
from mailing.rendering import Pattern, Texts
from office.addresses import admin_page

NO_ANSWERS = _(
    "Für „%(group)s“ ist keine Adresse eingetragen, an die Antworten gehen können. Bitte tragen Sie sie "
    "bei der Gruppe ein, unter „E-Mail der Ansprechperson“. Es wurde nichts gesendet."
)
NOBODY = _(
    "Zurzeit bekommt diese Rundmail niemand. Bitte wählen Sie andere Rollen, oder laden Sie zuerst "
    "Menschen in die Gruppe ein. Es wurde nichts gesendet."
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many would get a message: by role, and how many of them want it weekly or not at all."""

    by_role: dict[str, int]
    weekly: int
    opted_out: int

    @property
    def total(self) -> int:
        return sum(self.by_role.values())


def recipients(message: GroupMessage) -> QuerySet[Membership]:
    """The memberships that get the message, one per mailbox, whatever their account."""
    # The membership in the AEG before those in its topic groups.
    return _wanting(message).order_by("mailbox", "community__level", "pk").distinct("mailbox")


def reaches_anybody(message: GroupMessage) -> bool:
    return _wanting(message).exists()


def count(message: GroupMessage) -> Count:
    """Who would get the message now; two queries."""
    wanted = list(recipients(message))
    everybody = _reached(message).values("mailbox").distinct().count()
    return Count(
        by_role=dict(Counter(membership.role for membership in wanted)),
        weekly=sum(membership.mail_wish == MailWish.WEEKLY for membership in wanted),
        opted_out=everybody - len(wanted),
    )


@transaction.atomic
def confirm(message: GroupMessage, *, send_at: datetime | None, now: datetime) -> None:
    """Let a draft go out, at once or at `send_at`. Confirming twice sends once.

    Raises `NotPossible` if it is no draft any more, the group is archived, answers would not reach
    those who coordinate it, or nobody would get it.
    """
    if not Community.objects.active().filter(pk=message.community_id).exists():
        raise NotPossible(_t("Die Gruppe ist archiviert. Es gehen keine Rundmails mehr hinaus."))
    if not message.community.answers_to:
        raise NotPossible(NO_ANSWERS % {"group": message.community.full_name})
    if not reaches_anybody(message):
        raise NotPossible(NOBODY)
    changed = GroupMessage.objects.filter(pk=message.pk, state=MessageState.DRAFT).update(
        state=MessageState.SCHEDULED, send_at=max(send_at or now, now)
    )
    if not changed:
        raise NotPossible(_t("Diese Rundmail ist schon unterwegs oder gesendet."))
    deliver_due(now=now, only=message.pk)


@transaction.atomic
def announce(
    community: Community, *, subject: str, text: str, by: AbstractBaseUser, now: datetime
) -> GroupMessage:
    """Tell all members something new in their group, in the ways and with the log of its other mails.

    Raises `NotPossible` as `confirm` does.
    """
    message = GroupMessage.objects.create(
        community=community, roles=Role.values, subject=subject, text=text, written_by=by
    )
    confirm(message, send_at=None, now=now)
    return message


@transaction.atomic
def take_back(message: GroupMessage) -> bool:
    """Make a scheduled message a draft again; false if it has gone out meanwhile."""
    changed = GroupMessage.objects.filter(pk=message.pk, state=MessageState.SCHEDULED).update(
        state=MessageState.DRAFT, send_at=None
    )
    return bool(changed)


def deliver_due(*, now: datetime, only: int | None = None) -> int:
    """Store the e-mails of scheduled messages whose time has come; return how many messages.

    Messages of archived groups, and those that nobody would get, become drafts again; who wrote one
    is told.
    """
    due = GroupMessage.objects.filter(state=MessageState.SCHEDULED, send_at__lte=now)
    if only is not None:
        due = due.filter(pk=only)
    in_order = due.select_related("community__parent").order_by("send_at", "pk")
    return each_due(in_order, lambda message: _deliver(message, now))


def as_received(message: GroupMessage) -> Texts:
    """The e-mail as members read it, with words for what is different for each of them."""
    somebody = {"name": _t("… (hier steht der Name)")}
    pattern = Pattern("communities/email/message", _context(message) | {"membership": somebody})
    return pattern.filled(unsubscribe_url=_t("(hier steht für jede Person ihr eigener Link)"))


def send_test(message: GroupMessage, *, to: str, now: datetime) -> None:
    """Send the message to its writer alone, marked as a test. No one is unsubscribed by it."""
    with transaction.atomic():
        outbox.enqueue(
            key=f"group-message:{message.pk}:test:{uuid.uuid4().hex}",
            to=to,
            template="communities/email/message_test",
            context=_context(message),
            reply_to=reply_address(message.community),
            due_at=now,
        )


def reply_address(community: Community) -> str:
    """Where answers go: to the contact of the group, of its community, or the operator."""
    return community.answers_to or settings.OPERATOR["email"]


def links_to_files(message: GroupMessage) -> list[tuple[str, str]]:
    """Name and address of what goes with a message; members open it with their account."""
    return [(file.title, settings.SITE_URL + file.get_file_url()) for file in message.files.all()]


def _wanting(message: GroupMessage) -> QuerySet[Membership]:
    """Who wants no mails of the message's own group gets none, also not through a topic group of it."""
    refusing = Membership.objects.active().filter(
        community=message.community_id, mail_wish=MailWish.NONE
    )
    return (
        _reached(message)
        .exclude(mail_wish=MailWish.NONE)
        .exclude(mailbox__in=refusing.values_list(Mailbox("email")))
    )


def _reached(message: GroupMessage) -> QuerySet[Membership]:
    groups = Community.objects.filter(pk=message.community_id)
    if message.with_topic_groups:
        groups = Community.objects.within(groups)
    return (
        Membership.objects.active()
        .filter(community__in=groups.active(), role__in=message.roles)
        # An account that was shut down is a person who has left.
        .exclude(user__is_active=False)
        .annotate(mailbox=Mailbox("email"))
    )


def _deliver(message: GroupMessage, now: datetime) -> bool:
    wanted = list(recipients(message)) if message.community.is_active else []
    if not wanted:
        take_back(message)
        _tell_writer(message, now)
        return False
    outbox.enqueue_many(_letters(message, wanted, now))
    DigestItem.objects.bulk_create(
        [
            DigestItem(message=message, membership=membership)
            for membership in wanted
            if membership.mail_wish == MailWish.WEEKLY
        ],
        ignore_conflicts=True,
    )
    GroupMessage.objects.filter(pk=message.pk).update(
        state=MessageState.SENT,
        sent_at=now,
        recipients=dict(Counter(membership.role for membership in wanted)),
    )
    return True


def _tell_writer(message: GroupMessage, now: datetime) -> None:
    """That what they planned has not gone out; who has read so of the archived group reads nothing more."""
    writer, group = message.written_by, message.community
    if writer is None or not writer.is_active or _read_of_archiving(writer, group):
        return
    may_open = looked_after_by(writer).filter(pk=group.pk).exists()
    outbox.enqueue(
        key=f"group-message:{message.pk}:not-sent:{message.send_at:%Y%m%dT%H%M%S}",
        to=writer.email,
        template="communities/email/message_not_sent",
        context={
            **_context(message),
            "writer": writer,
            "admin_link": admin_page(message) if may_open else "",
        },
        reply_to=settings.OPERATOR["email"],
        due_at=now,
    )


def _read_of_archiving(user: AbstractBaseUser, group: Community) -> bool:
    """Its coordinators read that no Rundmail goes out any more; of a merged one they do not."""
    if group.is_active or group.merged_into_id:
        return False
    # They stay what they were, only without rights.
    rows = Membership.objects.active().filter(community=group, role=Role.COORDINATION)
    return rows.filter(user=user).exists()


def _letters(
    message: GroupMessage, wanted: list[Membership], now: datetime
) -> Iterator[outbox.Letter]:
    context, reply_to = _context(message), reply_address(message.community)
    for membership in wanted:
        if membership.mail_wish == MailWish.AT_ONCE:
            yield outbox.Letter(
                key=f"group-message:{message.pk}:{membership.pk}",
                to=membership.email,
                template="communities/email/message",
                context=context | {"membership": membership},
                reply_to=reply_to,
                kind=EmailKind.BULK,
                unsubscribe_url=unsubscribing.address([membership.pk]),
                due_at=now,
            )


def _context(message: GroupMessage) -> dict:
    community = message.community
    return {
        "message": message,
        "community": community,
        "files": links_to_files(message),
        "community_url": settings.SITE_URL + community.get_absolute_url(),
    }
