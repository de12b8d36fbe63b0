"""Against programs that fill in public forms, without puzzles and without third parties.

A form says once what is too much of it (`Guard`). The limits are generous for people and tight for
programs. They are counted under a lock in the transaction that stores something, so of several at the
very same moment none slips through.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import NetworkUse, Tally
from ground.mailbox import mailbox_key
from ground.refusals import NotPossible

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PER_NETWORK_AN_HOUR = 20
PER_MAILBOX_A_DAY = 10
# People take longer to fill in the form, even with what the browser knows of them, and do not leave it
# open longer.
FASTEST = timedelta(seconds=1)
SLOWEST = timedelta(days=2)
FULL_NETWORK = _(
    "Aus Ihrem Netz kamen in der letzten Stunde sehr viele Anfragen. Bitte versuchen "
    "Sie es in einer Stunde noch einmal, oder schreiben Sie uns eine E-Mail."
)


class TooMany(NotPossible):
    """A limit is reached; its sentence names a way out."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a form, as far as limits care, and what it is about."""

    email: str = ""
    # The address from which the form came, empty if unknown. Never stored.
    ip: str = ""
    # The municipality or the event for which there are limits of their own.
    about: Any = None
    # How many people the form is for.
    people: int = 1
    # Names what this form stores, so that its network can be found again within a day.
    reference: str = ""

    @property
    def mailbox(self) -> str:
        return mailbox_key(self.email)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` as `count` counts them, what the sender wants now not yet included."""

    most: int
    count: Callable[[Sender, datetime], int]
    sentence: Any
    # Whether each person of a form counts; otherwise the form counts once.
    counts_people: bool = False

    def check(self, sender: Sender, now: datetime) -> None:
        wanted = sender.people if self.counts_people else 1
        if self.count(sender, now) + wanted > self.most:
            raise TooMany(str(self.sentence))


@dataclass(frozen=True, slots=True)
class Guard:
    """What one public form lets through."""

    form: str
    limits: tuple[Limit, ...] = ()
    per_network_an_hour: int = PER_NETWORK_AN_HOUR
    # Where each form writes to its address: the sentence for the one too many to a mailbox in a day.
    # Forms are counted, not what they store: the same one sent again writes again.
    full_mailbox: Any = ""

    def check(self, sender: Sender, *, now: datetime) -> None:
        """Raise `TooMany` if one of the limits is reached; takes nothing."""
        for limit in self.limits:
            limit.check(sender, now)
        if self._writes_to(sender) and self._written_today(sender, now) >= PER_MAILBOX_A_DAY:
            raise TooMany(str(self.full_mailbox))
        if sender.ip and self._recent(sender.ip, now) + sender.people > self.per_network_an_hour:
            raise TooMany(str(FULL_NETWORK))

    def admit(self, sender: Sender, *, now: datetime) -> None:
        """The same, and count it. Needs a transaction, and comes before everything it stores.

        Others from this network, or with this mailbox, wait until the transaction ends.
        """
        network = network_key(sender.ip, now=now) if sender.ip else ""
        _hold(f"{self.form}:{word}" for word in (network, sender.mailbox) if word)
        self.check(sender, now=now)
        if network:
            NetworkUse.objects.bulk_create(
                NetworkUse(network=network, form=self.form, at=now, reference=sender.reference)
                for _person in range(sender.people)
            )
        if self._writes_to(sender):
            tally(self._form_to(sender), every=DAY, now=now)

    def _writes_to(self, sender: Sender) -> bool:
        return bool(self.full_mailbox and sender.email)

    def _written_today(self, sender: Sender, now: datetime) -> int:
        return tallied(self._form_to(sender), every=DAY, now=now)

    def _form_to(self, sender: Sender) -> str:
        return f"{self.form}:{sender.mailbox}"

    def stamp(self, *, now: datetime, again: bool = False) -> str:
        """A signed moment for a hidden field: when the form was shown.

        One that is shown `again` may come back at once: its person has looked at it already.
        """
        shown = now - FASTEST if again else now
        return signing.dumps(shown.timestamp(), salt=self._salt)

    def looks_automatic(self, *, stamp: str, honeypot: str, now: datetime) -> bool:
        """Whether a program filled in the form: too fast, with a made-up stamp, or in a field that people cannot see.

        A stamp that is too old says nothing about programs; the form just has to be shown again,
        which is the same answer.
        """
        if honeypot:
            return True
        try:
            shown = signing.loads(stamp, salt=self._salt)
        except signing.BadSignature:
            return True
        took = timedelta(seconds=now.timestamp() - shown)
        return not FASTEST <= took <= SLOWEST

    def refuse_programs(self, cleaned: Mapping[str, Any], *, now: datetime) -> None:
        """In `clean`: raise `ValidationError` where the fields `stamp` and `homepage` look automatic."""
        stamp, honeypot = cleaned.get("stamp", ""), cleaned.get("homepage", "")
        if self.looks_automatic(stamp=stamp, honeypot=honeypot, now=now):
            raise ValidationError(
                _(
                    "Das ging sehr schnell oder hat sehr lange gedauert. Ihre Angaben sind noch da: "
                    "Bitte prüfen Sie sie und senden Sie noch einmal ab."
                )
            )

    @property
    def _salt(self) -> str:
        return f"{self.form}.form"

    def _recent(self, ip: str, now: datetime) -> int:
        return NetworkUse.objects.filter(
            network=network_key(ip, now=now), form=self.form, at__gt=now - HOUR
        ).count()


def references(ip: str, *, form: str, now: datetime) -> list[str]:
    """What was stored from a network within a day."""
    # The key of a network changes at midnight.
    networks = [network_key(ip, now=moment) for moment in (now, now - DAY)]
    uses = NetworkUse.objects.filter(network__in=networks, form=form, at__gt=now - DAY)
    return list(uses.exclude(reference="").values_list("reference", flat=True).distinct())


def tally(what: str, *, every: timedelta, now: datetime) -> int:
    """Count one more in this span of time, and say how many there were with it.

    One statement: of many at once each gets a number of its own.
    """
    key = _tally_key(what, every, now)
    table = connection.ops.quote_name(Tally._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, number, over_at) VALUES (%s, 1, %s)"  # noqa: S608
            f" ON CONFLICT (key) DO UPDATE SET number = {table}.number + 1 RETURNING number",
            [key, now + every],
        )
        return cursor.fetchone()[0]


def tallied(what: str, *, every: timedelta, now: datetime) -> int:
    """How many there were in this span of time."""
    row = Tally.objects.filter(pk=_tally_key(what, every, now)).first()
    return row.number if row else 0


def clear_tally(what: str, *, every: timedelta, now: datetime) -> None:
    Tally.objects.filter(pk=_tally_key(what, every, now)).delete()


def _tally_key(what: str, every: timedelta, now: datetime) -> str:
    seconds = int(every.total_seconds())
    text = f"{what}:{seconds}:{int(now.timestamp()) // seconds}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def network_key(ip: str, *, now: datetime) -> str:
    """A hash of the network (IPv4: the address, IPv6: its /64), under a key that changes daily."""
    try:
        address = ip_address(ip)
    except ValueError:  # some proxies write a port or a word
        address = ip
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            network = str(address.ipv4_mapped)
        else:
            network = str(IPv6Address(int(address) >> 64 << 64))
    else:
        network = str(address)
    day = timezone.localdate(now).isoformat()
    return hmac.new(
        f"{settings.SECRET_KEY}:{day}".encode(), network.encode(), hashlib.sha256
    ).hexdigest()


def _hold(names: Any) -> None:
    with connection.cursor() as cursor:
        # In one order, so that no two wait for each other.
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
