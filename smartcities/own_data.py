"""Everything the portal stores about one person: as one file, and gone when they want it."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

import accounts.own_data
import asking.own_data
import communities.own_data
import consulting.own_data
import events.own_data
import projects.own_data
import smartcities.accessibility.own_data
import subscribing.own_data
from accounts.own_data import Part, Person, part
from finding.models import SearchDocument
from ground import signed_links
from ground.clock import in_words
from ground.mailbox import mailbox_key
from ground.signed_links import Outcome
from mailing import outbox
from mailing import own_data as mails
from mailing.models import EmailKind
from projects.models import Municipality

# The upper ones first: they still need to know whose account it is.
APPS: tuple[ModuleType, ...] = (
    smartcities.accessibility.own_data,
    asking.own_data,
    subscribing.own_data,
    consulting.own_data,
    events.own_data,
    communities.own_data,
    projects.own_data,
    accounts.own_data,
)
LINK_LASTS = timedelta(hours=2)
_SALT = "smartcities.own_data"


class NotYet(Exception):
    """Something has to be settled first; its arguments are sentences for the person."""


def parts(person: Person) -> list[Part]:
    """All rows about the person, by kind; the e-mails to them last."""
    found = [one for app in APPS for one in app.export(person)]
    return [*found, *part(mails.to_show(person.addresses))]


def as_json(person: Person, *, now: datetime) -> dict[str, Any]:
    """One file with everything, readable by people and machines; times in ISO 8601 with offset."""
    return {
        "portal": settings.SITE_URL,
        "stand": now.isoformat(),
        "adressen": sorted(person.addresses),
        "daten": [
            {"was": one.label, "modell": one.model, "eintraege": one.rows} for one in parts(person)
        ],
    }


def obstacles(person: Person) -> list[str]:
    if person.mailboxes & _of_the_portal():
        return [
            _t(
                "Diese Adresse gehört dem Portal selbst und keiner einzelnen Person: Was mit ihr gespeichert "
                "ist, handelt von anderen. Ein Konto mit dieser Adresse legt die Administration still."
            )
        ]
    return [str(sentence) for app in APPS for sentence in app.obstacles(person)]


def _of_the_portal() -> set[str]:
    """The mailboxes that the settings name. Those of groups and events say so themselves."""
    addresses = (
        settings.OPERATOR["email"],
        settings.START_SMART_EMAIL,
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    )
    return {mailbox_key(address) for address in addresses if address}


def erase(person: Person, *, now: datetime) -> None:
    """Erase everything about the person, all or nothing; statistics stay what they are.

    Dates and registrations to come are cancelled, seats go to the next in line. Raises `NotYet`.
    """
    with transaction.atomic():
        communities.own_data.hold(person)
        if sentences := obstacles(person):
            raise NotYet(*sentences)
        names = _names(person)
        prefixes = [prefix for app in APPS for prefix in app.erase(person, now=now)]
        mails.forget(person.addresses, prefixes, now=now)
        mails.forget_in_others(person.addresses, names, now=now)


def _names(person: Person) -> set[str]:
    """What the person is called in their account and in rows with their mailbox.

    None that a Kommune or a page is called, too, in whatever case: it stands in letters about that.
    """
    rows = (
        (asking.own_data.asked_by(person), "name"),
        (consulting.own_data.requests_of(person), "contact_name"),
        (consulting.own_data.advisors_of(person), "name"),
        (events.own_data.registrations_of(person), "name"),
        (communities.own_data.memberships_of(person), "name"),
    )
    names = {name for found, column in rows for name in found.values_list(column, flat=True)}
    names |= {person.user.name} if person.user else set()
    called = {name.strip().lower() for name in names}
    columns = (
        (Municipality, "name"),
        (Municipality, "official_name"),
        (SearchDocument, "title"),
    )
    for model, column in columns:
        alike = model.objects.annotate(lower=Lower(column)).filter(lower__in=called)
        called -= set(alike.values_list("lower", flat=True))
    return {name for name in names if name.strip().lower() in called}


def send_link(address: str, *, now: datetime) -> None:
    """Write to an address how to see what is stored about it. One e-mail per address and hour.

    The same happens for an address that nothing is stored about, so that nobody can find out.
    """
    token = signing.TimestampSigner(salt=_SALT).sign_object([address.lower()])
    with transaction.atomic():
        outbox.enqueue(
            key=f"own-data:{signing.Signer(salt=_SALT).signature(mailbox_key(address))}:{now:%Y%m%d%H}",
            to=address,
            template="own_data/email/link",
            context={
                "link": f"{settings.SITE_URL}/meine-daten/{token}/",
                "lasts": in_words(LINK_LASTS),
            },
            # Shows everything about somebody, so nobody else may read it, not even who looks after mails.
            kind=EmailKind.ACCESS,
        )


class Opened(signed_links.Opened):
    """The person to whom a link was sent; wrong, too, if it is older than `LINK_LASTS`."""

    heading = _("Dieser Link gilt nicht mehr")
    way_on = (_("Neuen Link schicken"), reverse_lazy("own_data"))
    explanations = {
        (None, Outcome.WRONG): _(
            "Er ist abgelaufen oder nicht vollständig. Manche E-Mail-Programme brechen lange Adressen "
            "um: Bitte kopieren Sie die ganze Adresse aus der E-Mail, oder lassen Sie sich einen neuen "
            "Link schicken."
        )
    }


def open_token(token: str) -> Opened:
    """Tell what a link is worth, without changing anything."""
    try:
        (address,) = signing.TimestampSigner(salt=_SALT).unsign_object(token, max_age=LINK_LASTS)
    except signing.BadSignature:
        return Opened(None, Outcome.WRONG)
    return Opened(None, Outcome.VALID, Person.of_address(address))
