"""How many registrations one sender may send at a time; the rest is in `accounts.abuse`."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts import abuse
from accounts.abuse import TooMany, email_key
from events.models import Registration

DAY = timedelta(days=1)
PER_ADDRESS_A_DAY = 10
FORM = "events"


def check(email: str, ip: str, *, now: datetime) -> None:
    """Raise `TooMany` if an address or a network has reached its limit; two queries at most.

    Each registration costs an e-mail to an address that nobody has proved yet, also the ones that
    were cancelled or have expired meanwhile.
    """
    recent = Registration.objects.filter(email_key=email_key(email), created_at__gt=now - DAY)
    if recent.count() >= PER_ADDRESS_A_DAY:
        raise TooMany(
            _(
                "Mit dieser E-Mail-Adresse haben Sie sich heute schon sehr oft angemeldet. Bitte "
                "versuchen Sie es morgen wieder, oder schreiben Sie uns eine E-Mail."
            )
        )
    abuse.check_network(ip, form=FORM, now=now)


def record(ip: str, *, now: datetime) -> None:
    """Count a stored registration, or an e-mail sent instead, for its network."""
    abuse.record_network(ip, form=FORM, now=now)


def stamp(*, now: datetime) -> str:
    """A signed moment for a hidden field: when the form was shown."""
    return abuse.stamp(form=FORM, now=now)


def looks_automatic(*, stamp: str, honeypot: str, now: datetime) -> bool:
    return abuse.looks_automatic(form=FORM, stamp=stamp, honeypot=honeypot, now=now)
