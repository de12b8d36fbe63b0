"""What the outbox keeps of a person, by their addresses and by the facts that e-mails are about."""

import re
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from ground.mailbox import Mailbox, mailbox_key
from mailing.models import EMPTY, OPEN, Email, EmailKind

# A word of which no other one is a part.
_ALONE = r"(^|[^[:alnum:]_.+-]){}($|[^[:alnum:]_-])"


def about(addresses: Collection[str], prefixes: Collection[str] = ()) -> QuerySet[Email]:
    """E-mails to these mailboxes, and those whose keys begin like this."""
    found = Q(mailbox__in=list(map(mailbox_key, addresses)))
    for prefix in prefixes:
        found |= Q(key__startswith=prefix)
    return Email.objects.alias(mailbox=Mailbox("to")).filter(found)


def to_show(addresses: Collection[str]) -> list[Email]:
    """What they may see of the e-mails to them; of one that opens an account no word, as once it has ended.

    Who sees it need not have the mailbox: a session that was left open is enough.
    """
    emails = list(about(addresses).filter(purged_at=None))
    for email in emails:
        if email.kind == EmailKind.ACCESS:
            for name, nothing in EMPTY.items():
                setattr(email, name, nothing)
    return emails


def forget(addresses: Collection[str], prefixes: Collection[str], *, now: datetime) -> int:
    """Empty what was sent and take back what was not, whatever it said; return how many.

    What a worker has in hand at this moment goes out and is emptied by retention. Key and times of
    what was sent stay: they hold ids only.
    """
    emails = about(addresses, prefixes)
    pks = list(emails.values_list("pk", flat=True))
    found = Email.objects.filter(pk__in=pks)
    taken_back, _by_model = found.filter(OPEN, claim=None).delete()
    emptied = _empty(found.exclude(OPEN), now)
    return taken_back + emptied


def forget_in_others(addresses: Collection[str], names: Collection[str], *, now: datetime) -> int:
    """Empty, before its time, what was sent to others and names the person; return how many.

    What is still to be sent goes out as it was meant, but is answered to this address no more. A name of
    one word is no name to look for: it stands in letters about others. So does an address within a longer
    one, and what the e-mails say themselves: called „Guten Tag“, one would take all of them along.
    """
    words = {*addresses, *(name.strip() for name in names if " " in name.strip())}
    wording = _wording()
    words = {word for word in words if not any(word.casefold() in text for text in wording)}
    answered = Q(reply_mailbox__in=list(map(mailbox_key, addresses))) & ~Q(reply_to="")
    telling = answered
    for word in words:
        for field in ("subject", "text", "html"):
            telling |= Q(**{f"{field}__iregex": _ALONE.format(re.escape(word))})
    emails = Email.objects.alias(reply_mailbox=Mailbox("reply_to"))
    emails.filter(OPEN, answered).update(reply_to="")
    return _empty(emails.filter(telling, purged_at=None).exclude(OPEN), now)


def _wording() -> list[str]:
    templates = (settings.BASE_DIR / "templates").rglob("*.txt")
    texts = [*map(str, settings.OPERATOR.values()), *(file.read_text() for file in templates)]
    return [text.casefold() for text in texts]


def _empty(emails: QuerySet[Email], now: datetime) -> int:
    return emails.update(**EMPTY, to="", reply_to="", last_error="", purged_at=now)
