from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from communities import schema_org
from communities.access import may_open_file, visible_results
from communities.entries import public_communities, public_results
from communities.files import serve
from communities.models import Result, ResultFile, ResultState
from communities.views.listing import RESULTS, filtered_list
from finding.conditional import not_modified, version_of
from finding.public_pages import public_list
from finding.same_for_all import same_for_all
from ground.private import private
from projects.catalogue import catalogue
from projects.models import Project, Solution


@public_list
def result_list(request: HttpRequest) -> HttpResponse:
    section = public_communities(version_of(request)).results
    return filtered_list(request, section, RESULTS, kind="result")


@same_for_all()
@require_safe
def result_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A public result for everybody; one for members for those whom it is for, and no one else."""
    is_public = slug in public_communities(version_of(request)).results.by_slug
    return _public(request, slug=slug) if is_public else _for_members(request, slug=slug)


@require_safe
@private
def result_file(request: HttpRequest, slug: str) -> FileResponse:
    result = get_object_or_404(visible_results(_reader(request, slug)), slug=slug)
    return serve(result.file)


@require_safe
@private
def result_further_file(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """404 for whom it is not, as if there were none."""
    files = ResultFile.objects.select_related("result")
    file = get_object_or_404(files, pk=pk, result__slug=slug)
    if not may_open_file(request.user, file):
        raise Http404
    return serve(file.file)


@cache_control(no_cache=True)
@not_modified
def _public(request: HttpRequest, slug: str) -> HttpResponse:
    shown = catalogue(version_of(request))
    context = shown.pages.get(
        request.path, lambda: _context(get_object_or_404(public_results(), slug=slug))
    )
    return render(request, "communities/result.html", context)


@private
def _for_members(request: HttpRequest, slug: str) -> HttpResponse:
    visible = visible_results(request.user).select_related("community__parent")
    result = get_object_or_404(visible, slug=slug)
    return render(request, "communities/result.html", _context(result))


def _reader(request: HttpRequest, slug: str) -> Any:
    """No one in particular where everybody may have it: no session is looked for then."""
    is_public = slug in public_communities(version_of(request)).results.by_slug
    return AnonymousUser() if is_public else request.user


def _context(result: Result) -> dict[str, Any]:
    path = reverse("communities:result", args=[result.slug])
    return {
        "result": result,
        "files": _files(result),
        "path": path,
        # What is for members is for no search engine.
        "json_ld": schema_org.script(schema_org.result(result))
        if result.state == ResultState.PUBLIC
        else "",
        "projects": list(Project.objects.public().filter(results=result).order_by("sort_name")),
        "solutions": list(
            Solution.objects.public()
            .filter(results=result)
            .select_related("project")
            .order_by("sort_name")
        ),
        "page_path": path,
        "breadcrumb": [
            (_("Gemeinschaften"), reverse("communities:list")),
            (_("Ergebnisse"), reverse("communities:results")),
            (result.title, None),
        ],
    }


def _files(result: Result) -> list[ResultFile]:
    """On the page of a public result, which is the same for all, the public ones only."""
    files = result.files.select_related("result")
    if result.state == ResultState.PUBLIC:
        files = files.filter(is_public=True)
    return list(files)
