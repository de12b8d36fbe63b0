"""Registering for an event: one page, one form. What happens next is in the e-mails."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.known import known_of
from accounts.public_form import refusals_in
from events import actions, links
from events.actions import Closed, Full, Possible, Registered, SessionFull
from events.forms import RegistrationForm
from events.links import Purpose
from events.models import Event, Mode, Registration, Seats
from ground.client_address import client_address
from ground.clock import MORNING_ENDS, deadline, in_words
from ground.mailbox import mailbox_key
from ground.private import private

SENT_KEY = "events_registered"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def register(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    event = _event(slug)
    if not event.registration_open(now) or not event.seats.all():
        return _closed(request, event, now)
    user = request.user if request.user.is_authenticated else None
    is_proved = user is not None and actions.owns(user, user.email)
    if is_proved:
        if known := _registration_of(event, user.email):
            messages.info(request, _("Sie sind zu dieser Veranstaltung schon angemeldet."))
            return redirect(links.path(known, Purpose.SEE))
        if not actions.may_come(event, user.email):
            context = {"event": event, "breadcrumb": _breadcrumb(event)}
            return render(request, "events/registration/members_only.html", context)
    posted = request.POST if request.method == "POST" else None
    form = RegistrationForm(posted, event=event, now=now, initial=_known_of(request))
    if posted is not None and form.is_valid():
        try:
            with refusals_in(form):
                result = actions.register(
                    event,
                    form.cleaned_data["people"],
                    form.chosen_mode,
                    submission=form.cleaned_data["submission"],
                    details=form.details,
                    user=user,
                    ip=client_address(request),
                    now=now,
                )
                return _sent(request, event, form, result, now)
        except Closed:
            return _closed(request, event, now)
        except Full as full:
            form.add_error("mode" if "mode" in form.fields else None, _what_is_left(full, form))
        except SessionFull as full:
            form.add_error("sessions", _full_items(full))
    context = {
        "event": event,
        "form": form,
        "held": in_words(actions.HOLD),
        "morning_ends": MORNING_ENDS,
        "breadcrumb": _breadcrumb(event),
    }
    return render(request, "events/registration/form.html", context)


@require_safe
@private
def registered(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next. Only in the session that has sent the form."""
    event = _event(slug)
    sent = request.session.get(SENT_KEY, {})
    if sent.get("slug") != slug:
        return redirect("events:register", slug)
    context = {"event": event, "sent": sent, "breadcrumb": _breadcrumb(event)}
    return render(request, "events/registration/sent.html", context)


def _event(slug: str) -> Event:
    events = (
        Event.objects.public()
        .select_related("community__parent")
        .prefetch_related(Prefetch("seats", Seats.objects.as_shown()))
    )
    event = get_object_or_404(events, slug=slug)
    if not event.takes_registrations:
        raise Http404
    return event


def _closed(request: HttpRequest, event: Event, now: datetime) -> HttpResponse:
    opens = event.registration_opens_at
    context = {
        "event": event,
        "opens_at": opens if opens and opens > now and not event.is_cancelled else None,
        "breadcrumb": _breadcrumb(event),
    }
    return render(request, "events/registration/closed.html", context)


def _breadcrumb(event: Event) -> list[tuple[str, str | None]]:
    return [
        (_("Veranstaltungen"), "/veranstaltungen/"),
        (event.title, event.get_absolute_url()),
        (_("Anmeldung"), None),
    ]


def _registration_of(event: Event, email: str) -> Registration | None:
    live = Registration.objects.live().filter(event=event, email_key=mailbox_key(email))
    return live.first()


def _known_of(request: HttpRequest) -> dict[str, Any]:
    """What an account, and its last registration, already say."""
    known: dict[str, Any] = known_of(request)
    if not known:
        return {}
    last = (
        Registration.objects.filter(user=request.user, anonymised_at=None)
        .select_related("municipality")
        .order_by("-pk")
        .first()
    )
    if last is not None:
        known["organisation"] = last.organisation
        if last.municipality is not None:
            known |= {"q": last.municipality.name, "picked": last.municipality.pk}
    return known


def _sent(
    request: HttpRequest, event: Event, form: RegistrationForm, result: Registered, now: datetime
) -> HttpResponse:
    # Nothing of what is stored: the page says the same to a person who was registered before.
    request.session[SENT_KEY] = {
        "slug": event.slug,
        "email": form.cleaned_data["email"],
        "state": result.state,
        "needs_confirmation": result.needs_confirmation,
        "until": deadline(actions.held_until(event, now=now)),
        "people": len(form.cleaned_data["people"]),
        "mode": str(form.chosen_mode.label),
    }
    return redirect("events:registered", event.slug)


def _what_is_left(full: Full, form: RegistrationForm) -> str:
    people = len(form.cleaned_data["people"])
    sentences = [_left_here(one, people) for one in full.possible if one.mode == full.mode]
    sentences += [
        sentence
        for one in full.possible
        if one.mode != full.mode and (sentence := _left_elsewhere(one))
    ]
    return " ".join(sentences)


def _left_here(one: Possible, people: int) -> str:
    label = {"mode": Mode(one.mode).label, "people": people}
    if one.free:
        return (
            _(
                "Für die Teilnahme %(mode)s sind nur noch wenige Plätze frei, nicht genug für "
                "%(people)d Menschen. Bitte melden Sie weniger Menschen an."
            )
            % label
        )
    if one.waiting_places:
        return (
            _(
                "Für die Teilnahme %(mode)s sind alle Plätze vergeben, und auf der Warteliste ist nicht "
                "mehr genug Platz für %(people)d Menschen."
            )
            % label
        )
    return (
        _(
            "Für die Teilnahme %(mode)s sind leider alle Plätze vergeben, auch auf der Warteliste. "
            "Meldet sich jemand ab, wird wieder etwas frei: Sehen Sie gern später noch einmal nach."
        )
        % label
    )


def _left_elsewhere(one: Possible) -> str:
    label = Mode(one.mode).label
    if one.free is None:
        return _("Für die Teilnahme %s ist noch Platz.") % label
    if one.free:
        return _("Für die Teilnahme %s sind noch Plätze frei.") % label
    if one.waiting_places:
        return _("Für die Teilnahme %s gibt es noch Platz auf der Warteliste.") % label
    return ""


def _full_items(full: SessionFull) -> str:
    return _("Schon voll: %s. Bitte wählen Sie neu.") % ", ".join(item.title for item in full.items)
