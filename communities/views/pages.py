"""The pages of groups, for everybody. Who is signed in also sees the way to their own groups."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from communities import schema_org
from communities.access import inside
from communities.entries import group_key, public_communities
from communities.models import Community
from communities.workshops import ended, public_workshops
from finding import conditional
from finding.conditional import version_of
from finding.same_for_all import same_for_all
from projects.catalogue import catalogue
from projects.models import Project

NEXT_SHOWN = 6
PAST_SHOWN = 5
SHOWN = 6


def _etag(request: HttpRequest, **_arguments: str) -> str | None:
    """Time alone changes the pages, too: a workshop that is over is no longer a next one."""
    etag = conditional.etag(request)
    return etag and f'{etag[:-1]}-{ended(timezone.now())}"'


@same_for_all()
@require_safe
@cache_control(no_cache=True)
@condition(etag_func=_etag)
def community_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    public = public_communities(version_of(request))
    coming = list(public_workshops().upcoming(now)[:NEXT_SHOWN])
    response = render(
        request,
        "communities/list.html",
        {
            "aegs": public.aegs,
            "earlier": public.earlier,
            "open_to_all": any(map(_is_open_to_all, public.aegs)),
            "coming": coming,
            "results": _newest(public.results),
            "result_count": public.results.index.size,
            "experiences": _newest(public.experiences),
            "experience_count": public.experiences.index.size,
            "mine": _own_groups(request),
            "breadcrumb": [(_("Gemeinschaften"), None)],
        },
    )
    return _personal(request, response)


@same_for_all()
@require_safe
@cache_control(no_cache=True)
@condition(etag_func=_etag)
def community_detail(request: HttpRequest, slug: str, group: str = "") -> HttpResponse:
    """Public facts come from memory; the workshops and what concerns the reader are read anew."""
    shown = catalogue(version_of(request))
    context = shown.pages.get(request.path, lambda: _facts(_group(slug, group)))
    response = render(
        request,
        "communities/detail.html",
        context
        | _workshops(context["community"], timezone.now())
        | {
            "is_inside": _own_groups(request).filter(pk=context["community"].pk).exists(),
            "is_signed_in": _has_session(request) and request.user.is_authenticated,
        },
    )
    return _personal(request, response)


def _is_open_to_all(community: Community) -> bool:
    """Whether it takes in Kommunen that are not funded, or one of its topic groups does."""
    groups = [community, *community.topic_groups.all()]
    return any(group.open_to_non_funded for group in groups if group.is_active)


def _newest(section: Any) -> list[Any]:
    return [section.entries[number] for number in section.orders["neueste"][:SHOWN]]


def _group(slug: str, group: str) -> Community:
    in_tree = {"slug": group, "parent__slug": slug} if group else {"slug": slug, "parent": None}
    return get_object_or_404(
        Community.objects.select_related("parent", "theme", "merged_into__parent").prefetch_related(
            "topic_groups",
            "supports__partner",
            "sources",
            Prefetch("projects", Project.objects.public().order_by("sort_name", "pk")),
            Prefetch("example_projects", Project.objects.public().order_by("sort_name", "pk")),
        ),
        **in_tree,
    )


def _facts(community: Community) -> dict[str, Any]:
    """What everybody sees of a group and time does not change; shared between requests."""
    public = public_communities()
    path = community.get_absolute_url()
    topics = community.topic_groups.all()
    lists = f"?gruppe={group_key(community)}"
    breadcrumb = [(_("Gemeinschaften"), reverse("communities:list"))]
    if community.parent:
        breadcrumb.append((community.parent.name, community.parent.get_absolute_url()))
    return {
        "community": community,
        "path": path,
        "founded": _founded(community),
        "json_ld": schema_org.script(schema_org.community(community, community.projects.all())),
        "topic_groups": [topic for topic in topics if topic.is_active],
        "archived_groups": [topic for topic in topics if not topic.is_active],
        "questions": [line.strip() for line in community.questions.splitlines() if line.strip()],
        "partners": [support.partner for support in community.supports.all()],
        "projects": list(community.projects.all()),
        "examples": list(community.example_projects.all()),
        "sources": list(community.sources.all()),
        "results": public.results_of(community),
        "results_url": reverse("communities:results") + lists,
        "experiences": public.experiences_of(community),
        "experiences_url": reverse("communities:experiences") + lists,
        "page_path": path,
        "breadcrumb": [*breadcrumb, (community.name, None)],
    }


def _founded(community: Community) -> str:
    """„November 2022“, or the year alone, as it is known; "" where it is not."""
    if community.founded_month:
        return date_format(date(community.founded_year, community.founded_month, 1), "F Y")
    return str(community.founded_year or "")


def _workshops(community: Community, now: datetime) -> dict[str, Any]:
    public = public_workshops([community, *community.topic_groups.all()])
    return {
        "coming": list(public.upcoming(now)[:NEXT_SHOWN]),
        "past": list(public.past(now)[:PAST_SHOWN]),
    }


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _own_groups(request: HttpRequest) -> Any:
    """The groups that the reader is in. Never looks for a session that cannot be there."""
    if not _has_session(request):
        return Community.objects.none()
    return inside(request.user).select_related("parent")


def _personal(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if _has_session(request):
        add_never_cache_headers(response)
    return response
