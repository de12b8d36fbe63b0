"""What people are told about their registration. Each function stores e-mails in the caller's transaction.

Keys name the registration and the version that the e-mail tells of, so repeating a call sends nothing
twice. Until a person has confirmed an address, nothing that was typed goes into an e-mail to it, nor to
colleagues in their name: the form must not become a way to send one's own words to strangers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.mail import EmailAttachment

from events import calendar, links
from events.links import Purpose
from events.mail import facts, reminders
from events.models import (
    SEATED,
    AgendaItem,
    Event,
    EventQuestion,
    Registration,
    RegistrationState,
)
from ground.mailbox import mailbox_key
from mailing import outbox

# Which links an e-mail offers. None offers one that its reader cannot use.
PURPOSES = {
    "ask_to_confirm": [Purpose.CONFIRM, Purpose.CANCEL],
    "ask_colleague": [Purpose.CONFIRM, Purpose.CANCEL],
    "confirmed": [Purpose.SEE, Purpose.CHANGE, Purpose.CANCEL],
    "waiting": [Purpose.SEE, Purpose.CHANGE, Purpose.CANCEL],
    "moved_up": [Purpose.SEE, Purpose.CHANGE, Purpose.CANCEL],
    "moved_up_unconfirmed": [Purpose.CONFIRM, Purpose.CANCEL],
    "offered": [Purpose.ACCEPT, Purpose.CANCEL],
    "changed": [Purpose.SEE, Purpose.CHANGE, Purpose.CANCEL],
    "switched": [Purpose.SEE, Purpose.CHANGE, Purpose.CANCEL],
    "entered": [Purpose.SEE, Purpose.CHANGE, Purpose.CANCEL],
    "walked_in": [Purpose.SEE],
    "corrected": [Purpose.SEE],
    "cancelled": [],
    "offer_lapsed": [],
    "known": [Purpose.SEE, Purpose.CHANGE, Purpose.CANCEL],
    "known_unconfirmed": [Purpose.CONFIRM, Purpose.CANCEL],
    "known_offered": [Purpose.ACCEPT, Purpose.CANCEL],
}


# The first that a person reads once it is sure that they take part or wait.
ASKING = {"confirmed", "waiting", "entered"}


def ask_to_confirm(registration: Registration, *, place: int | None, now: datetime) -> None:
    """The seat, or the place in line, is held; only its link makes it firm."""
    _store([_letter(registration, "ask_to_confirm", {"place": place}, now=now)])


def ask_colleagues(colleagues: Iterable[Registration], by: Registration, *, now: datetime) -> None:
    """Tell those whom a person has registered along, who it was, and let them confirm."""
    context = {"by": by}
    _store([_letter(one, "ask_colleague", context, now=now) for one in colleagues])


def welcome(
    registration: Registration,
    *,
    place: int | None,
    now: datetime,
    colleagues_are_asked: bool = False,
) -> None:
    """The registration is firm: a seat with its entry for the calendar, or a place in line."""
    context = {"place": place, "has_colleagues": colleagues_are_asked}
    if registration.state == RegistrationState.WAITING:
        _store([_letter(registration, "waiting", context, now=now)])
        return
    context["reminded"] = reminders.announced(registration.event, now=now)
    ics = [_invitation(registration, now)]
    _store([_letter(registration, "confirmed", context, attachments=ics, now=now)])


def tell_moved_up(
    registration: Registration, missed: Sequence[AgendaItem], *, now: datetime
) -> None:
    """A person from the waiting list has a seat, or is offered one. `missed`: items that are full."""
    context = {"missed": missed}
    if registration.state == RegistrationState.OFFERED:
        _store([_letter(registration, "offered", context, now=now)])
    elif registration.confirmed_at is None:
        _store([_letter(registration, "moved_up_unconfirmed", context, now=now)])
    else:
        ics = [_invitation(registration, now)]
        context["reminded"] = reminders.announced(registration.event, now=now)
        _store([_letter(registration, "moved_up", context, attachments=ics, now=now)])


def tell_changed(registration: Registration, *, now: datetime) -> None:
    _store([_letter(registration, "changed", now=now)])


def tell_switched(
    registration: Registration, missed: Sequence[AgendaItem], *, now: datetime
) -> None:
    """On site instead of online, or the other way round; the entry in the calendar follows."""
    ics = [_invitation(registration, now)] if registration.confirmed_at else []
    context = {"missed": missed}
    _store([_letter(registration, "switched", context, attachments=ics, now=now)])


def say_goodbye(registration: Registration, *, was: Registration, now: datetime) -> None:
    """A person does not come (any more); takes the entry out of their calendar if they have one."""
    ics = []
    if was.state == RegistrationState.SEAT and was.confirmed_at is not None:
        ics = [
            calendar.cancellation(
                registration.event, name=registration.name, email=registration.email, now=now
            )
        ]
    context = {"was": was}
    _store([_letter(registration, "cancelled", context, attachments=ics, now=now)])


def tell_entered(registration: Registration, *, place: int | None, now: datetime) -> None:
    """A host has registered this person, who has asked for it."""
    context = {"place": place}
    ics = [_invitation(registration, now)] if registration.state in SEATED else []
    if ics:
        context["reminded"] = reminders.announced(registration.event, now=now)
    _store([_letter(registration, "entered", context, attachments=ics, now=now)])


def tell_walked_in(registration: Registration, *, now: datetime) -> None:
    """A host has entered this person at the door."""
    _store([_letter(registration, "walked_in", now=now)])


def tell_corrected(registration: Registration, *, now: datetime) -> None:
    """A host has put name or address right; goes to the address as it is now."""
    ics = [_invitation(registration, now)] if registration.state in SEATED else []
    _store([_letter(registration, "corrected", attachments=ics, now=now)])


def send_again(registration: Registration, *, place: int | None, now: datetime) -> None:
    """What the person should have: at most once a minute, whoever asks for it."""
    name, ics = "confirmed", []
    context: dict[str, Any] = {"place": place, "missed": (), "has_colleagues": False}
    if registration.state == RegistrationState.OFFERED:
        name = "offered"
    elif registration.confirmed_at is None:
        name = "known_unconfirmed"
    elif registration.state == RegistrationState.WAITING:
        name = "waiting"
    else:
        context["reminded"] = reminders.announced(registration.event, now=now)
        ics = [_invitation(registration, now)]
    key = f"{_about(registration)}v{registration.version}:{name}:{now:%Y%m%d%H%M}"
    _store([_letter(registration, name, context, key=key, attachments=ics, now=now)])


def tell_lapsed(registration: Registration, *, now: datetime) -> None:
    """An offer was not accepted in time."""
    _store([_letter(registration, "offer_lapsed", now=now)])


def tell_known(registration: Registration, *, now: datetime) -> None:
    """A person has registered again: here are the links. At most once an hour."""
    name = "known"
    if registration.state == RegistrationState.OFFERED:
        name = "known_offered"
    elif registration.hold_until is not None:
        name = "known_unconfirmed"
    key = f"{_about(registration)}v{registration.version}:{name}:{now:%Y%m%d%H}"
    _store([_letter(registration, name, key=key, now=now)])


def tell_members_only(event: Event, email: str, *, now: datetime) -> None:
    """The event is for members of a community, and this address is no member's. Once an hour."""
    address = sha256(mailbox_key(email).encode()).hexdigest()[:24]
    outbox.enqueue(
        key=f"event:{event.pk}:members-only:{address}:{now:%Y%m%d%H}",
        to=email,
        template="events/email/registration/members_only",
        context={
            "about": facts.about(event),
            "community": event.community,
            "community_url": settings.SITE_URL + event.community.get_absolute_url(),
        },
        reply_to=facts.reply_address(event),
    )


def personal_links(registration: Registration, purposes: Iterable[Purpose]) -> dict[str, str]:
    """Whole addresses by the lower-case name of the purpose, true for this version."""
    return {purpose.name.lower(): links.address(registration, purpose) for purpose in purposes}


def _about(registration: Registration) -> str:
    return f"event-registration:{registration.pk}:"


def _store(letters: Iterable[outbox.Letter]) -> None:
    # A person who came to the door may have given no address.
    outbox.enqueue_many(letter for letter in letters if letter.to)


def _letter(
    registration: Registration,
    name: str,
    context: dict[str, Any] | None = None,
    *,
    key: str = "",
    attachments: Sequence[EmailAttachment] = (),
    now: datetime,
) -> outbox.Letter:
    about = facts.about(registration.event)
    has_firm_seat = registration.confirmed_at is not None
    return outbox.Letter(
        key=key or f"{_about(registration)}v{registration.version}:{name}",
        to=registration.email,
        template=f"events/email/registration/{name}",
        context={
            "registration": registration,
            "about": about,
            "has_seat": registration.state in SEATED,
            "meeting_link": about.meeting_link(registration.mode, registration.state)
            if has_firm_seat
            else "",
            "links": personal_links(registration, PURPOSES[name]),
            "chosen": facts.chosen(registration) if registration.is_live else "",
            "asked": list(EventQuestion.objects.still_for(registration)) if name in ASKING else [],
            **(context or {}),
        },
        attachments=attachments,
        reply_to=facts.reply_address(registration.event),
    )


def _invitation(registration: Registration, now: datetime) -> EmailAttachment:
    return calendar.invitation(
        registration.event,
        name=registration.name,
        email=registration.email,
        mode=registration.mode,
        has_seat=registration.state == RegistrationState.SEAT
        and registration.confirmed_at is not None,
        now=now,
    )
