"""Asking and reporting without an account, and what the links in the e-mails about it lead to."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.known import known_of
from accounts.public_form import refusals_in
from asking import links
from asking.actions import answering, asking
from asking.forms import AskForm, RateForm, ReplyForm, ReportForm
from asking.links import Purpose
from asking.models import AnsweredBy, Helped, Question, State
from ground.client_address import client_address
from ground.link_pages import LinkPages
from ground.private import private
from ground.signed_links import Outcome
from projects.editing import has_editors
from projects.models import Project, Solution, Theme


def _where_next(question: Question, _now: datetime) -> str:
    if question.state == State.WITHDRAWN:
        return question.page_url
    return links.path(Purpose.SEE, links.token_for(question, Purpose.SEE))


_pages = LinkPages(
    open_token=links.open_token,
    template="asking/link_{}.html",
    context=lambda question: {"question": question},
    after=_where_next,
    came_to_nothing=Outcome.SUPERSEDED,
)
_others_pages = LinkPages(
    open_token=links.open_token,
    template="asking/link_{}.html",
    context=lambda question: {"question": question},
    after=lambda question, _now: question.page_url,
    came_to_nothing=Outcome.USED,
)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask_about_solution(request: HttpRequest, slug: str) -> HttpResponse:
    public = Solution.objects.public().select_related("project")
    solution = get_object_or_404(public, slug=slug)
    trail = (_("Lösungen"), reverse("projects:solutions"))
    return _ask(request, solution, trail, project=solution.project, solution=solution)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask_about_project(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_object_or_404(Project.objects.public(), slug=slug)
    return _ask(request, project, (_("Modellprojekte"), reverse("projects:list")), project=project)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask_office(request: HttpRequest) -> HttpResponse:
    """`?frage=` is what somebody searched for and did not find, `?thema=` where they come from."""
    theme = Theme.objects.filter(slug=request.GET.get("thema", "")[:100]).first()
    trail = (_("Kontakt"), reverse("contact"))
    return _ask(request, theme, trail, theme=theme, text=request.GET.get("frage", "")[:200])


def _ask(request: HttpRequest, subject: Any, trail: tuple[str, str], **about: Any) -> HttpResponse:
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = AskForm(posted, now=now, **about)
    form.initial |= known_of(request)

    if form.is_valid():
        with refusals_in(form):
            asking.ask(form.asked(), now=now, ip=client_address(request))
            return redirect("asking:asked")
    breadcrumb = [trail]
    if subject is not None:
        breadcrumb.append((subject.name, subject.get_absolute_url()))
    context = {
        "form": form,
        "subject": subject,
        "reaches_project": has_editors(form.project and form.project.pk),
        "breadcrumb": [*breadcrumb, (_("Fragen"), None)],
    }
    return render(request, "asking/ask.html", context)


@require_safe
@private
def asked(request: HttpRequest) -> HttpResponse:
    """The same for everybody, whatever became of it: the mailbox knows more."""
    return render(request, "asking/asked.html", {"breadcrumb": _trail(_("Frage abgesendet"))})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def report(request: HttpRequest) -> HttpResponse:
    """`?seite=` is said by links on public pages only.

    It is never taken from the referrer: the address of a page behind a link in an e-mail is as good as
    a key.
    """
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = ReportForm(posted, page=request.GET.get("seite", "")[:300], now=now)

    if form.is_valid():
        with refusals_in(form):
            asking.report(**form.reported, now=now, ip=client_address(request))
            return redirect("asking:reported")
    context = {"form": form, "breadcrumb": _trail(_("Fehler melden"))}
    return render(request, "asking/report.html", context)


@require_safe
@private
def reported(request: HttpRequest) -> HttpResponse:
    return render(request, "asking/reported.html", {"breadcrumb": _trail(_("Fehler melden"))})


def _trail(here: str) -> list[tuple[str, str | None]]:
    return [(_("Kontakt"), reverse("contact")), (here, None)]


@_pages.page(Purpose.CONFIRM)
def confirm(question: Question, _form: forms.Form, now: datetime) -> tuple[Question, str]:
    return asking.confirm(question, now=now), _("Danke, Ihre Frage ist unterwegs.")


@_pages.look(Purpose.SEE)
def see(request: HttpRequest, question: Question, _now: datetime) -> HttpResponse:
    context = {
        "question": question,
        "withdraw_url": links.path(Purpose.WITHDRAW, links.token_for(question, Purpose.WITHDRAW)),
        "rate_url": links.path(Purpose.RATE, links.token_for(question, Purpose.RATE)),
    }
    return render(request, "asking/link_see.html", context)


@_pages.page(Purpose.WITHDRAW)
def withdraw(question: Question, _form: forms.Form, now: datetime) -> tuple[Question, str]:
    return asking.withdraw(question, now=now), _("Ihre Frage ist zurückgezogen.")


@_pages.page(Purpose.RATE, lambda data, *_row: RateForm(data))
def rate(question: Question, form: forms.Form, now: datetime) -> tuple[Question, str]:
    helped, text = Helped(form.cleaned_data["helped"]), form.cleaned_data["text"]
    return asking.rate(question, helped=helped, text=text, now=now), _("Danke.")


@_others_pages.page(Purpose.REPLY, lambda data, *_row: ReplyForm(data))
def reply(question: Question, form: forms.Form, now: datetime) -> tuple[Question, str]:
    """For the Kommune that uses it and was asked."""
    text = form.cleaned_data["text"]
    current = answering.answer(question, text=text, by=AnsweredBy.REUSER, now=now)
    return current, _("Vielen Dank, Ihre Antwort ist unterwegs.")
