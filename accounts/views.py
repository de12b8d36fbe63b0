from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.account.views import ConfirmEmailView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ConfirmAddressForm, NameForm
from accounts.models import User
from accounts.own_data import Person
from ground.private import private


@login_required
@private
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
            # For what apps above show here: only what belongs to a confirmed address.
            "person": Person.of_user(request.user),
            "now": timezone.now(),
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


class ConfirmAddress(ConfirmEmailView):
    """Confirms an address only where its mailbox and its account are the same person's.

    Else it would be enough to sign up with another person's address, or to change to it: they confirm
    it in good faith, and everything stored under their address shows in the stranger's account. So the
    browser must be the one that asked for it, or the password of the account is asked for.
    """

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.get_object().email_address.user
        if not _is_theirs(self.request, user):
            form = ConfirmAddressForm(self.request.POST, user=user)
            if not form.is_valid():
                self.object = self.get_object()
                return self.render_to_response(self.get_context_data(form=form))
        return super().post(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.object:
            user = self.object.email_address.user
            if not _is_theirs(self.request, user):
                kwargs.setdefault("form", ConfirmAddressForm(user=user))
        return super().get_context_data(**kwargs)


def _is_theirs(request: HttpRequest, user: User) -> bool:
    """Whether this browser is signed in to the account, or has just signed up for it."""
    if request.user.is_authenticated:
        return request.user.pk == user.pk
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    return bool(stage and stage.login.user and stage.login.user.pk == user.pk)
