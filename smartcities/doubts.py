"""The page „Zu prüfen“ of the administration, and its line on the start page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from office import doubts, todos
from office.todos import Todo

FIRST = 5
PER_PAGE = 100


@require_safe
def doubts_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """All kinds with their first rows, or with `?art=` all rows of one. Two queries at most for each kind."""
    mine = doubts.doubts_for(site, request.user, timezone.localdate())
    if not mine:
        raise PermissionDenied
    chosen = request.GET.get("art")
    context = _of_one(mine, chosen, request.GET.get("seite", "1")) if chosen else _of_all(mine)
    title = _("Zu prüfen")
    return TemplateResponse(
        request,
        "admin/doubts.html",
        {**site.each_context(request), "title": title, "url": reverse("admin:doubts"), **context},
    )


def _of_all(mine: list[doubts.Doubt]) -> dict[str, Any]:
    parts = [doubts.part(one, 0, FIRST) for one in mine]
    parts = [one for one in parts if one.number]
    return {"parts": parts, "number": sum(one.number for one in parts)}


def _of_one(mine: list[doubts.Doubt], key: str, page: str) -> dict[str, Any]:
    doubt = next((one for one in mine if one.key == key), None)
    if doubt is None or not page.isdecimal() or not 0 < int(page) < 10_000:
        raise Http404
    number = int(page)
    start = (number - 1) * PER_PAGE
    part = doubts.part(doubt, start, start + PER_PAGE, of_one_kind=True)
    return {
        "parts": [part],
        "number": part.number,
        "chosen": doubt,
        "before": number - 1,
        "after": number + 1 if part.number > start + PER_PAGE else 0,
    }


def waiting_for(user: AbstractBaseUser, now: datetime) -> Iterator[Todo]:
    number = doubts.count(doubts.doubts_for(admin.site, user, timezone.localdate(now)))
    if number:
        text = ngettext("%d Angabe ist zu prüfen", "%d Angaben sind zu prüfen", number)
        yield Todo(text % number, reverse("admin:doubts"))


todos.register("doubts", waiting_for)
