"""What the links in the e-mails about a membership lead to: afterwards to the page of the group."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities import actions, links
from communities.forms import AcceptForm
from communities.links import Purpose
from communities.models import Membership
from ground.link_pages import LinkPages
from ground.private import private
from ground.signed_links import Outcome

REFUSE = "nein"

_pages = LinkPages(
    open_token=links.open_token,
    template="communities/joining/link_{}.html",
    context=lambda membership: {"membership": membership, "community": membership.community},
    after=lambda membership, _now: membership.community,
    # Overtaken by something that left this version as it was: there is nothing to do here.
    came_to_nothing=Outcome.SUPERSEDED,
)


@_pages.page(Purpose.CONFIRM)
def confirm(membership: Membership, _form: forms.Form, now: datetime) -> tuple[Membership, str]:
    actions.confirm(membership, now=now)
    return membership, _(
        "Danke, Ihre Adresse ist bestätigt. Ihre Anfrage ist jetzt bei der Koordination der Gruppe."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    def act(membership: Membership, form: forms.Form, now: datetime) -> tuple[Membership, str]:
        actions.accept(membership, now=now, **form.cleaned_data)
        return membership, _("Schön, dass Sie dabei sind! Eine E-Mail dazu ist unterwegs.")

    def refuse(membership: Membership, _form: forms.Form, now: datetime) -> tuple[Membership, str]:
        actions.refuse(membership, now=now)
        return membership, _("Sie haben die Einladung abgelehnt. Die Koordination weiß Bescheid.")

    def form_of(data: Any, membership: Membership, _now: datetime) -> forms.Form:
        initial = {"name": membership.name, "organisation": membership.organisation}
        return AcceptForm(data, initial=initial)

    if request.POST.get("antwort") == REFUSE:
        return _pages.answer(request, token, Purpose.INVITATION, refuse)
    return _pages.answer(request, token, Purpose.INVITATION, act, form_of)


@_pages.page(Purpose.WITHDRAW)
def withdraw(membership: Membership, _form: forms.Form, now: datetime) -> tuple[Membership, str]:
    actions.withdraw(membership, now=now)
    return membership, _("Ihre Anfrage ist zurückgezogen.")


@_pages.page(Purpose.LEAVE)
def leave(membership: Membership, _form: forms.Form, now: datetime) -> tuple[Membership, str]:
    actions.leave(membership, now=now)
    return membership, _("Sie haben die Gruppe verlassen. Eine E-Mail dazu ist unterwegs.")
