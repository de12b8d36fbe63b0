"""The portal's way to write an e-mail: store it together with the fact that it tells.

Both are committed or neither is, so there is no confirmation without its booking and no booking
without its confirmation. Sending is `mailing.delivery`'s business: no page waits for a mail server.
"""

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.core.mail import EmailAttachment
from django.db import transaction
from django.db.models import Count, Expression, Field, JSONField, Min, Q, QuerySet
from django.utils import timezone
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from ground.mailbox import Mailbox, mailbox_key
from ground.mailbox import read as read_address
from mailing import doorbell
from mailing.models import (
    IN_TROUBLE,
    OPEN,
    Email,
    EmailKind,
    in_time,
    sendable_again,
    stuck,
    waiting,
)
from mailing.rendering import Pattern, one_line

CHUNK = 2000
# What the key of a copy has besides that of the e-mail that was sent again.
_COPY = re.compile(r"(:again:[0-9a-f]{32})+\Z")
# From so many on, copying in is quicker than inserting.
MANY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An e-mail before it is written. What the fields mean: `enqueue`.

    For many that are nearly the same, `template` is a `Pattern` and `words` fills its places.
    `body` is the name of the template's body where an app calls it otherwise.
    """

    key: str
    to: str
    template: str | Pattern
    context: dict[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[EmailAttachment] = ()
    reply_to: str = ""
    due_at: datetime | None = None
    expires_at: datetime | None = None
    kind: EmailKind = EmailKind.TRANSACTIONAL
    unsubscribe_url: str = ""
    body: str = "body"

    def written(self) -> Email:
        texts = self._pattern().filled(self.words, unsubscribe_url=self.unsubscribe_url)
        return Email(
            key=self.key,
            kind=self.kind,
            to=read_address(self.to),
            reply_to=read_address(self.reply_to) if self.reply_to else "",
            subject=texts.subject,
            text=texts.text,
            html=texts.html,
            attachments=[_stored(attachment) for attachment in self.attachments],
            unsubscribe_url=self.unsubscribe_url,
            due_at=self.due_at or timezone.now(),
            expires_at=self.expires_at,
        )

    def _pattern(self) -> Pattern:
        if isinstance(self.template, Pattern):
            return self.template
        context = self.context | {"unsubscribe_url": self.unsubscribe_url}
        return Pattern(self.template, context, body=self.body)


def enqueue(
    *,
    key: str,
    to: str,
    template: str,
    context: dict[str, Any] | None = None,
    attachments: Sequence[EmailAttachment] = (),
    reply_to: str = "",
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    kind: EmailKind = EmailKind.TRANSACTIONAL,
    unsubscribe_url: str = "",
) -> Email:
    """Store an e-mail now; it is sent once the surrounding transaction has committed.

    `key` spells what the e-mail is about ("consultation-request:17:received"): enqueueing the same
    key again does nothing, so callers may repeat themselves. `template` is "app/email/name" for
    `…_subject.txt`, `…_body.txt` and, if there is one, `…_body.html`; it is rendered now. `due_at`
    is the earliest time it goes; from `expires_at` on it does not go any more but is closed as missed,
    for what is only true until then. `EmailKind.BULK` needs `unsubscribe_url`, an https address whose POST
    unsubscribes without asking back (RFC 8058) and whose GET shows a page.

    An attachment is `EmailAttachment(name, content, content type)`; a text/calendar with a `method`
    is also offered as an invitation.

    Raises `TransactionManagementError` outside a transaction, `ValidationError` for an address that
    is none.
    """
    letter = Letter(
        key=key,
        to=to,
        template=template,
        context=context or {},
        attachments=attachments,
        reply_to=reply_to,
        due_at=due_at,
        expires_at=expires_at,
        kind=kind,
        unsubscribe_url=unsubscribe_url,
    )
    enqueue_many([letter])
    return Email.objects.get(key=key)


def enqueue_many(letters: Iterable[Letter]) -> int:
    """Store many e-mails in a few statements, each as `enqueue` would; return how many were new.

    A letter whose key is stored already is not even rendered, so planning again costs next to nothing.
    """
    _require_transaction()
    letters = iter(letters)
    new = 0
    while chunk := {letter.key: letter for letter in islice(letters, CHUNK)}:
        for key in Email.objects.filter(key__in=chunk).values_list("key", flat=True):
            del chunk[key]
        if chunk:
            _store([letter.written() for letter in chunk.values()])
        new += len(chunk)
    return new


def note_missed(keys: Iterable[str], *, until: datetime, now: datetime) -> None:
    """Write down that these were not even stored while they made sense, that is `until` then.

    Their rows hold no address and no words: no one gets them, now or later.
    """
    _require_transaction()
    _store(
        [
            Email(key=key, due_at=until, expires_at=until, missed_at=now, purged_at=now)
            for key in keys
        ]
    )


def with_key(key: Expression) -> QuerySet[Email]:
    """The e-mail with this key, whatever became of it: for asking for many rows who has theirs."""
    return Email.objects.filter(key=key)


def withdraw(prefix: str) -> int:
    """Take back the e-mails whose keys begin like this and not yet begun to send.

    For what is not true any more, a reminder of a date that was cancelled, say. Their keys are free
    again; returns how many. What a worker has in hand goes out. What has gone out or was refused is sent again
    by nobody: its time is over.
    """
    return _take_back(Email.objects.filter(key__startswith=prefix))


def withdraw_like(pattern: str) -> int:
    """The same for keys that a regular expression matches; begin it with ^ and what is fixed."""
    return _take_back(Email.objects.filter(key__regex=pattern))


def last_to(address: str, pattern: str) -> Email | None:
    """The last e-mail to a mailbox whose key matches and that it has, or will have.

    What was refused or missed never got there.
    """
    found = Email.objects.alias(mailbox=Mailbox("to")).filter(
        key__regex=pattern, mailbox=mailbox_key(address), refused_at=None, missed_at=None
    )
    return found.order_by("pk").last()


def told_since(emails: Collection[Email]) -> dict[int, list[Email]]:
    """What the same mailbox was told later about the same matter, by the primary key of each; one query.

    The matter is what a key begins with ("event:12:"); mails about signing in have none. Oldest first, without
    what never got there and without copies of the same. Nothing for those whose address is emptied already.
    """
    asked = [email for email in emails if email.to]
    found: dict[tuple[str, str], list[Email]] = defaultdict(list)
    if asked:
        matters = {_matter(email) for email in asked}
        told = (
            Email.objects.alias(mailbox=Mailbox("to"))
            .filter(reduce(or_, (Q(key__startswith=matter) for matter in sorted(matters))))
            .filter(mailbox__in={mailbox_key(email.to) for email in asked})
            .filter(refused_at=None, missed_at=None)
            .only("key", "kind", "to", "subject", "due_at", "sent_at")
        )
        for one in sorted(told, key=_moment):
            found[_matter(one), mailbox_key(one.to)].append(one)
    return {
        email.pk: [
            one
            for one in found.get((_matter(email), mailbox_key(email.to)), ())
            if _moment(one) > _moment(email) and not _is_copy(one, email)
        ]
        for email in emails
    }


def _matter(email: Email) -> str:
    return ":".join([*email.key.split(":")[:2], ""])


def _moment(email: Email) -> tuple[datetime, int]:
    return email.sent_at or email.due_at, email.pk


def _is_copy(one: Email, other: Email) -> bool:
    return _COPY.sub("", one.key) == _COPY.sub("", other.key)


def _take_back(emails: QuerySet[Email]) -> int:
    _require_transaction()
    waiting = emails.filter(OPEN, claim=None)
    taken = list(waiting.select_for_update().values_list("pk", flat=True))
    Email.objects.filter(pk__in=taken).delete()
    # Not what a worker has in hand: it would wait for this transaction, and its claim would run out.
    now = timezone.now()
    emails.filter(sendable_again(now), claim=None).update(expires_at=now)
    return len(taken)


def send_again(emails: QuerySet[Email], *, token: str, now: datetime) -> list[Email]:
    """Send e-mails once more; return those for which that is possible.

    They need their text, and their time must not be over.

    What is open or refused gets a new start. What was sent is sent as a new e-mail, because its
    recipient's server might drop a second one with the same Message-ID. The same `token` again does
    nothing.
    """
    with transaction.atomic():
        possible = emails.defer(None).filter(sendable_again(now))
        again = list(possible.select_for_update())
        ids = [email.pk for email in again]
        Email.objects.filter(pk__in=ids, sent_at=None).update(
            refused_at=None, due_at=now, attempts=0, last_error=""
        )
        _store([_copy(email, token, now) for email in again if email.sent_at])
    return again


def _copy(email: Email, token: str, now: datetime) -> Email:
    return Email(
        key=f"{email.key[:160]}:again:{token[:32]}",
        kind=email.kind,
        to=email.to,
        reply_to=email.reply_to,
        subject=email.subject,
        text=email.text,
        html=email.html,
        attachments=email.attachments,
        unsubscribe_url=email.unsubscribe_url,
        due_at=now,
        expires_at=email.expires_at,
    )


@dataclass(frozen=True, slots=True)
class Health:
    """How far behind the outbox is. `oldest_due` is None when nothing due waits."""

    oldest_due: datetime | None
    waiting: int
    stuck: int


def health(now: datetime) -> Health:
    """One query, cheap however many e-mails were ever sent: it looks at the open ones only."""
    found = Email.objects.open().aggregate(
        oldest_due=Min("due_at", filter=Q(due_at__lte=now) & in_time(now)),
        # Tried again and again, these are never due for long.
        oldest_in_trouble=Min(
            "created_at", filter=Q(last_error__startswith=IN_TROUBLE) & in_time(now)
        ),
        waiting=Count("pk", filter=waiting(now)),
        stuck=Count("pk", filter=stuck(now)),
    )
    since = [
        moment for moment in (found.pop("oldest_due"), found.pop("oldest_in_trouble")) if moment
    ]
    return Health(oldest_due=min(since, default=None), **found)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "An e-mail is stored in the transaction of the fact that it tells: use transaction.atomic()."
        )


def _store(emails: list[Email]) -> None:
    """Insert what is new. If a rival stores the same key first, theirs stays."""
    if len(emails) < MANY:
        Email.objects.bulk_create(emails, ignore_conflicts=True)
    else:
        _copy_in(emails)
    transaction.on_commit(doorbell.ring, robust=True)


def _copy_in(emails: list[Email]) -> None:
    """The same with COPY, which takes a seventh of the time; worth its few statements for many."""
    fields = [field for field in Email._meta.concrete_fields if not field.primary_key]
    names = SQL(", ").join(Identifier(field.column) for field in fields)
    with transaction.get_connection().cursor() as cursor:
        # COPY itself knows no ON CONFLICT.
        cursor.execute(
            SQL(
                "CREATE TEMPORARY TABLE mailing_new ON COMMIT DROP AS "
                "SELECT {} FROM mailing_email WITH NO DATA"
            ).format(names)
        )
        with cursor.copy(SQL("COPY mailing_new ({}) FROM STDIN").format(names)) as rows:
            for email in emails:
                rows.write_row([_value(email, field) for field in fields])
        cursor.execute(
            SQL(
                "INSERT INTO mailing_email ({0}) SELECT {0} FROM mailing_new ON CONFLICT DO NOTHING"
            ).format(names)
        )
        cursor.execute("DROP TABLE mailing_new")


def _value(email: Email, field: Field) -> Any:
    value = getattr(email, field.attname)
    return Jsonb(value) if isinstance(field, JSONField) else value


def _stored(attachment: EmailAttachment) -> dict[str, str]:
    name, content, content_type = attachment
    data = content.encode() if isinstance(content, str) else bytes(content)
    return {"name": one_line(name), "type": content_type, "base64": b64encode(data).decode("ascii")}
