"""Who is there: a code that participants show, and what hosts make of it at the door.

The code names a registration and nothing else. Opening it changes nothing, and only hosts of the
event can open it: a person who shows, copies or guesses a code marks no one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from events.models import Event, EventState, Registration, RegistrationState

_SIGNER = signing.Signer(salt="events.attendance")
# Doors open before it begins; a list on paper is typed in afterwards.
OPENS_BEFORE = timedelta(hours=12)


def code_of(registration: Registration) -> str:
    """Stays the same as long as the registration exists, so that a printed one is never wrong."""
    return _SIGNER.sign(registration.reference)


def address_of(registration: Registration) -> str:
    """What stands in the QR code: a page of the administration, closed to everybody else."""
    path = reverse("admin:events_registration_attendance", args=[code_of(registration)])
    return settings.SITE_URL + path


def found(code: str, registrations: QuerySet[Registration]) -> Registration | None:
    """The registration of a code, if it is among these."""
    try:
        reference = _SIGNER.unsign(code)
    except signing.BadSignature:
        return None
    return registrations.filter(reference=reference).first()


def picture(registration: Registration) -> SafeString:
    """The QR code as SVG to stand in a page: dark on light, whatever the page's colours are."""
    # Brings an imaging library along, which the other pages can do without.
    import qrcode  # noqa: PLC0415 - see above
    from qrcode.image.svg import SvgPathImage  # noqa: PLC0415 - the same

    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address_of(registration))
    file = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(file)
    svg = file.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # drawn here, holds no one's words


def can_mark(event: Event, *, now: datetime) -> bool:
    """Whether people can be there (yet): no one is present at what is to come, or was cancelled."""
    return (
        event.state == EventState.PUBLISHED
        and event.has_time
        and event.starts_at - OPENS_BEFORE <= now
    )


def mark(registration: Registration, *, now: datetime) -> bool:
    """Note that a person with a seat is there; False if that is not possible or known already.

    The moment of the first time stays, however often the code is read.
    """
    if not can_mark(registration.event, now=now):
        return False
    # Who is there needs not confirm any more that they come.
    there = _expected(registration).filter(attended_at=None)
    return bool(there.update(attended_at=now, hold_until=None, attendance_noted_at=now))


def unmark(registration: Registration, *, now: datetime) -> bool:
    """Take it back, after a slip of the finger."""
    there = _expected(registration).exclude(attended_at=None)
    return bool(there.update(attended_at=None, attendance_noted_at=now))


@dataclass(frozen=True, slots=True)
class Tap:
    """What a host has tapped in the list: this person is there, or is not after all."""

    registration: int
    is_there: bool
    at: datetime


def record(event: Event, taps: Iterable[Tap], *, now: datetime) -> list[Tap]:
    """Note taps, in whatever order and however often they arrive, and return those that changed something.

    Of all taps about a person the one counts that was made last, wherever it comes from. Those about
    people without a seat at this event, and all of them before its day, do nothing.
    """
    if not can_mark(event, now=now):
        return []
    return [tap for tap in sorted(taps, key=lambda tap: tap.at) if _note(event, tap)]


def _note(event: Event, tap: Tap) -> bool:
    rows = Registration.objects.filter(
        Q(attendance_noted_at=None) | Q(attendance_noted_at__lt=tap.at),
        pk=tap.registration,
        event=event,
        state=RegistrationState.SEAT,
        anonymised_at=None,
    )
    there = {"attended_at": tap.at, "hold_until": None} if tap.is_there else {"attended_at": None}
    # The moment of the first time stays.
    changed = rows.filter(attended_at__isnull=tap.is_there).update(
        attendance_noted_at=tap.at, **there
    )
    rows.update(attendance_noted_at=tap.at)
    return bool(changed)


def since(registration: Registration) -> str:
    """„9:12 Uhr“ on the day itself, with the day before it otherwise."""
    there, begin = timezone.localtime(registration.attended_at), registration.event.first_day
    clock = f"{there:%H:%M} Uhr"
    return clock if there.date() == begin else f"{there:%d.%m.%Y}, {clock}"


def _expected(registration: Registration) -> QuerySet[Registration]:
    return Registration.objects.filter(
        pk=registration.pk, state=RegistrationState.SEAT, anonymised_at=None
    )
