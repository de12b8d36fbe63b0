"""What the links in the e-mails lead to. GET and HEAD only show; only POST acts.

So a mail scanner may follow every link. After acting the person is led to the page of the request,
by a fresh link; the one just used explains itself from then on.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consulting import actions, calendar, links
from consulting.actions import HoldExpired, SlotTaken
from consulting.forms.self_service import AnswerForm, CancelForm, MoveForm, RateForm
from consulting.links import Opened, Outcome, Purpose
from consulting.models import ConsultationRequest, Rating, State
from ground.private import private
from ground.refusals import Overtaken
from ground.signed_links import STATUS

# Does what a link is for, and returns the request afterwards with a sentence about it.
Act = Callable[[ConsultationRequest, dict[str, Any], datetime], tuple[ConsultationRequest, str]]


def dead(request: HttpRequest, opened: Opened) -> HttpResponse:
    status = STATUS[opened.outcome]
    return render(request, "consulting/link_dead.html", {"opened": opened}, status=status)


def _page(
    request: HttpRequest,
    token: str,
    purpose: Purpose,
    form_of: Callable[[Any, ConsultationRequest, datetime], forms.Form],
    act: Act,
) -> HttpResponse:
    now = timezone.now()
    opened = links.open_token(token, purpose, now=now)
    if not opened.is_valid:
        return dead(request, opened)
    consultation = opened.request
    posted = request.POST if request.method == "POST" else None
    form = form_of(posted, consultation, now)
    if posted is not None and form.is_valid():
        try:
            current, sentence = act(consultation, form.cleaned_data, now)
        except SlotTaken:
            # The same page once more: by now the time is none of the choices.
            form = form_of(posted, consultation, now)
            form.add_error("slot", form.fields["slot"].error_messages["invalid_choice"])
        except (Overtaken, HoldExpired):
            opened = links.open_token(token, purpose, now=now)
            if opened.is_valid:
                opened = Opened(purpose, Outcome.EXPIRED, consultation)
            return dead(request, opened)
        else:
            messages.success(request, sentence)
            return redirect(_see_address(current, now))
    return render(
        request, f"consulting/link_{purpose.name.lower()}.html", _context(consultation, form)
    )


def _context(consultation: ConsultationRequest, form: forms.Form) -> dict[str, Any]:
    return {
        "consultation": consultation,
        "form": form,
        "appointment": consultation.current_appointment(),
        "proposal": consultation.current_proposal(),
    }


def _see_address(consultation: ConsultationRequest, now: datetime) -> str:
    return _address(consultation, Purpose.SEE, now)


def _address(consultation: ConsultationRequest, purpose: Purpose, now: datetime) -> str:
    until = links.lasts_until(purpose, consultation.current_appointment(), now=now)
    return links.path(purpose, links.token_for(consultation, purpose, until=until))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    def act(consultation, _cleaned, now):
        current = actions.confirm(consultation, now=now)
        return current, _(
            "Ihr Termin ist bestätigt. Die E-Mail mit dem Kalendereintrag ist unterwegs."
        )

    return _page(request, token, Purpose.CONFIRM, _nothing_to_fill_in, act)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def reschedule(request: HttpRequest, token: str) -> HttpResponse:
    def form_of(data, consultation, now):
        return MoveForm(data, consultation=consultation, now=now)

    def act(consultation, cleaned, now):
        current = actions.reschedule(consultation, slot=cleaned["slot"], now=now)
        return current, _("Ihr Termin ist verschoben. Die E-Mail dazu ist unterwegs.")

    return _page(request, token, Purpose.RESCHEDULE, form_of, act)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    def act(consultation, cleaned, now):
        current = actions.cancel(consultation, reason=cleaned["reason"], now=now)
        return current, _("Ihre Anfrage ist abgesagt. Eine E-Mail dazu ist unterwegs.")

    return _page(request, token, Purpose.CANCEL, lambda data, *_args: CancelForm(data), act)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def answer(request: HttpRequest, token: str) -> HttpResponse:
    def act(consultation, cleaned, now):
        if cleaned["answer"] == "ja":
            current = actions.accept(consultation, now=now)
            return current, _("Ihr Termin ist vereinbart. Die E-Mail dazu ist unterwegs.")
        current = actions.refuse(consultation, wishes=cleaned["wishes"], now=now)
        return current, _("Danke für Ihre Antwort. Die Geschäftsstelle weiß Bescheid.")

    return _page(request, token, Purpose.ANSWER, lambda data, *_args: AnswerForm(data), act)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def rate(request: HttpRequest, token: str) -> HttpResponse:
    def act(consultation, cleaned, now):
        rating, comment = Rating(cleaned["rating"]), cleaned["comment"]
        current = actions.rate(consultation, rating=rating, comment=comment, now=now)
        return current, _("Vielen Dank für Ihre Rückmeldung.")

    return _page(request, token, Purpose.RATE, lambda data, *_args: RateForm(data), act)


@require_safe
@private
def see(request: HttpRequest, token: str) -> HttpResponse:
    """How things stand, with the way to everything that is possible now."""
    now = timezone.now()
    opened = links.open_token(token, Purpose.SEE, now=now)
    if not opened.is_valid:
        return dead(request, opened)
    consultation = opened.request
    appointment = consultation.current_appointment()
    is_ahead = appointment is not None and appointment.starts_at > now
    context = {**_context(consultation, forms.Form()), "is_agreed": _is_agreed(consultation)}
    if consultation.is_running and (appointment is None or is_ahead):
        context["cancel_url"] = _address(consultation, Purpose.CANCEL, now)
    if context["is_agreed"] and is_ahead:
        context["reschedule_url"] = _address(consultation, Purpose.RESCHEDULE, now)
    return render(request, "consulting/link_see.html", context | {"token": token})


@require_safe
@private
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """The entry for a calendar, the same as in the e-mail."""
    now = timezone.now()
    opened = links.open_token(token, Purpose.SEE, now=now)
    if not opened.is_valid or not _is_agreed(opened.request):
        return dead(
            request, opened if not opened.is_valid else Opened(Purpose.SEE, Outcome.EXPIRED)
        )
    entry = calendar.invitation(opened.request, opened.request.current_appointment(), now=now)
    return HttpResponse(
        entry.content,
        content_type=entry.mimetype,
        headers={"Content-Disposition": f'attachment; filename="{entry.filename}"'},
    )


def _is_agreed(consultation: ConsultationRequest) -> bool:
    return consultation.state == State.CONFIRMED and consultation.current_appointment() is not None


def _nothing_to_fill_in(data: Any, *_args: object) -> forms.Form:
    return forms.Form(data)
