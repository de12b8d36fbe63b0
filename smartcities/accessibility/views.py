from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guard import Guard, Sender
from accounts.public_form import refusals_in
from finding.same_for_all import same_for_all
from ground.client_address import client_address
from ground.mailbox import AddressFormField
from smartcities.accessibility import barriers
from smartcities.accessibility.findings import assessment

GUARD = Guard("barrier")


class BarrierForm(forms.Form):
    text = forms.CharField(
        label=_("Was geht nicht?"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("In Ihren Worten. Wenn Sie ein Hilfsmittel benutzen, nennen Sie es gern."),
    )
    page = forms.CharField(label=_("Auf welcher Seite?"), max_length=300, required=False)
    email = AddressFormField(
        label=_("Ihre E-Mail-Adresse"),
        max_length=254,
        required=False,
        help_text=_("Nur wenn Sie eine Antwort möchten. Wir antworten innerhalb eines Monats."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


@same_for_all(parts=())
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    context = {
        "breadcrumb": [(_("Barrierefreiheit"), None)],
        "assessment": assessment(),
    }
    return render(request, "pages/accessibility.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    # The page is asked for and not taken from the address or the referrer: the address of a page
    # that belongs to a link in an e-mail is as good as a key.
    form = BarrierForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now, ip = timezone.now(), client_address(request)
        with refusals_in(form), transaction.atomic():
            GUARD.admit(Sender(form.cleaned_data["email"], ip), now=now)
            barriers.report(**form.cleaned_data, now=now)
            return redirect("barrier_reported")
    context = {"form": form, "breadcrumb": _trail(_("Barriere melden"))}
    return render(request, "accessibility/report.html", context)


@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    return render(
        request, "accessibility/reported.html", {"breadcrumb": _trail(_("Danke für den Hinweis"))}
    )


def _trail(here: str) -> list[tuple[str, str | None]]:
    return [(_("Barrierefreiheit"), "/barrierefreiheit/"), (here, None)]
