"""Against abuse, without puzzles and without third parties.

The limits are generous for people and tight for programs. They are counted before the request is
stored, so several at the very same moment may overshoot by a few: good enough to keep a flood away.
What must not happen even once, a constraint refuses.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consulting.models import RUNNING, ConsultationRequest, Draft, NetworkUse
from projects.models import Municipality

DAY = timedelta(days=1)
PER_ADDRESS_RUNNING = 3
PER_ADDRESS_A_DAY = 5
PER_MUNICIPALITY_RUNNING = 10
PER_NETWORK_AN_HOUR = 20
DRAFTS_A_DAY = 5
# Nobody fills in the form faster, and nobody leaves it open longer.
FASTEST = timedelta(seconds=3)
SLOWEST = timedelta(days=2)
_STAMP_SALT = "consulting.form"


class TooMany(Exception):
    """A limit is reached; its text is a sentence for the person, with a way out."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a form, as far as limits care."""

    email: str
    municipality: Municipality | None
    # The address from which the form came, empty if unknown. Never stored.
    ip: str = ""


def email_key(address: str) -> str:
    """The mailbox behind an address: `Eva+smart@Stadt.de` and `eva@stadt.de` are one."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return f"{local.split('+', 1)[0] or local}@{domain}"


def check(sender: Sender, *, now: datetime) -> None:
    """Raise `TooMany` if this sender has reached a limit; three queries at most."""
    _check_address(sender.email, now)
    if sender.municipality is not None:
        _check_municipality(sender.municipality)
    if sender.ip:
        _check_network(sender.ip, now)


def check_draft(sender: Sender, *, now: datetime) -> None:
    """The same for the link to a draft, which is an e-mail to an address that nobody has proved."""
    drafts = Draft.objects.filter(email__iexact=sender.email, changed_at__gt=now - DAY)
    if drafts.count() >= DRAFTS_A_DAY:
        raise TooMany(
            _(
                "An diese E-Mail-Adresse haben wir heute schon mehrere Links geschickt. Bitte sehen "
                "Sie in Ihrem Postfach nach, auch im Ordner für unerwünschte E-Mails."
            )
        )
    if sender.ip:
        _check_network(sender.ip, now)


def record(sender: Sender, *, now: datetime) -> None:
    """Count a stored request, or a link sent, for its network."""
    if sender.ip:
        NetworkUse.objects.create(network=network_key(sender.ip, now=now), at=now)


def has_running_request(municipality: Municipality) -> bool:
    """For the hint „für Ihre Kommune läuft schon eine Anfrage“. Tells nothing about who sent it."""
    return ConsultationRequest.objects.running().filter(municipality=municipality).exists()


def network_key(ip: str, *, now: datetime) -> str:
    """A hash of the network (IPv4: the address, IPv6: its /64), under a key that changes daily."""
    address = ip_address(ip)
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


def stamp(*, now: datetime) -> str:
    """A signed moment for a hidden field: when the form was shown."""
    return signing.dumps(int(now.timestamp()), salt=_STAMP_SALT)


def looks_automatic(*, stamp: str, honeypot: str, now: datetime) -> bool:
    """Whether a program filled in the form: too fast, with a made-up stamp, or what nobody sees.

    A stamp that is too old says nothing about programs; the form just has to be shown again, which
    is the same answer.
    """
    if honeypot:
        return True
    try:
        shown = signing.loads(stamp, salt=_STAMP_SALT)
    except signing.BadSignature:
        return True
    took = timedelta(seconds=now.timestamp() - shown)
    return not FASTEST <= took <= SLOWEST


def _check_address(email: str, now: datetime) -> None:
    counts = ConsultationRequest.objects.filter(email_key=email_key(email)).aggregate(
        running=Count("pk", filter=Q(state__in=RUNNING)),
        recent=Count("pk", filter=Q(submitted_at__gt=now - DAY)),
    )
    if counts["running"] >= PER_ADDRESS_RUNNING or counts["recent"] >= PER_ADDRESS_A_DAY:
        raise TooMany(
            _(
                "Von dieser E-Mail-Adresse liegen uns schon mehrere Anfragen vor. Bitte warten Sie "
                "auf unsere Antwort, oder sagen Sie eine Anfrage über den Link in der E-Mail ab."
            )
        )


def _check_municipality(municipality: Municipality) -> None:
    running = ConsultationRequest.objects.running().filter(municipality=municipality)
    if running.count() >= PER_MUNICIPALITY_RUNNING:
        raise TooMany(
            _(
                "Aus Ihrer Kommune liegen uns schon viele Anfragen vor. Bitte stimmen Sie sich "
                "in Ihrem Haus ab, oder schreiben Sie uns eine E-Mail."
            )
        )


def _check_network(ip: str, now: datetime) -> None:
    recent = NetworkUse.objects.filter(
        network=network_key(ip, now=now), at__gt=now - timedelta(hours=1)
    )
    if recent.count() >= PER_NETWORK_AN_HOUR:
        raise TooMany(
            _(
                "Aus Ihrem Netz kamen in der letzten Stunde sehr viele Anfragen. Bitte versuchen "
                "Sie es in einer Stunde noch einmal, oder schreiben Sie uns eine E-Mail."
            )
        )
