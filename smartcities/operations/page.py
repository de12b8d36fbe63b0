"""The page „Betrieb“ of the administration."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from smartcities.operations import retention, state

RIGHT = "smartcities.view_regulartask"


@require_safe
def operators_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    now = timezone.now()
    sections = [(key, title, find(now)) for key, title, find in state.SECTIONS]
    tasks = state.tasks(now)
    wrong = [
        (key, fact.label, fact.remedy)
        for key, _title, facts in sections
        for fact in facts
        if fact.remedy
    ] + [("aufgaben", line.name, line.remedy) for line in tasks if line.remedy]
    context = {
        **site.each_context(request),
        "title": _("Betrieb"),
        "now": now,
        "wrong": wrong,
        "sections": sections,
        "tasks": tasks,
        "rules": retention.preview(now),
    }
    return TemplateResponse(request, "admin/operations.html", context)
