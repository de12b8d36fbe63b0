from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.access import inside
from communities.entries import about, public_communities, public_experiences
from communities.forms.experience import ExperienceForm
from communities.models import Experience, ExperienceState
from communities.views.listing import EXPERIENCES, filtered_list
from finding.conditional import version_of
from finding.public_pages import public_list, public_page
from ground.private import private
from ground.refusals import DONE_ALREADY
from office.freshness import freshness
from office.seen import has_shown
from projects.catalogue import catalogue
from projects.models import Project, Solution


@public_list
def experience_list(request: HttpRequest) -> HttpResponse:
    section = public_communities(version_of(request)).experiences
    return filtered_list(request, section, EXPERIENCES, kind="experience")


@public_page
def experience_detail(request: HttpRequest, pk: int) -> HttpResponse:
    shown = catalogue(version_of(request))
    context = shown.pages.get(
        request.path, lambda: _context(get_object_or_404(public_experiences(), pk=pk))
    )
    return render(request, "communities/experience.html", context)


@require_safe
@login_required
@private
def own_experiences(request: HttpRequest) -> HttpResponse:
    own = Experience.objects.filter(written_by=request.user).select_related("community__parent")
    context = {
        "experiences": own.order_by("-created_at", "-pk"),
        "may_write": inside(request.user).active().exists(),
        "breadcrumb": _breadcrumb(_("Eigene Erfahrungen")),
    }
    return render(request, "communities/own_experiences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@private
def write_experience(request: HttpRequest) -> HttpResponse:
    """For members of a group. `?projekt=` and `?loesung=` say what it is about."""
    if not inside(request.user).active().exists():
        raise Http404
    draft = Experience(written_by=request.user)
    solution = Solution.objects.public().filter(slug=request.GET.get("loesung", "")).first()
    project = Project.objects.public().filter(slug=request.GET.get("projekt", "")).first()
    group = inside(request.user).active().filter(slug=request.GET.get("gruppe", "")).first()
    return _edit(request, draft, solution, {"project": project, "community": group})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@private
def edit_experience(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the author's own, and only as long as no one has published it."""
    with transaction.atomic():
        # No one publishes or changes it between the look at it and the saving.
        try:
            draft = _own_draft(request, pk, lock=request.method == "POST")
        except Http404:
            if request.method != "POST" or not has_shown(request, Experience, pk):
                raise
            return _gone(request)
        return _edit(request, draft, draft.solution, {})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@private
def delete_experience(request: HttpRequest, pk: int) -> HttpResponse:
    # Nothing tells whose it was; of one that is still there, others learn nothing.
    if request.method == "POST" and not Experience.objects.filter(pk=pk).exists():
        messages.info(request, DONE_ALREADY)
        return redirect("communities:own_experiences")
    draft = _own_draft(request, pk)
    if request.method == "POST":
        # Again only a draft: it may have been published since the page was opened.
        Experience.objects.filter(pk=draft.pk, state=ExperienceState.DRAFT).delete()
        if Experience.objects.filter(pk=draft.pk).exists():
            messages.warning(
                request, _("Gelöscht ist nichts: Dieser Entwurf wurde inzwischen veröffentlicht.")
            )
        else:
            messages.success(request, _("Der Entwurf ist gelöscht."))
        return redirect("communities:own_experiences")
    context = {"experience": draft, "breadcrumb": _breadcrumb(_("Entwurf löschen"))}
    return render(request, "communities/delete_experience.html", context)


def _edit(
    request: HttpRequest, draft: Experience, solution: Solution | None, initial: dict[str, Any]
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = ExperienceForm(
        posted, instance=draft, author=request.user, solution=solution, initial=initial
    )
    if form.is_valid():
        form.save_changes()
        messages.success(
            request,
            _("Ihr Entwurf ist gespeichert. Die Koordination der Gruppe sieht ihn sich an."),
        )
        return redirect("communities:own_experiences")
    context = {
        "form": form,
        "solution": solution,
        "is_new": draft.pk is None,
        "breadcrumb": _breadcrumb(_("Erfahrung schreiben")),
    }
    if draft.pk:
        # Who coordinates the group has a page to change it, too.
        context |= freshness(request, draft, [form])
    return render(request, "communities/write_experience.html", context)


def _gone(request: HttpRequest) -> HttpResponse:
    """The text of a draft that was published or deleted while it was written on: shown, not saved."""
    form = ExperienceForm(request.POST, instance=Experience(), author=request.user)
    form.add_error(
        None,
        _(
            "Diesen Entwurf gibt es nicht mehr: Er wurde inzwischen veröffentlicht oder gelöscht. "
            "Gespeichert ist nichts; Ihr Text steht noch hier, damit Sie ihn kopieren können."
        ),
    )
    context = {
        "form": form,
        "is_new": False,
        "is_gone": True,
        "breadcrumb": _breadcrumb(_("Erfahrung schreiben")),
    }
    return render(request, "communities/write_experience.html", context, status=409)


def _own_draft(request: HttpRequest, pk: int, *, lock: bool = False) -> Experience:
    drafts = Experience.objects.filter(state=ExperienceState.DRAFT, written_by=request.user)
    if lock:
        drafts = drafts.select_for_update(of=("self",), no_key=True)
    return get_object_or_404(drafts.select_related("solution"), pk=pk)


def _context(experience: Experience) -> dict[str, Any]:
    path = experience.get_absolute_url()
    return {
        "experience": experience,
        "about": about(experience),
        "path": path,
        "page_path": path,
        "breadcrumb": _breadcrumb(experience.title),
    }


def _breadcrumb(label: str) -> list[tuple[str, str | None]]:
    return [
        (_("Gemeinschaften"), reverse("communities:list")),
        (_("Erfahrungen"), reverse("communities:experiences")),
        (label, None),
    ]
