"""A change history that people can read: who changed what, from which value to which.

Django's log only names the fields. What is added here stands in the same JSON, under a key of its own,
so entries stay readable for Django and old entries stay readable here.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.text import Truncator
from django.utils.translation import gettext as _

NOTHING = "–"
LONGEST_VALUE = 300


@dataclass(frozen=True)
class Change:
    """One sentence of an entry, with the fields it is about as (label, old, new)."""

    sentence: str
    values: list[tuple[str, str, str]]


class ReadableHistory(admin.ModelAdmin):
    """Notes old and new values with every change made in a form.

    Of the fields in `history_without_values`, and of those that choose a person, it only notes that they
    changed: personal data must not live on in a log after it was corrected or deleted. A model whose rows
    are called like a person says so with `names_a_person`.
    """

    history_without_values: Collection[str] = ()

    def construct_change_message(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        message = super().construct_change_message(request, form, formsets, add)
        changes = [part["changed"] for part in message if "changed" in part]
        # Django writes the form's change first, then those of the formsets in their order.
        for change, changed_form in zip(
            changes, _changed_forms(form, formsets, add=add), strict=True
        ):
            change["values"] = list(_values(changed_form, self.history_without_values))
        return message

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """That somebody was deleted stays, and by whom, but not who it was."""
        entries = super().log_deletions(request, queryset)
        if names_a_person(self.model):
            forget_history(queryset)
        return entries


def names_a_person(model: type[Model]) -> bool:
    return getattr(model, "names_a_person", False)


def forget_history(rows: Iterable[Model]) -> None:
    """Take the names of these rows, and what was typed, out of the administration's history."""
    by_model: dict[type[Model], list[str]] = defaultdict(list)
    for row in rows:
        # The user of a request is a proxy, whose own type is no model.
        by_model[row._meta.model].append(str(row.pk))
    for model, pks in by_model.items():
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=pks
        ).update(object_repr=NOTHING, change_message="")


def changes(entry: LogEntry) -> list[Change]:
    """The sentences of an entry, in German; text that is not Django's JSON as it stands."""
    try:
        parts = json.loads(entry.change_message)
    except json.JSONDecodeError:
        parts = None
    if not isinstance(parts, list):
        return [Change(str(entry) if not entry.change_message else entry.change_message, [])]
    if not parts:
        return [Change(_("Ohne Änderung gespeichert."), [])]
    return [
        Change(
            LogEntry(change_message=json.dumps([part])).get_change_message(),
            [tuple(row) for row in part.get("changed", {}).get("values", [])],
        )
        for part in parts
    ]


def _changed_forms(form: forms.ModelForm, formsets: Any, *, add: bool) -> Iterator[forms.ModelForm]:
    if form.changed_data and not add:
        yield form
    for formset in formsets or ():
        by_object = {id(row.instance): row for row in formset.initial_forms}
        for changed_object, _fields in formset.changed_objects:
            yield by_object[id(changed_object)]


def _values(form: forms.ModelForm, left_out: Collection[str]) -> Iterator[tuple[str, str, str]]:
    for name in form.changed_data:
        if name in left_out or name not in form.cleaned_data:
            continue
        field = form.fields[name]
        chosen = getattr(field, "queryset", None)
        if chosen is not None and names_a_person(chosen.model):
            continue
        label = str(field.label or name)
        old, new = form.get_initial_for_field(field, name), form.cleaned_data[name]
        yield label, shown(field, old), shown(field, new)


def mentions(entry: LogEntry, label: str) -> bool:
    """Whether an entry is about this field, or about a row of this kind."""
    try:
        parts = json.loads(entry.change_message)
    except json.JSONDecodeError:
        return False
    return any(
        label in (about.get("name"), *about.get("fields", ()))
        or label in [value[0] for value in about.get("values", ())]
        for part in parts
        for about in part.values()
    )


def shown(field: forms.Field, value: Any, *, longest: int | None = LONGEST_VALUE) -> str:
    """A value as the form's reader knows it: labels instead of keys, „ja“ instead of True."""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if value is None or value == "":
        return NOTHING
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(map(str, value))) or NOTHING
    if isinstance(field, forms.ModelChoiceField):
        return str(value if isinstance(value, Model) else _object(field, value))
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}
        keys = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(key), str(key)) for key in keys) or NOTHING
    text = str(localize(value))
    return text if longest is None else Truncator(text).chars(longest)


def _object(field: forms.ModelChoiceField, key: Any) -> Model | Any:
    return field.queryset.filter(pk=key).first() or key
