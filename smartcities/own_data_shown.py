"""What is stored about a person, in words for a page. Everything, to the last letter, is in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _t

from accounts.own_data import Part, told

# A page that a phone can hold, and a text of which one sees what it is.
MOST_ROWS = 30
MOST_CHARACTERS = 1500
# Columns that say the same once more, or nothing to a reader.
_FOR_MACHINES = {"email_key", "html", "key", "object_id", "submission", "version"}

# By model and key, what a row leads to is called.
Names = dict[type[models.Model], dict[Any, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest rows of one kind, each as lines of label and text."""

    label: str
    count: int
    rows: list[list[tuple[str, str]]]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def shown(parts: Sequence[Part]) -> list[Shown]:
    """One query for each model that rows lead to, however many rows there are."""
    newest = [
        (part, sorted(part.stored, key=lambda row: row.pk)[: -MOST_ROWS - 1 : -1]) for part in parts
    ]
    names = _names([row for _part, rows in newest for row in rows])
    return [
        Shown(part.label, len(part.stored), [list(_lines(row, names)) for row in rows])
        for part, rows in newest
    ]


def _names(rows: Sequence[models.Model]) -> Names:
    """What people know by its name: what has a page of its own (an event, a group), a kind of thing."""
    keys: dict[type[models.Model], set[Any]] = {}
    for row in rows:
        for _label, field in told(row):
            if _has_a_name(field) and (key := getattr(row, field.attname)):
                keys.setdefault(field.related_model, set()).add(key)
    return {
        model: {
            pk: str(one) for pk, one in model._base_manager.select_related().in_bulk(found).items()
        }
        for model, found in keys.items()
    }


def _has_a_name(field: models.Field) -> bool:
    if not field.is_relation:
        return False
    return hasattr(field.related_model, "get_absolute_url") or field.related_model is ContentType


def _lines(row: models.Model, names: Names) -> Iterator[tuple[str, str]]:
    for label, field in told(row):
        if field.name in _FOR_MACHINES:
            continue
        value = getattr(row, field.attname)
        if field.is_relation:
            text = names.get(field.related_model, {}).get(value, "")
        elif field.choices and not isinstance(value, list):
            text = str(getattr(row, f"get_{field.name}_display")())
        else:
            text = _in_words(value)
        if text:
            yield label[:1].upper() + label[1:], Truncator(text).chars(MOST_CHARACTERS)


def _in_words(value: Any) -> str:
    """Nothing for what is empty, or made for machines."""
    if isinstance(value, bool):
        return _t("ja") if value else _t("nein")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j. F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j. F Y")
    if isinstance(value, time):
        return date_format(value, "H:i")
    if isinstance(value, Range):
        return _t("%s bis %s") % (_in_words(value.lower), _in_words(value.upper))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return "" if value is None or isinstance(value, list | dict) else str(value)
