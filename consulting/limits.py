"""How much of Start Smart one sender may want at a time; the rest is in `accounts.abuse`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts import abuse
from accounts.abuse import TooMany, email_key
from consulting.models import RUNNING, ConsultationRequest, Draft
from projects.models import Municipality

DAY = timedelta(days=1)
PER_ADDRESS_RUNNING = 3
PER_ADDRESS_A_DAY = 5
PER_MUNICIPALITY_RUNNING = 10
DRAFTS_A_DAY = 5
FORM = "consulting"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a form, as far as limits care."""

    email: str
    municipality: Municipality | None
    # The address from which the form came, empty if unknown. Never stored.
    ip: str = ""


def check(sender: Sender, *, now: datetime) -> None:
    """Raise `TooMany` if this sender has reached a limit; three queries at most."""
    _check_address(sender.email, now)
    if sender.municipality is not None:
        _check_municipality(sender.municipality)
    abuse.check_network(sender.ip, form=FORM, now=now)


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
    abuse.check_network(sender.ip, form=FORM, now=now)


def record(sender: Sender, *, now: datetime) -> None:
    """Count a stored request, or a link sent, for its network."""
    abuse.record_network(sender.ip, form=FORM, now=now)


def has_running_request(municipality: Municipality) -> bool:
    """For the hint „für Ihre Kommune läuft schon eine Anfrage“. Tells nothing about who sent it."""
    return ConsultationRequest.objects.running().filter(municipality=municipality).exists()


def stamp(*, now: datetime) -> str:
    """A signed moment for a hidden field: when the form was shown."""
    return abuse.stamp(form=FORM, now=now)


def looks_automatic(*, stamp: str, honeypot: str, now: datetime) -> bool:
    return abuse.looks_automatic(form=FORM, stamp=stamp, honeypot=honeypot, now=now)


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
