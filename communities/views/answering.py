"""What the links in the e-mails about a membership lead to. GET and HEAD only show; only POST acts.

So a mail scanner may follow every link. After acting the person is led to the page of the group; the
link just used explains itself from then on.
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
from django.views.decorators.http import require_http_methods

from communities import actions, links
from communities.actions import LastCoordinator
from communities.forms import AcceptForm
from communities.links import Opened, Outcome, Purpose
from communities.models import Membership
from ground.private import private
from ground.refusals import Overtaken
from ground.signed_links import STATUS

# Does what a link is for and returns a sentence about it.
Act = Callable[[Membership, forms.Form, datetime], str]

REFUSE = "nein"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    def act(membership: Membership, _form: forms.Form, now: datetime) -> str:
        actions.confirm(membership, now=now)
        return _(
            "Danke, Ihre Adresse ist bestätigt. Ihre Anfrage ist jetzt bei der Koordination der Gruppe."
        )

    return _page(request, token, Purpose.CONFIRM, act)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    def act(membership: Membership, form: forms.Form, now: datetime) -> str:
        actions.accept(membership, now=now, **form.cleaned_data)
        return _("Schön, dass Sie dabei sind! Eine E-Mail dazu ist unterwegs.")

    def refuse(membership: Membership, _form: forms.Form, now: datetime) -> str:
        actions.refuse(membership, now=now)
        return _("Sie haben die Einladung abgelehnt. Die Koordination weiß Bescheid.")

    def form_of(data: Any, membership: Membership) -> forms.Form:
        initial = {"name": membership.name, "organisation": membership.organisation}
        return AcceptForm(data, initial=initial)

    if request.POST.get("antwort") == REFUSE:
        return _page(request, token, Purpose.INVITATION, refuse)
    return _page(request, token, Purpose.INVITATION, act, form_of)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    def act(membership: Membership, _form: forms.Form, now: datetime) -> str:
        actions.withdraw(membership, now=now)
        return _("Ihre Anfrage ist zurückgezogen.")

    return _page(request, token, Purpose.WITHDRAW, act)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def leave(request: HttpRequest, token: str) -> HttpResponse:
    def act(membership: Membership, _form: forms.Form, now: datetime) -> str:
        actions.leave(membership, now=now)
        return _("Sie haben die Gruppe verlassen. Eine E-Mail dazu ist unterwegs.")

    return _page(request, token, Purpose.LEAVE, act)


def _page(
    request: HttpRequest,
    token: str,
    purpose: Purpose,
    act: Act,
    form_of: Callable[[Any, Membership], forms.Form] = lambda data, _membership: forms.Form(data),
) -> HttpResponse:
    now = timezone.now()
    opened = links.open_token(token, purpose, now=now)
    if not opened.is_valid:
        return _dead(request, opened)
    membership = opened.membership
    posted = request.POST if request.method == "POST" else None
    form = form_of(posted, membership)
    if posted is not None and form.is_valid():
        try:
            sentence = act(membership, form, now)
        except LastCoordinator as refusal:
            form.add_error(None, str(refusal))
        except Overtaken:
            return _dead(request, links.open_token(token, purpose, now=now))
        else:
            messages.success(request, sentence)
            return redirect(membership.community)
    context = {"membership": membership, "community": membership.community, "form": form}
    return render(request, f"communities/joining/link_{purpose.name.lower()}.html", context)


def _dead(request: HttpRequest, opened: Opened) -> HttpResponse:
    if opened.is_valid:
        # Overtaken by something that left this version as it was: there is nothing to do here.
        opened = Opened(opened.purpose, Outcome.SUPERSEDED, opened.membership)
    status = STATUS[opened.outcome]
    return render(request, "communities/joining/link_dead.html", {"opened": opened}, status=status)
