from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.forms import NameForm


@login_required
def account(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "account/overview.html",
        {
            "breadcrumb": [(_("Mein Konto"), None)],
            "has_second_factor": is_mfa_enabled(request.user),
            # Not only staff: coordinators and editors of projects work there too.
            "may_enter_administration": admin.site.may_enter(request),
            "new_address": EmailAddress.objects.get_new(request.user),
        },
    )


@login_required
def change_name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Ihr Name ist gespeichert."))
        return redirect("account")
    return render(request, "account/name.html", {"form": form})
