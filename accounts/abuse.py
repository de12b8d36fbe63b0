"""Against programs that fill in public forms, without puzzles and without third parties.

The limits are generous for people and tight for programs. They are counted before anything is stored,
so several at the very same moment may overshoot by a few: good enough to keep a flood away. What must
not happen even once, a constraint refuses.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import NetworkUse

PER_NETWORK_AN_HOUR = 20
# Nobody fills in the form faster, and nobody leaves it open longer.
FASTEST = timedelta(seconds=3)
SLOWEST = timedelta(days=2)


class TooMany(Exception):
    """A limit is reached; its text is a sentence for the person, with a way out."""


def email_key(address: str) -> str:
    """The mailbox behind an address: `Eva+smart@Stadt.de` and `eva@stadt.de` are one."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.split('+', 1)[0] or local}@{domain}"


def check_network(ip: str, *, form: str, now: datetime) -> None:
    """Raise `TooMany` if too much of one `form` came from a network within the hour.

    `ip` is empty where it is unknown; then nothing is limited.
    """
    if not ip:
        return
    recent = NetworkUse.objects.filter(
        network=network_key(ip, now=now), form=form, at__gt=now - timedelta(hours=1)
    )
    if recent.count() >= PER_NETWORK_AN_HOUR:
        raise TooMany(
            _(
                "Aus Ihrem Netz kamen in der letzten Stunde sehr viele Anfragen. Bitte versuchen "
                "Sie es in einer Stunde noch einmal, oder schreiben Sie uns eine E-Mail."
            )
        )


def record_network(ip: str, *, form: str, now: datetime) -> None:
    """Count something stored, or an e-mail sent, for its network."""
    if ip:
        NetworkUse.objects.create(network=network_key(ip, now=now), form=form, at=now)


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


def stamp(*, form: str, now: datetime) -> str:
    """A signed moment for a hidden field: when the form was shown."""
    return signing.dumps(int(now.timestamp()), salt=_salt(form))


def looks_automatic(*, form: str, stamp: str, honeypot: str, now: datetime) -> bool:
    """Whether a program filled in the form: too fast, with a made-up stamp, or what nobody sees.

    A stamp that is too old says nothing about programs; the form just has to be shown again, which
    is the same answer.
    """
    if honeypot:
        return True
    try:
        shown = signing.loads(stamp, salt=_salt(form))
    except signing.BadSignature:
        return True
    took = timedelta(seconds=now.timestamp() - shown)
    return not FASTEST <= took <= SLOWEST


def _salt(form: str) -> str:
    return f"{form}.form"
