"""What an answer tells, what a request has changed, and what a browser sends back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import F, Model, QuerySet
from django.db.models.fields.files import FieldFile

from tests.communities.planted import MARK


def words(answer: Any) -> str:
    """All that an answer tells: its headers, its text, and what was sent along as a file."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{dict(answer.headers)}\n{content.decode(errors='replace')}"


def tells(answer: Any, known: Collection[str] = ()) -> bool:
    """Whether it holds a word of the others, beside those that are known anyway."""
    told = words(answer)
    for one in known:
        told = told.replace(one, "")
    return MARK.lower() in told.lower()


def stored(
    besides: Collection[str] = (), columns: Collection[str] = ()
) -> dict[str, dict[Any, dict[str, Any]]]:
    """The whole database but sessions, to compare it row by row; without these models and columns."""
    return {
        model._meta.label: {row["pk_"]: _without(row, columns) for row in _rows(model)}
        for model in apps.get_models(include_auto_created=True)
        if model not in (Session, UserSession)
        and model._meta.managed
        and model._meta.label not in besides
    }


def _rows(model: type[Model]) -> list[dict[str, Any]]:
    return list(model._base_manager.annotate(pk_=F("pk")).values())


def _without(row: dict[str, Any], columns: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


# What a form of a result or a group's e-mail sends along without further files.
NO_FILES = {"files-TOTAL_FORMS": "0", "files-INITIAL_FORMS": "0"}


def sent_back(client: Any, address: str, **changed: Any) -> dict[str, Any]:
    """The form of a page as a browser would send it back, but for what was changed."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data = {"_seen": context["seen"]} if "seen" in context else {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if isinstance(value, datetime):
                value = f"{value:%Y-%m-%dT%H:%M}"  # a form shows local time
            if isinstance(value, QuerySet | list):
                # What is not offered is not sent back either.
                offered = {str(key) for key, _label in bound.field.choices}
                keys = [getattr(one, "pk", one) for one in value]
                value = [key for key in keys if str(key) in offered]
            left_out = value is None or value is False or isinstance(value, FieldFile)
            if not left_out:  # a zero is sent
                data[bound.html_name] = value
    return data | changed


def errors(answer: Any) -> list[Any]:
    formsets = [one.formset for one in answer.context["inline_admin_formsets"]]
    return [answer.context["adminform"].form.errors, *(formset.errors for formset in formsets)]
