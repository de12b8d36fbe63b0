"""What the links in the e-mails lead to: afterwards to the page of the registration, by a fresh link."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import actions, calendar, links
from events.actions import Full, SessionFull
from events.forms import ChangeForm
from events.links import Opened, Outcome, Purpose
from events.models import EventQuestion, Mode, Registration, RegistrationState
from ground.downloads import download
from ground.link_pages import LinkPages, dead
from ground.private import private
from ground.refusals import Overtaken


def _context(registration: Registration) -> dict[str, Any]:
    return {
        "registration": registration,
        "event": registration.event,
        "place": actions.place_in_line(registration),
        "is_firm": registration.has_firm_seat,
    }


def _with_switching(registration: Registration) -> dict[str, Any]:
    """Who cannot come may still take part online; the page on which they cancel says so first.

    Who is offered a seat and cannot come leaves it to the next person.
    """
    context = _context(registration)
    if registration.state == RegistrationState.OFFERED:
        context["leave_url"] = links.path(registration, Purpose.CANCEL)
    is_open = registration.is_live and timezone.now() < registration.event.starts_at
    if is_open and Purpose.CHANGE in _possible(registration):
        other = _other_mode(registration)
        if other is not None:
            context |= {"other": other, "cancel_kind": "secondary"}
            context["change_url"] = links.path(registration, Purpose.CHANGE)
    return context


_pages = LinkPages(
    open_token=links.open_token,
    template="events/registration/link_{}.html",
    context=_with_switching,
    after=lambda registration, _now: links.path(registration, Purpose.SEE),
)


@_pages.page(Purpose.CONFIRM)
def confirm(
    registration: Registration, _form: forms.Form, now: datetime
) -> tuple[Registration, str]:
    current = actions.confirm(registration, now=now)
    if current.state == RegistrationState.WAITING:
        return current, _("Sie stehen fest auf der Warteliste. Eine E-Mail ist unterwegs.")
    return current, _("Sie sind angemeldet. Die E-Mail mit dem Kalendereintrag ist unterwegs.")


@_pages.page(Purpose.ACCEPT)
def accept(
    registration: Registration, _form: forms.Form, now: datetime
) -> tuple[Registration, str]:
    current = actions.accept(registration, now=now)
    return current, _("Der Platz gehört Ihnen. Die E-Mail dazu ist unterwegs.")


@_pages.page(Purpose.CANCEL)
def cancel(
    registration: Registration, _form: forms.Form, now: datetime
) -> tuple[Registration, str]:
    current = actions.cancel(registration, now=now)
    if registration.state == RegistrationState.WAITING:
        return current, _("Sie stehen nicht mehr auf der Warteliste.")
    return current, _("Sie sind abgemeldet. Eine E-Mail dazu ist unterwegs.")


@require_http_methods(["GET", "HEAD", "POST"])
@private
def change(request: HttpRequest, token: str) -> HttpResponse:
    """What a person says of themselves, and on site or online (`wechseln`): one after the other.

    Switching takes and gives seats, so it saves nothing beside; what was typed is not thrown away for it.
    """
    now = timezone.now()
    opened = links.open_token(token, Purpose.CHANGE, now=now)
    if not opened.is_valid:
        return dead(request, opened)
    registration = opened.row
    other = _other_mode(registration)
    is_switching = other is not None and "wechseln" in request.POST
    # Pages from before send the button alone.
    has_typed = request.method == "POST" and not (is_switching and "name" not in request.POST)
    form = ChangeForm(request.POST if has_typed else None, registration=registration)
    problem = ""
    try:
        if is_switching and form.is_bound and form.has_changed():
            problem = _(
                "Sie haben hier etwas geändert. Bitte speichern Sie das zuerst; danach wechseln Sie."
            )
        elif is_switching:
            current = actions.switch_mode(registration, other, now=now)
            messages.success(
                request, _("Sie nehmen jetzt %s teil. Eine E-Mail ist unterwegs.") % other.label
            )
            return redirect(links.path(current, Purpose.SEE))
        elif form.is_bound and form.is_valid():
            current = actions.change(
                registration, name=form.cleaned_data["name"], details=form.details, now=now
            )
            messages.success(request, _("Ihre Änderungen sind gespeichert."))
            return redirect(links.path(current, Purpose.SEE))
    except Overtaken:
        return _pages.overtaken(request, token, Purpose.CHANGE, now)
    except Full:
        problem = _(
            "Für die Teilnahme %s ist gerade kein Platz frei. Ihre Anmeldung bleibt, wie sie war."
        ) % (other.label)
        form = ChangeForm(registration=registration)
    except SessionFull as full:
        titles = ", ".join(item.title for item in full.items)
        form.add_error("sessions", _("Schon voll: %s. Bitte wählen Sie neu.") % titles)
    context = {**_context(registration), "form": form, "other": other, "problem": problem}
    return render(request, "events/registration/link_change.html", context)


def _other_mode(registration: Registration) -> Mode | None:
    others = registration.event.seats.exclude(mode=registration.mode)
    mode = others.values_list("mode", flat=True).first()
    return Mode(mode) if mode else None


@_pages.look(Purpose.SEE)
def see(request: HttpRequest, registration: Registration, now: datetime) -> HttpResponse:
    """How things stand, with the way to everything that is possible now."""
    event = registration.event
    context = {**_context(registration), "token": request.resolver_match.kwargs["token"]}
    # Nobody moves up once it has begun.
    context["is_over"] = now >= event.starts_at
    context["has_ended"] = event.is_past(now)
    if registration.is_live and not event.is_cancelled and now < event.starts_at:
        for purpose in _possible(registration):
            context[f"{purpose.name.lower()}_url"] = links.path(registration, purpose)
        if "change_url" in context:
            context["asked"] = list(EventQuestion.objects.still_for(registration))
    if context["is_firm"] and not event.is_cancelled:
        context["shows_ticket"] = registration.mode == Mode.ON_SITE and now < event.ends_at
        context["shows_certificate"] = event.is_past(now) and registration.attended_at is not None
        if event.has_participants_list:
            context["participants"] = _who_shows_themselves(registration)
    return render(request, "events/registration/link_see.html", context)


def _possible(registration: Registration) -> list[Purpose]:
    if registration.state == RegistrationState.OFFERED:
        return [Purpose.ACCEPT, Purpose.CANCEL]
    if registration.hold_until is not None:
        return [Purpose.CONFIRM, Purpose.CANCEL]
    return [Purpose.CHANGE, Purpose.CANCEL]


def _who_shows_themselves(registration: Registration) -> list[Registration]:
    """Only who has agreed, and only for those who take part themselves."""
    rows = Registration.objects.seated().filter(
        event=registration.event, on_participants_list=True, anonymised_at=None
    )
    return list(rows.select_related("municipality").order_by("name", "pk"))


@_pages.look(Purpose.SEE)
def ics(request: HttpRequest, registration: Registration, now: datetime) -> HttpResponse:
    """The entry for a calendar, the same as in the e-mail."""
    if not registration.has_firm_seat:
        return dead(request, Opened(Purpose.SEE, Outcome.EXPIRED))
    entry = calendar.invitation(
        registration.event,
        name=registration.name,
        email=registration.email,
        mode=registration.mode,
        has_seat=True,
        now=now,
    )
    return download(entry.content, name=entry.filename, content_type=entry.mimetype)
