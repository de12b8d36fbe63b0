"""Asking for membership. The answer never tells whether an address is known already."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.new_account import proves
from accounts.public_form import refusals_in
from communities import actions
from communities.forms import JoinForm
from communities.models import Community, MembershipState
from ground.client_address import client_address
from ground.private import private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def join(request: HttpRequest, slug: str, group: str = "") -> HttpResponse:
    community = _community(slug, group)
    context = {"community": community, "breadcrumb": _breadcrumb(community)}
    if not community.is_active:
        return render(request, "communities/joining/closed.html", context, status=410)
    now = timezone.now()
    user = _proved(request)
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, community=community, user=user, now=now)
    if form.is_valid():
        with refusals_in(form):
            return _ask(request, form, user)
    context |= {"form": form, "proved": user}
    return render(request, "communities/joining/join.html", context)


@require_safe
@private
def joined(request: HttpRequest, slug: str, group: str = "") -> HttpResponse:
    """The same for everybody, whatever became of it: the mailbox knows more."""
    community = _community(slug, group)
    context = {"community": community, "breadcrumb": _breadcrumb(community)}
    return render(request, "communities/joining/joined.html", context)


def _ask(request: HttpRequest, form: JoinForm, user: User | None) -> HttpResponse:
    membership = actions.request_membership(
        form.application(), now=form.now, by=user, ip=client_address(request)
    )
    if user is None:
        return redirect(address(form.community, "joined"))
    messages.success(request, _SENTENCES[MembershipState(membership.state)])
    return redirect("my_groups")


_SENTENCES = {
    MembershipState.ACTIVE: gettext_lazy("Sie sind Mitglied dieser Gruppe."),
    MembershipState.REQUESTED: gettext_lazy("Ihre Anfrage ist bei der Koordination der Gruppe."),
}


def address(community: Community, name: str = "join") -> str:
    """Where the form of a group is; reads the parent, select it along."""
    if community.parent_id:
        return reverse(
            f"communities:{name}_topic_group", args=[community.parent.slug, community.slug]
        )
    return reverse(f"communities:{name}", args=[community.slug])


def _community(slug: str, group: str) -> Community:
    communities = Community.objects.select_related("parent")
    if group:
        return get_object_or_404(communities, parent__slug=slug, slug=group)
    return get_object_or_404(communities, parent=None, slug=slug)


def _breadcrumb(community: Community) -> list[tuple[str, str | None]]:
    trail: list[tuple[str, str | None]] = [(_("Gemeinschaften"), reverse("communities:list"))]
    if community.parent_id:
        trail.append((community.parent.name, community.parent.get_absolute_url()))
    trail.append((community.name, community.get_absolute_url()))
    return [*trail, (_("Mitmachen"), None)]


def _proved(request: HttpRequest) -> User | None:
    """Who is signed in with a confirmed address; everybody else proves it by a link."""
    user = request.user
    if not user.is_authenticated:
        return None
    return user if proves(user, user.email) else None
