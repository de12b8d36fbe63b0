"""Actions on several rows ask once more before they change anything."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def confirmation(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    action: str,
    title: str,
    question: str,
    button: str,
    form: forms.Form,
) -> HttpResponse:
    """The page that shows what is about to happen, and to which rows."""
    return TemplateResponse(
        request,
        "office/confirmation.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "media": model_admin.media + form.media,
            "title": title,
            "question": question,
            "button": button,
            "action": action,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "objects": queryset,
            "form": form,
        },
    )


def confirmed(request: HttpRequest) -> bool:
    return "confirmed" in request.POST
