"""Stating that one reuses a solution, and what the links in the e-mails about it lead to."""

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
from ground.client_address import client_address
from ground.link_pages import LinkPages
from ground.private import private
from ground.signed_links import Outcome
from projects import links
from projects.actions import stating
from projects.editing import has_editors
from projects.links import Purpose
from projects.models import ReuseStatement, Solution, StatementState
from projects.stating_forms import ChangingForm, StatingForm


def _context(statement: ReuseStatement) -> dict[str, Any]:
    """With the ways to change and to take back, which stand in the same e-mails."""
    now = timezone.now()
    ways = {
        f"{purpose.name.lower()}_url": links.path(
            purpose, links.token_for(statement, purpose, now=now)
        )
        for purpose in (Purpose.CHANGE, Purpose.WITHDRAW)
    }
    return {
        "statement": statement,
        "solution": statement.solution,
        "reaches_project": has_editors(statement.solution.project_id),
        **ways,
    }


_pages = LinkPages(
    open_token=links.open_token,
    template="projects/stating/link_{}.html",
    context=_context,
    after=lambda statement, _now: _page_of(statement.solution),
    came_to_nothing=Outcome.SUPERSEDED,
)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """`?art=` says what is chosen already: „nutzt“ or „plant“."""
    solution, now = _solution(slug), timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = StatingForm(posted, solution=solution, kind=request.GET.get("art", ""), now=now)
    form.initial |= known_of(request)
    if form.is_valid():
        with refusals_in(form):
            stating.state(form.stated(), now=now, ip=client_address(request))
            return redirect("projects:reuse_stated", slug=solution.slug)
    context = {"form": form, "reaches_project": has_editors(solution.project_id)}
    return render(request, "projects/stating/state.html", {**context, **_about(solution)})


@require_safe
@private
def stated(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for everybody, whatever became of it: the mailbox knows more."""
    return render(request, "projects/stating/stated.html", _about(_solution(slug)))


def _solution(slug: str) -> Solution:
    return get_object_or_404(Solution.objects.public().select_related("project"), slug=slug)


def _about(solution: Solution) -> dict[str, Any]:
    trail = [
        (_("Lösungen"), reverse("projects:solutions")),
        (solution.name, solution.get_absolute_url()),
        (_("Nachnutzung angeben"), None),
    ]
    return {"solution": solution, "breadcrumb": trail}


def _page_of(solution: Solution) -> Solution | str:
    return solution if solution.project.is_public else "projects:solutions"


@_pages.page(Purpose.CONFIRM)
def confirm(
    statement: ReuseStatement, _form: forms.Form, now: datetime
) -> tuple[ReuseStatement, str]:
    current = stating.confirm(statement, now=now)
    if current.state == StatementState.WITH_PROJECT:
        return current, _(
            "Danke, Ihre Angabe ist bestätigt. Das Projekt kann jetzt etwas dazu sagen, danach "
            "entscheidet die Redaktion über die Veröffentlichung."
        )
    return current, _(
        "Danke, Ihre Angabe ist bestätigt. Jetzt entscheidet die Redaktion über die "
        "Veröffentlichung."
    )


@_pages.page(Purpose.CHANGE, lambda data, statement, _now: ChangingForm(data, statement))
def change(
    statement: ReuseStatement, form: forms.Form, now: datetime
) -> tuple[ReuseStatement, str]:
    # The action compares with what the page has shown, not with what the row has become.
    statement.version = form.cleaned_data["version"]
    answer = form.cleaned_data.get("answer", "")
    current = stating.change(statement, form.facts, answer=answer, now=now)
    if current.state == StatementState.PUBLISHED:
        return current, _("Danke, Ihre Angabe gilt unverändert als heute bestätigt.")
    return current, _(
        "Ihre Änderung ist gespeichert. Öffentlich wird sie, wenn die Redaktion entschieden hat."
    )


@_pages.page(Purpose.WITHDRAW)
def withdraw(
    statement: ReuseStatement, _form: forms.Form, now: datetime
) -> tuple[ReuseStatement, str]:
    return stating.withdraw(statement, now=now), _("Ihre Angabe ist zurückgezogen.")


@_pages.page(Purpose.STILL_TRUE)
def still_true(
    statement: ReuseStatement, _form: forms.Form, now: datetime
) -> tuple[ReuseStatement, str]:
    current = stating.say_again(statement, now=now)
    if current.state != StatementState.PUBLISHED:
        return current, _(
            "Danke. Die Angabe steht zurzeit nicht auf der Seite; die Redaktion sieht sie sich an."
        )
    if not current.solution.project.is_public:
        return current, _(
            "Danke, Ihre Angabe gilt als heute bestätigt. Sie steht zurzeit nicht auf der Seite, "
            "denn das Projekt ist nicht öffentlich."
        )
    return current, _("Danke. Bei Ihrer Angabe steht jetzt, dass sie heute bestätigt wurde.")
