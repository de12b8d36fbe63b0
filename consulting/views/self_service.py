"""What the links in the e-mails lead to: afterwards to the page of the consultation, by a fresh link."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consulting import actions, calendar, links
from consulting.actions import SlotTaken
from consulting.forms.self_service import (
    AnswerForm,
    CancelForm,
    MoveForm,
    RateForm,
    WriteForm,
)
from consulting.links import Opened, Outcome, Purpose
from consulting.models import ConsultationRequest, Message, Rating
from ground.downloads import download
from ground.link_pages import LinkPages, dead
from ground.private import private


def _context(consultation: ConsultationRequest) -> dict[str, Any]:
    return {
        "is_agreed": consultation.is_agreed,
        "consultation": consultation,
        "appointment": consultation.current_appointment(),
        "proposal": consultation.current_proposal(),
    }


def _see_address(consultation: ConsultationRequest, now: datetime) -> str:
    return _address(consultation, Purpose.SEE, now)


def _address(consultation: ConsultationRequest, purpose: Purpose, now: datetime) -> str:
    appointment = consultation.current_appointment()
    if purpose is Purpose.RESCHEDULE and not consultation.is_agreed:
        appointment = None  # the missed one says nothing about the time to choose
    until = links.lasts_until(purpose, appointment, now=now)
    return links.path(purpose, links.token_for(consultation, purpose, until=until))


def _with_moving(consultation: ConsultationRequest) -> dict[str, Any]:
    """Whom the time does not suit can move it; the page on which they cancel says so first."""
    context, now = _context(consultation), timezone.now()
    appointment = context["appointment"]
    is_ahead = appointment is not None and not appointment.has_begun(now)
    context["stands"] = appointment if is_ahead else None
    if consultation.is_agreed and is_ahead:
        context["reschedule_url"] = _address(consultation, Purpose.RESCHEDULE, now)
        context["cancel_kind"] = "secondary"
    return context


_pages = LinkPages(
    open_token=links.open_token,
    template="consulting/link_{}.html",
    context=_with_moving,
    after=_see_address,
)


@_pages.page(Purpose.CONFIRM)
def confirm(consultation, _form, now):
    current = actions.confirm(consultation, now=now)
    return current, _("Ihr Termin ist bestätigt. Die E-Mail mit dem Kalendereintrag ist unterwegs.")


@require_http_methods(["GET", "HEAD", "POST"])
@private
def reschedule(request: HttpRequest, token: str) -> HttpResponse:
    def form_of(data, consultation, now):
        page = request.GET.get("seite", "1")
        return MoveForm(data, consultation=consultation, now=now, page=page)

    def act(consultation, form, now):
        is_agreed = consultation.is_agreed
        move = actions.reschedule if is_agreed else actions.choose_time
        try:
            current = move(consultation, slot=form.cleaned_data["slot"], now=now)
        except SlotTaken:
            # The same page once more: by now the time is none of the choices.
            sentence = form.fields["slot"].error_messages["invalid_choice"]
            raise forms.ValidationError({"slot": sentence}) from None
        if not is_agreed:
            return current, _("Ihr Termin ist gebucht. Die E-Mail dazu ist unterwegs.")
        return current, _("Ihr Termin ist verschoben. Die E-Mail dazu ist unterwegs.")

    return _pages.answer(request, token, Purpose.RESCHEDULE, act, form_of)


@_pages.page(Purpose.CANCEL, lambda data, *_row: CancelForm(data))
def cancel(consultation, form, now):
    current = actions.cancel(consultation, reason=form.cleaned_data["reason"], now=now)
    return current, _("Ihre Anfrage ist abgesagt. Eine E-Mail dazu ist unterwegs.")


@_pages.page(Purpose.ANSWER, lambda data, *_row: AnswerForm(data))
def answer(consultation, form, now):
    if form.cleaned_data["answer"] == "ja":
        current = actions.accept(consultation, now=now)
        return current, _("Ihr Termin ist vereinbart. Die E-Mail dazu ist unterwegs.")
    current = actions.refuse(consultation, wishes=form.cleaned_data["wishes"], now=now)
    return current, _("Danke für Ihre Antwort. Die Geschäftsstelle weiß Bescheid.")


@_pages.page(Purpose.RATE, lambda data, *_row: RateForm(data))
def rate(consultation, form, now):
    rating, comment = Rating(form.cleaned_data["rating"]), form.cleaned_data["comment"]
    current = actions.rate(consultation, rating=rating, comment=comment, now=now)
    return current, _("Vielen Dank für Ihre Rückmeldung.")


def _answered_address(message: Message, now: datetime) -> str:
    token = links.answer_token(message, until=now + links.WRITE_LASTS)
    return links.path(Purpose.WRITE, token)


# Of the case it shows nothing but the words that are answered: who holds the link need not be the one
# who asked.
_answers = LinkPages(
    open_token=links.open_answer,
    template="consulting/link_{}.html",
    context=lambda message: {"message": message},
    after=_answered_address,
)


@_answers.page(Purpose.WRITE, lambda data, *_row: WriteForm(data))
def write(message, form, now):
    # That it has arrived, and what to do next, says the page that follows.
    current = actions.answer(message, text=form.cleaned_data["text"], now=now).answer_to
    return current, _("Danke für Ihre Antwort.")


@_pages.look(Purpose.SEE)
def see(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> HttpResponse:
    """How things stand, with the way to everything that is possible now."""
    appointment = consultation.current_appointment()
    is_ahead = appointment is not None and not appointment.has_begun(now)
    context = {
        **_context(consultation),
        "form": forms.Form(),
        "token": request.resolver_match.kwargs["token"],
        "standing": consultation.standing(now),
    }
    if context["is_agreed"]:
        context["is_over"] = appointment.ends_at <= now
    if consultation.is_running and (appointment is None or is_ahead):
        context["cancel_url"] = _address(consultation, Purpose.CANCEL, now)
    if (context["is_agreed"] and is_ahead) or consultation.may_choose_time:
        context["reschedule_url"] = _address(consultation, Purpose.RESCHEDULE, now)
    return render(request, "consulting/link_see.html", context)


@_pages.look(Purpose.SEE)
def ics(request: HttpRequest, consultation: ConsultationRequest, now: datetime) -> HttpResponse:
    """The entry for a calendar, the same as in the e-mail."""
    if not consultation.is_agreed:
        return dead(request, Opened(Purpose.SEE, Outcome.EXPIRED))
    entry = calendar.invitation(consultation, consultation.current_appointment(), now=now)
    return download(entry.content, name=entry.filename, content_type=entry.mimetype)
