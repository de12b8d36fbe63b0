"""Behind the door of a group: who else is in it, and what is only for its members."""

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.access import inside, may_open_attachment
from communities.files import serve
from communities.models import Membership, MessageFile, ResultFile, ResultState, Role
from communities.scope import coordinated_by
from communities.workshops import public_workshops
from ground.private import private

SHOWN = (ResultState.MEMBERS, ResultState.PUBLIC)
PAST_SHOWN = 20


@require_safe
@login_required
@private
def members_area(request: HttpRequest, slug: str, group: str = "") -> HttpResponse:
    """404 for who is neither in the group nor coordinates it: its inside is no one else's business."""
    in_tree = {"slug": group, "parent__slug": slug} if group else {"slug": slug, "parent": None}
    community = get_object_or_404(inside(request.user).select_related("parent"), **in_tree)
    active = Membership.objects.active().filter(community=community)
    visible = active.filter(is_visible=True).select_related("project", "municipality")
    members = list(visible.order_by("name", "pk"))
    now, workshops = timezone.now(), public_workshops([community])
    breadcrumb = [(_("Gemeinschaften"), reverse("communities:list"))]
    if community.parent:
        breadcrumb.append((community.parent.name, community.parent.get_absolute_url()))
    breadcrumb += [
        (community.name, community.get_absolute_url()),
        (_("Mitgliederbereich"), None),
    ]
    return render(
        request,
        "communities/members_area.html",
        {
            "community": community,
            "own": active.filter(user=request.user).first(),
            "coordinates": coordinated_by(request.user).filter(pk=community.pk).exists(),
            "members": members,
            "coordinators": [one for one in members if one.role == Role.COORDINATION],
            "member_count": active.count(),
            "results": community.results.filter(state__in=SHOWN)
            .order_by("title", "pk")
            .prefetch_related(Prefetch("files", ResultFile.objects.select_related("result"))),
            "coming": workshops.upcoming(now),
            "past": workshops.past(now)[:PAST_SHOWN],
            "breadcrumb": breadcrumb,
        },
    )


@require_safe
@login_required
@private
def message_file(request: HttpRequest, pk: int) -> FileResponse:
    """What went with a mail to a group; 404 for whom it is not, as if there were none."""
    files = MessageFile.objects.select_related("message")
    file = get_object_or_404(files, pk=pk)
    if not may_open_attachment(request.user, file):
        raise Http404
    return serve(file.file)
