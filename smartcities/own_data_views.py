"""The pages on which people see, take along and erase what is stored about them.

With an account after signing in, and with the password once more before anything is erased; without
one by a link to the address. GET and HEAD only show.
"""

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.guard import Guard, Sender
from accounts.own_data import Person
from accounts.public_form import refusals_in
from ground.client_address import client_address
from ground.clock import in_words
from ground.downloads import download
from ground.link_pages import dead
from ground.mailbox import AddressFormField
from ground.private import private
from smartcities import own_data
from smartcities.own_data_shown import shown

GUARD = Guard("own-data")


class AddressForm(forms.Form):
    email = AddressFormField(
        label=_("Ihre E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["email"].help_text = _(
            "An diese Adresse schicken wir einen Link, der %s gilt."
        ) % in_words(own_data.LINK_LASTS)


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Ja, löschen Sie alles, was über mich gespeichert ist."),
        error_messages={
            "required": _("Bitte bestätigen Sie mit dem Häkchen, dass alles gelöscht werden soll.")
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now, ip = timezone.now(), client_address(request)
        with refusals_in(form), transaction.atomic():
            GUARD.admit(Sender(form.cleaned_data["email"], ip), now=now)
            own_data.send_link(form.cleaned_data["email"], now=now)
            return redirect("own_data_sent")
    context = {"form": form, "breadcrumb": [(_("Meine Daten"), None)]}
    return render(request, "own_data/ask.html", context)


@require_http_methods(["GET", "HEAD"])
def link_sent(request: HttpRequest) -> HttpResponse:
    context = {"lasts": in_words(own_data.LINK_LASTS), "breadcrumb": [(_("Meine Daten"), None)]}
    return render(request, "own_data/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    opened = own_data.open_token(token)
    if not opened.is_valid:
        return dead(request, opened)
    person = opened.row
    must_sign_in = person.can_sign_in
    form = EraseForm(request.POST if "erase" in request.POST and not must_sign_in else None)
    if request.method == "POST" and "export" in request.POST:
        return _download(person)
    if form.is_valid() and (answer := _erase(request, person, form)):
        return answer
    # A mailbox alone deletes no account that is kept by a password or a key.
    return _page(request, person, form, of_account=must_sign_in, export_here=True)


@require_http_methods(["GET", "HEAD"])
@login_required
@private
def of_account(request: HttpRequest) -> HttpResponse:
    return _page(request, Person.of_user(request.user), EraseForm(), of_account=True)


@require_POST
@login_required
@private
def export_account(request: HttpRequest) -> HttpResponse:
    return _download(Person.of_user(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
@private
def erase_account(request: HttpRequest) -> HttpResponse:
    person = Person.of_user(request.user)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (answer := _erase(request, person, form)):
        return answer
    context = {
        "form": form,
        "obstacles": own_data.obstacles(person),
        "breadcrumb": [(_("Mein Konto"), "/konto/"), (_("Alles löschen"), None)],
    }
    return render(request, "own_data/erase.html", context)


def _erase(request: HttpRequest, person: Person, form: EraseForm) -> HttpResponse | None:
    try:
        own_data.erase(person, now=timezone.now())
    except own_data.NotYet as not_yet:
        for sentence in not_yet.args:
            form.add_error(None, sentence)
        return None
    logout(request)
    messages.success(request, _("Alles, was über Sie gespeichert war, ist gelöscht."))
    return redirect("start")


def _download(person: Person) -> HttpResponse:
    content = json.dumps(own_data.as_json(person, now=timezone.now()), ensure_ascii=False, indent=2)
    return download(
        content, name="meine-daten.json", content_type="application/json; charset=utf-8"
    )


def _page(
    request: HttpRequest,
    person: Person,
    form: EraseForm,
    *,
    of_account: bool = False,
    export_here: bool = False,
) -> HttpResponse:
    context = {
        "addresses": sorted(person.addresses),
        "parts": shown(own_data.parts(person)),
        "obstacles": own_data.obstacles(person),
        "form": form,
        "of_account": of_account,
        "export_here": export_here,
        "breadcrumb": [(_("Meine Daten"), None)],
    }
    return render(request, "own_data/page.html", context)
