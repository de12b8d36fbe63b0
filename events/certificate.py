"""The certificate of attendance: a page of PDF for those who came, and for no one else."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import AgendaItem, Event, EventState, Mode, Registration, RegistrationState

if TYPE_CHECKING:
    from fpdf import FPDF

ISSUER = gettext_lazy("Koordinierungs- und Transferstelle Modellprojekte Smart Cities")
FONT = "Noto Sans"
# Embedded, because the fonts that every reader has lack many letters of people's names.
# Not their .woff2: taking those apart takes five times as long as all the rest of a certificate.
_FILES = {"": "NotoSans-Regular.woff", "B": "NotoSans-Bold.woff"}
_MARGIN = 25


class NotEntitled(Exception):
    """There is nothing to certify: absent, cancelled, not over yet, or already anonymised."""


def is_entitled(registration: Registration, *, now: datetime) -> bool:
    event = registration.event
    return (
        registration.attended_at is not None
        and registration.state == RegistrationState.SEAT
        and registration.anonymised_at is None
        and event.state == EventState.PUBLISHED
        and event.is_past(now)
    )


def certificate(registration: Registration, *, now: datetime) -> bytes:
    """The PDF of one registration, with German as its language and a title. Raises `NotEntitled`.

    Needs the registration's event and municipality; reads the programme.
    """
    if not is_entitled(registration, now=now):
        raise NotEntitled
    event = registration.event
    page = _page(event)
    page.set_font(FONT, "B", 24)
    page.multi_cell(0, 12, _("Teilnahmebescheinigung"), new_x="LMARGIN", new_y="NEXT")
    page.ln(10)
    _line(page, registration.name, bold=True, size=16)
    if registration.represents:
        _line(page, registration.represents)
    page.ln(6)
    _line(page, _("hat an dieser Veranstaltung teilgenommen:"))
    page.ln(6)
    _line(page, event.title, bold=True, size=16)
    _line(page, event.kind_and_number)
    _line(page, event.when)
    _line(page, _place(event, registration))
    items = _programme(event, registration)
    if items:
        page.ln(6)
        _line(page, _("Programm"), bold=True)
        for item in items:
            _line(page, f"– {item.title}")
    page.ln(12)
    _line(page, ISSUER, bold=True)
    _line(page, _("ausgestellt am %s") % date_format(timezone.localdate(now), "j. F Y"))
    _line(page, _("Anmeldung %s") % registration.reference)
    page.ln(4)
    _line(
        page, _("Diese Bescheinigung wurde vom Portal erstellt und gilt ohne Unterschrift."), size=9
    )
    return bytes(page.output())


def file_name(registration: Registration) -> str:
    return f"teilnahmebescheinigung-{registration.reference}.pdf"


def _page(event: Event) -> "FPDF":
    # 20 MB in each process that reads events, and few ever write a certificate.
    from fpdf import FPDF  # noqa: PLC0415 - see above
    from fpdf.prefs import ViewerPreferences  # noqa: PLC0415 - the same

    page = FPDF(format="A4")
    page.set_lang("de-DE")
    page.set_title(_("Teilnahmebescheinigung: %s") % event.title)
    page.set_author(str(ISSUER))
    # The title, not the file's name, in the window of the reader.
    page.viewer_preferences = ViewerPreferences(display_doc_title=True)
    page.set_margins(_MARGIN, _MARGIN, _MARGIN)
    for style, name in _FILES.items():
        page.add_font(FONT, style, _font(name))
    page.add_page()
    return page


def _font(name: str) -> Path:
    found = finders.find(f"kern/fonts/noto-sans/{name}")
    if found is None:
        raise FileNotFoundError(f"{name} comes with the design system: npm ci")
    return Path(found)


def _line(page: "FPDF", text: str, *, bold: bool = False, size: int = 11) -> None:
    page.set_font(FONT, "B" if bold else "", size)
    page.multi_cell(0, size * 0.55, str(text), new_x="LMARGIN", new_y="NEXT")


def _place(event: Event, registration: Registration) -> str:
    if registration.mode == Mode.ONLINE:
        return _("online")
    return ", ".join(filter(None, [event.venue, event.city])) or _("vor Ort")


def _programme(event: Event, registration: Registration) -> list[AgendaItem]:
    """What everybody attends, and what this person has chosen."""
    chosen = set(registration.choices.values_list("item", flat=True))
    return [item for item in event.agenda.all() if not item.needs_choice or item.pk in chosen]
