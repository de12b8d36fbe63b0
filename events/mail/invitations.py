"""Invitations to the addresses of a list.

The portal knows no addresses of municipalities, so anyone who invites „all municipalities of a Land“
pastes their addresses. Everybody gets an e-mail of their own with a way out for good (RFC 8058). The
addresses are gone when the e-mails are stored; an opt-out is kept as a keyed hash, which is enough to
honour it and tells no one who it was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from events.mail import facts
from events.models import Invitation, InvitationState, OptOut
from ground.refusals import NotPossible
from mailing import outbox, recipients
from mailing.models import EmailKind
from mailing.rendering import Pattern, Texts

# All municipalities of Germany and some more.
MOST = 12_000
CHUNK = 1000
_SALT = "events.mail.invitations"


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a pasted list holds: each address once, and what is wrong by line, as sentences."""

    valid: list[str]
    errors: list[str]
    repeated: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How many would be invited, and how many of the list want no invitations."""

    invited: int
    opted_out: int


def parse(text: str) -> Addresses:
    """Read addresses as they are pasted, with or without names, or a table that has a column of them."""
    valid: dict[str, str] = {}
    errors: list[str] = []
    repeated = 0
    try:
        for entry in recipients.read(text):
            if not entry.is_valid:
                errors.append(_complaint(entry))
            elif recipients.key(entry.email) in valid:
                repeated += 1
            else:
                valid[recipients.key(entry.email)] = entry.email
    except recipients.Unreadable as reason:
        errors.append(reason.text)
    if len(valid) > MOST:
        errors.append(
            _("Das sind %(number)d Adressen. Möglich sind höchstens %(most)d auf einmal.")
            % {"number": len(valid), "most": MOST}
        )
    return Addresses(list(valid.values()), errors, repeated)


def _complaint(entry: recipients.Entry) -> str:
    if not entry.email:
        return _("Zeile %(line)d: Die E-Mail-Adresse fehlt.") % {"line": entry.line}
    return _("Zeile %(line)d: „%(text)s“ ist keine E-Mail-Adresse.") % {
        "line": entry.line,
        "text": entry.email[:100],
    }


def preview(invitation: Invitation) -> Reach:
    """Who would be invited now."""
    addresses = parse(invitation.addresses).valid
    wanted = list(_without_opt_outs(addresses))
    return Reach(invited=len(wanted), opted_out=len(addresses) - len(wanted))


def send(invitation: Invitation, *, by: AbstractBaseUser | None, now: datetime) -> Invitation:
    """Store one e-mail per address and forget the addresses; of two sends one happens.

    Raises `NotPossible` with a sentence if the invitation was sent already, has no one to go to or
    an address that is none, or if the event is not public or has begun.
    """
    with transaction.atomic():
        current = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("event__community__parent")
            .get(pk=invitation.pk)
        )
        wanted = _ready(current, now)
        current.state, current.addresses = InvitationState.SENT, ""
        current.sent_at, current.recipients, current.written_by = now, len(wanted), by
        current.save()
        outbox.enqueue_many(_letters(current, wanted, now))
    return current


def _ready(invitation: Invitation, now: datetime) -> list[str]:
    """To whom an invitation goes that may be sent."""
    event = invitation.event
    if invitation.state != InvitationState.DRAFT:
        raise NotPossible(_("Diese Einladung ist schon gesendet."))
    if not event.is_public or event.is_cancelled or event.starts_at <= now:
        raise NotPossible(
            _("Einladen kann man nur zu einer veröffentlichten Veranstaltung, die noch kommt.")
        )
    found = parse(invitation.addresses)
    if found.errors:
        raise NotPossible(found.errors[0])
    if not (wanted := list(_without_opt_outs(found.valid))):
        raise NotPossible(_("Es bleibt niemand, der eingeladen werden möchte."))
    return wanted


def as_received(invitation: Invitation) -> Texts:
    """The invitation as it arrives, with words for what is different for each address."""
    return _pattern(invitation).filled(
        unsubscribe_url=_("(hier steht für jede Adresse ihr eigener Link)")
    )


def _pattern(invitation: Invitation) -> Pattern:
    context = {"about": facts.about(invitation.event), "invitation": invitation}
    return Pattern("events/email/invitation", context)


def _letters(
    invitation: Invitation, addresses: Iterable[str], now: datetime
) -> Iterator[outbox.Letter]:
    event = invitation.event
    pattern = _pattern(invitation)
    reply_to = facts.reply_address(event)
    for address in addresses:
        key = address_hash(address)
        yield outbox.Letter(
            key=f"event:{event.pk}:invitation:{invitation.pk}:{key}",
            to=address,
            template=pattern,
            reply_to=reply_to,
            kind=EmailKind.BULK,
            unsubscribe_url=unsubscribe_address(key),
            due_at=now,
            # No one is invited to what is over.
            expires_at=event.starts_at,
        )


def address_hash(address: str, *, secret: str | None = None) -> str:
    """What is kept of an address that has opted out; without the portal's key no one can try it out."""
    return _hash(recipients.key(address), secret)


def _hash(text: str, secret: str | None) -> str:
    return salted_hmac(_SALT, text, secret=secret, algorithm="sha256").hexdigest()


def unsubscribe_address(key: str) -> str:
    """The whole address that ends invitations to the address with this hash; never expires."""
    token = signing.dumps(key, salt=_SALT)
    return f"{settings.SITE_URL}/veranstaltungen/abbestellen/{token}/"


def open_token(token: str) -> str | None:
    """The hash that a token of such an address names; None for a wrong one."""
    try:
        return signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None


def opt_out(key: str, *, now: datetime) -> None:
    """No invitations any more to the address with this hash. Doing it again is harmless."""
    OptOut.objects.get_or_create(address_hash=key, defaults={"at": now})


def _without_opt_outs(addresses: list[str]) -> Iterator[str]:
    # Who opted out before the key was changed stays out.
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for start in range(0, len(addresses), CHUNK):
        some = addresses[start : start + CHUNK]
        keys = {
            # Who opted out when eva+1@ was not yet the mailbox of eva@ stays out as well.
            address: [
                _hash(text, secret)
                for secret in secrets
                for text in {recipients.key(address), address.casefold()}
            ]
            for address in some
        }
        out = set(
            OptOut.objects.filter(
                address_hash__in=[key for found in keys.values() for key in found]
            ).values_list("address_hash", flat=True)
        )
        yield from (address for address in some if out.isdisjoint(keys[address]))
