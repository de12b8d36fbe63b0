"""A page of the administration beside its lists and forms."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.forms import BaseForm, Media
from django.http import HttpRequest
from django.template.response import TemplateResponse

from office.mistakes import mistakes_of

STYLE = Media(css={"all": ["css/office.css"]})


def office_page(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    template: str,
    title: str,
    context: dict[str, Any],
    *,
    media: Media | None = None,
    status: int | None = None,
    forms: Iterable[BaseForm] | None = None,
) -> TemplateResponse:
    """In the frame "office/page.html"; `media` of a form besides that of the admin.

    What `forms` do not accept, or the "form" of the context, stands above everything else.
    """
    if forms is None:
        forms = [context["form"]] if "form" in context else []
    frame = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "media": model_admin.media + STYLE + (media or Media()),
        "title": title,
        "refused": mistakes_of(forms),
    }
    return TemplateResponse(request, template, frame | context, status=status)
