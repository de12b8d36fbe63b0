"""Actions on several rows ask once more before they change anything."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise

from office.pages import office_page

# A method of an admin: (self, request, rows, form).
Act = Callable[..., HttpResponse | None]
Action = Callable[..., HttpResponse | None]


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
    context = {
        "question": question,
        "button": button,
        "action": action,
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
        "objects": queryset,
        "form": form,
    }
    template = "office/confirmation.html"
    return office_page(model_admin, request, template, title, context, media=form.media)


def asks_first(
    *,
    title: Promise,
    question: Promise,
    button: Promise,
    form_of: Callable[[QueryDict | None], forms.Form] = forms.Form,
) -> Callable[[Act], Action]:
    """Make of what is done with the rows, and what was filled in, an action that asks before."""

    def as_action(act: Act) -> Action:
        @wraps(act)
        def action(
            self: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Any]
        ) -> HttpResponse | None:
            form = form_of(request.POST if confirmed(request) else None)
            if form.is_valid():
                return act(self, request, queryset, form)
            return confirmation(
                self,
                request,
                queryset,
                action=act.__name__,
                title=str(title),
                question=str(question),
                button=str(button),
                form=form,
            )

        return action

    return as_action


def confirmed(request: HttpRequest) -> bool:
    return "confirmed" in request.POST
