"""Hosts enter people: those who call, and those who stand at the door without a registration."""

from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import attendance
from events.actions import Closed, Full, SessionFull, desk
from events.forms.desk import CallForm, WalkInForm
from events.hosting import hosted_by
from events.models import Event, Registration, RegistrationState
from ground.private import private
from ground.refusals import NotPossible, Overtaken


@require_http_methods(["GET", "HEAD", "POST"])
@private
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """By phone, before the event: a seat, or else a place in line."""
    event, now = _event(request, pk), timezone.now()
    if not event.seats.all() or not desk.takes_calls(event, now=now):
        return _closed(
            request,
            event,
            _(
                "Anmelden können Sie zu veröffentlichten Veranstaltungen mit Plätzen bis zum Beginn."
            ),
        )
    form = CallForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_bound and form.is_valid():
        try:
            row = desk.enter(event, form.entry(form.chosen_mode), now=now)
        except Closed:
            return _closed(request, event, _("Die Veranstaltung hat begonnen oder ist abgesagt."))
        except Full:
            form.add_error(
                "mode" if "mode" in form.fields else None,
                _(
                    "Alle Plätze sind vergeben, auch auf der Warteliste. Es wurde niemand angemeldet."
                ),
            )
        except SessionFull as full:
            titles = ", ".join(item.title for item in full.items)
            form.add_error("sessions", _("Schon voll: %s. Bitte wählen Sie neu.") % titles)
        except NotPossible as refusal:
            form.add_error("email", str(refusal))
        else:
            _log(request, row, _("von Gastgebern angemeldet"))
            messages.success(request, _entered(row))
            return redirect("admin:events_registration_change", row.pk)
    return render(request, "events/attendance/enter.html", {"event": event, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """At the door: a name is enough, and the person counts as there."""
    event, now = _event(request, pk), timezone.now()
    if not event.seats.all() or not attendance.can_mark(event, now=now):
        return _closed(request, event, _("Eintragen können Sie am Tag der Veranstaltung."))
    form = WalkInForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_bound and form.is_valid():
        one_more = form.cleaned_data["one_more"]
        try:
            row = desk.walk_in(event, form.entry(form.chosen_mode), one_more=one_more, now=now)
        except Closed:
            return _closed(request, event, _("Die Veranstaltung ist abgesagt oder verlegt."))
        except Full:
            form.ask_one_more()
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        except Overtaken:
            form.add_error(None, _("Das hat sich überschnitten. Bitte senden Sie es noch einmal."))
        else:
            _log(request, row, _("vor Ort eingetragen"))
            messages.success(request, _("%s ist da.") % row.name)
            return redirect("admin:events_event_attendance", event.pk)
    return render(request, "events/attendance/walk_in.html", {"event": event, "form": form})


def _entered(row: Registration) -> str:
    if row.state == RegistrationState.WAITING:
        return _("%s steht auf der Warteliste und bekommt eine E-Mail.") % row.name
    return _("%s ist angemeldet und bekommt eine E-Mail.") % row.name


def _log(request: HttpRequest, row: Registration, sentence: str) -> None:
    LogEntry.objects.log_actions(
        request.user.pk, [row], ADDITION, change_message=sentence, single_object=True
    )


def _closed(request: HttpRequest, event: Event, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect(reverse("admin:events_event_change", args=[event.pk]))


def _event(request: HttpRequest, pk: int) -> Event:
    return get_object_or_404(hosted_by(request.user).prefetch_related("seats"), pk=pk)
