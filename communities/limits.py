"""How often one sender may ask to join; the rest is in `accounts.abuse`."""

from datetime import datetime, timedelta

from django.db.models import F, Func, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts import abuse
from accounts.abuse import TooMany, email_key
from communities.models import HistoryEntry, HistoryKind

FORM = "communities"
DAY = timedelta(days=1)
PER_ADDRESS_A_DAY = 10


def check(email: str, *, ip: str, now: datetime) -> None:
    """Raise `TooMany` if this mailbox or this network has reached its limit; two queries at most.

    Only requests count, so the answer does not tell whether somebody is a member of anything.
    """
    recent = (
        HistoryEntry.objects.filter(
            kind=HistoryKind.REQUESTED, at__gt=now - DAY, membership__requested_at__gt=now - DAY
        )
        .annotate(
            # What `email_key` does: eva+eins@stadt.de and eva@stadt.de are one mailbox.
            mailbox=Func(
                Lower(F("membership__email")),
                Value(r"\+[^@]*@"),
                Value("@"),
                function="REGEXP_REPLACE",
            )
        )
        .filter(mailbox=email_key(email))
    )
    if recent.count() >= PER_ADDRESS_A_DAY:
        raise TooMany(
            _(
                "Mit dieser E-Mail-Adresse wurden heute schon viele Gruppen angefragt. Bitte "
                "versuchen Sie es morgen noch einmal, oder schreiben Sie uns eine E-Mail."
            )
        )
    abuse.check_network(ip, form=FORM, now=now)


def record(*, ip: str, now: datetime) -> None:
    """Count a form that was sent, for its network."""
    abuse.record_network(ip, form=FORM, now=now)


def stamp(*, now: datetime) -> str:
    """A signed moment for a hidden field: when the form was shown."""
    return abuse.stamp(form=FORM, now=now)


def looks_automatic(*, stamp: str, honeypot: str, now: datetime) -> bool:
    return abuse.looks_automatic(form=FORM, stamp=stamp, honeypot=honeypot, now=now)
