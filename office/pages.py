"""A page of the administration beside its lists and forms."""

from typing import Any

from django.contrib import admin
from django.forms import Media
from django.http import HttpRequest
from django.template.response import TemplateResponse


def office_page(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    template: str,
    title: str,
    context: dict[str, Any],
    *,
    media: Media | None = None,
    status: int | None = None,
) -> TemplateResponse:
    """In the frame "office/page.html"; `media` of a form besides that of the admin."""
    frame = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "media": model_admin.media + (media or Media()),
        "title": title,
    }
    return TemplateResponse(request, template, frame | context, status=status)
