"""Subscribing a list or the opening of a registration, and what the links in the e-mails lead to."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.known import known_of
from accounts.public_form import refusals_in
from events.models import Event
from finding.conditional import version_of
from finding.versions import current
from ground.client_address import client_address
from ground.link_pages import LinkPages, dead, done, ends_mails, is_mail_program
from ground.private import private
from ground.signed_links import Outcome
from subscribing import actions, links
from subscribing.actions import Wish
from subscribing.forms import SubscribeForm
from subscribing.links import Purpose
from subscribing.lists import LISTS, Asked
from subscribing.mail import weekly
from subscribing.mail.opening import can_be_awaited
from subscribing.models import LONGEST_QUERY, Subscription

ALL = "alle"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def subscribe(request: HttpRequest, name: str) -> HttpResponse:
    """A list with the filters that stand in the address as on its own page."""
    asked = _asked(request, name)
    if len(asked.query) > LONGEST_QUERY:
        return render(request, "subscribing/too_long.html", _about(asked), status=400)
    sent = reverse("subscribing:subscribed", args=[name])
    query = f"?{asked.query}" if asked.query else ""
    return _answer(request, "subscribing/subscribe.html", Wish(list=asked), f"{sent}{query}")


@require_safe
@private
def subscribed(request: HttpRequest, name: str) -> HttpResponse:
    """The same for everybody, whatever became of it: the mailbox knows more."""
    return render(request, "subscribing/subscribed.html", _about(_asked(request, name)))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def await_opening(request: HttpRequest, slug: str) -> HttpResponse:
    event = _event(slug)
    if not can_be_awaited(event, now=timezone.now()):
        return render(request, "subscribing/not_awaited.html", _about_event(event), status=410)
    sent = reverse("subscribing:awaiting_opening", args=[slug])
    return _answer(request, "subscribing/await_opening.html", Wish(event=event), sent)


@require_safe
@private
def awaiting_opening(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "subscribing/awaiting_opening.html", _about_event(_event(slug)))


def _answer(request: HttpRequest, template: str, wish: Wish, sent: str) -> HttpResponse:
    now = timezone.now()
    form = SubscribeForm(request.POST if request.method == "POST" else None, now=now)
    form.initial |= known_of(request)
    if form.is_valid():
        with refusals_in(form):
            email, ip = form.cleaned_data["email"], client_address(request)
            actions.subscribe(wish, email, now=now, ip=ip)
            return redirect(sent)
    about = _about(wish.list) if wish.list else _about_event(wish.event)
    return render(request, template, {"form": form, **about})


def _asked(request: HttpRequest, name: str) -> Asked:
    if name not in LISTS:
        raise Http404
    query = request.GET.urlencode()
    return LISTS[name].asked(query, version_of(request), timezone.now())


def _about(asked: Asked) -> dict[str, Any]:
    words = asked.of.words
    trail = [(words.many, asked.listing.path), (_("Per E-Mail abonnieren"), None)]
    return {"asked": asked, "words": words, "breadcrumb": trail}


def _event(slug: str) -> Event:
    return get_object_or_404(Event.objects.public(), slug=slug)


def _about_event(event: Event) -> dict[str, Any]:
    trail = [
        (_("Veranstaltungen"), reverse("events:list")),
        (event.title, event.get_absolute_url()),
        (_("Anmeldung"), None),
    ]
    return {"event": event, "breadcrumb": trail}


# The links of the e-mails


_pages = LinkPages(
    open_token=links.open_token,
    template="subscribing/link_{}.html",
    context=lambda subscription: {"told": _told(subscription)},
    after=lambda subscription, _now: links.see_path(subscription.subscriber_id),
)


@_pages.page(Purpose.CONFIRM)
def confirm(
    subscription: Subscription, _form: forms.Form, now: datetime
) -> tuple[Subscription, str]:
    done = actions.confirm(subscription, now=now)
    if done.event_id:
        return done, _("Danke. Wir schreiben Ihnen, sobald man sich anmelden kann.")
    return done, _("Danke, Ihr Abonnement ist bestätigt.")


@require_http_methods(["GET", "HEAD", "POST"])
@private
def see(request: HttpRequest, token: str) -> HttpResponse:
    """All that a mailbox has subscribed, each with a button that ends it."""
    opened = links.open_token(token, Purpose.SEE, now=timezone.now())
    if not opened.is_valid:
        return dead(request, opened)
    subscriber = opened.row.pk
    if request.method == "POST":
        _end(request, subscriber)
        return redirect(request.path)
    rows = opened.row.subscriptions.confirmed().with_everything()
    context = {"subscriptions": [_told(one) for one in rows], "all": ALL}
    return render(request, "subscribing/see.html", context)


def _end(request: HttpRequest, subscriber: int) -> None:
    which = request.POST.get("beenden", "")
    if which == ALL:
        ended = actions.end_all(subscriber)
    else:
        ended = (
            actions.end(subscriber, [int(which)]) if which.isdecimal() and len(which) < 19 else 0
        )
    if ended:
        sentence = ngettext("Das Abonnement ist beendet.", "Alle Abonnements sind beendet.", ended)
        messages.success(request, sentence)
    else:
        messages.info(request, _("Dieses Abonnement war schon beendet."))


@ends_mails
def end(request: HttpRequest, token: str) -> HttpResponse:
    opened = links.open_end(token, now=timezone.now())
    if request.method == "POST" and opened.outcome is not Outcome.WRONG:
        actions.end_letters(opened.subscriber, opened.memberships)
    if is_mail_program(request) and opened.outcome is not Outcome.WRONG:
        return done()  # also the second time, when nothing is left to end
    groups = weekly.wanting_mails(opened.memberships)
    if not opened.is_valid and not groups:
        return dead(request, opened)
    if request.method == "POST":
        return redirect(request.path)
    rows = opened.row.subscriptions.confirmed().with_everything() if opened.row else []
    context = {"subscriptions": [_told(one) for one in rows], "memberships": groups}
    return render(request, "subscribing/end.html", context)


def _told(subscription: Subscription) -> dict[str, Any]:
    """A subscription as pages show it."""
    watched = subscription.list
    asked = watched and LISTS[watched.name].asked(watched.query, current(), timezone.now())
    return {"subscription": subscription, "asked": asked, "event": subscription.event}
