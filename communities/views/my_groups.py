"""The groups of a person who is signed in: what they are there, and what they decide themselves."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.own_data import Person
from communities import actions, links
from communities.actions import LastCoordinator
from communities.forms import PreferencesForm
from communities.links import Purpose
from communities.models import LIVE, Membership, MembershipState
from ground.mailbox import Mailbox
from ground.private import private
from ground.refusals import DONE_ALREADY, Overtaken


@require_safe
@login_required
@private
def my_groups(request: HttpRequest) -> HttpResponse:
    """Three queries, however many groups."""
    now = timezone.now()
    rows = _of(request.user).filter(state__in=LIVE)
    rows = list(rows.order_by("community__parent__sort_name", "community__sort_name"))
    return render(
        request,
        "communities/joining/my_groups.html",
        {
            "breadcrumb": [(_("Mein Konto"), reverse("account")), (_("Meine Gruppen"), None)],
            "active": [
                (row, PreferencesForm.of(row))
                for row in rows
                if row.state == MembershipState.ACTIVE
            ],
            "waiting": [row for row in rows if row.state == MembershipState.REQUESTED],
            "invited": [
                (row, links.path(Purpose.INVITATION, _token(row, now)))
                for row in rows
                if row.state == MembershipState.INVITED
            ],
        },
    )


@require_POST
@login_required
def preferences(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _mine(request, pk)
    form = PreferencesForm(request.POST, prefix=str(pk))
    if membership.state not in LIVE:
        messages.info(request, _NO_LONGER % membership.community.full_name)
    elif form.is_valid():
        actions.set_preferences(membership, **form.changes())
        messages.success(request, _("Gespeichert: %s.") % membership.community.full_name)
    else:
        messages.error(request, _("Das ging nicht. Bitte wählen Sie aus den Möglichkeiten."))
    return redirect("my_groups")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@private
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; then ends an active membership, or takes a request back."""
    membership = _mine(request, pk)
    if membership.state not in LIVE:
        messages.info(request, DONE_ALREADY)
        return redirect("my_groups")
    if request.method != "POST":
        name = "leave" if membership.state == MembershipState.ACTIVE else "withdraw"
        context = {
            "membership": membership,
            "community": membership.community,
            "form": forms.Form(),
            "cancel_url": reverse("my_groups"),
        }
        return render(request, f"communities/joining/link_{name}.html", context)
    action = actions.leave if membership.state == MembershipState.ACTIVE else actions.withdraw
    try:
        action(membership, now=timezone.now(), by=request.user)
    except LastCoordinator as refusal:
        messages.error(request, str(refusal))
    except Overtaken:
        messages.info(request, DONE_ALREADY)
    else:
        sentence = _NO_LONGER
        if action is actions.withdraw:
            sentence = _("Ihre Anfrage an „%s“ ist zurückgezogen.")
        messages.success(request, sentence % membership.community.full_name)
    return redirect("my_groups")


_NO_LONGER = gettext_lazy("Sie gehören nicht mehr zu „%s“.")


def _of(user: User) -> QuerySet[Membership]:
    """By the account, and by its confirmed addresses where it is not linked yet; over ones, too."""
    rows = Membership.objects.alias(mailbox=Mailbox("email")).filter(anonymised_at=None)
    rows = rows.filter(user=user) | rows.filter(
        user=None, mailbox__in=Person.of_user(user).mailboxes
    )
    return rows.select_related("community__parent", "project", "municipality")


def _mine(request: HttpRequest, pk: int) -> Membership:
    return get_object_or_404(_of(request.user), pk=pk)


def _token(membership: Membership, now) -> str:
    return links.token_for(membership, Purpose.INVITATION, now=now)
