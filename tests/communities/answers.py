"""What an answer tells, what a request has changed, and what a browser sends back."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
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


def stored(besides: Collection[str] = (), columns: Collection[str] = ()) -> dict[str, list[str]]:
    """The whole database but sessions, to compare it row by row; without these models and columns."""
    tables = {
        model._meta.label: model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model not in (Session, UserSession)
        and model._meta.managed
        and not model._meta.proxy
        and model._meta.label not in besides
    }
    rows = (
        f"SELECT '{label}', array_agg(row ORDER BY row) "
        f'FROM (SELECT (to_jsonb(one) - %(columns)s::text[])::text AS row FROM "{table}" one) AS all_'
        for label, table in tables.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(rows), {"columns": list(columns)})
        return {label: found or [] for label, found in cursor.fetchall()}


class Watched:
    """What `look` sees of the database, which it looks at again only where something was written.

    PostgreSQL counts what a transaction writes, also what is rolled back. Sessions are not looked at.
    """

    def __init__(self, look: Callable[[], Any]) -> None:
        self.look, self.seen, self.writes = look, look(), _writes()

    def has_changed(self) -> bool:
        """Whether it is another than it was at first."""
        before, self.writes = self.writes, _writes()
        return self.writes != before and self.look() != self.seen


def _writes() -> int:
    written = "+".join(f"pg_stat_get_xact_tuples_{what}(oid)" for what in WRITTEN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sum({written}) FROM pg_class WHERE relkind = 'r' AND relname <> %s",
            [Session._meta.db_table],
        )
        return cursor.fetchone()[0]


WRITTEN = ("inserted", "updated", "deleted")


# What a form of a result or a group's e-mail sends along without further files.
NO_FILES = {"files-TOTAL_FORMS": "0", "files-INITIAL_FORMS": "0"}


def sent_back(client: Any, address: str, **changed: Any) -> dict[str, Any]:
    """The form of a page as a browser would send it back, but for what was changed."""
    return filled_in(client.get(address)) | changed


def filled_in(page: Any) -> dict[str, Any]:
    """What a browser that shows this page would send back untouched."""
    context = page.context
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
    return data


def errors(answer: Any) -> list[Any]:
    formsets = [one.formset for one in answer.context["inline_admin_formsets"]]
    return [answer.context["adminform"].form.errors, *(formset.errors for formset in formsets)]
