"""What was typed into a page whose row has been deleted meanwhile: shown, and ready to become a new row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Typed:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows beneath a form, by the prefix of their fields."""

    prefix: str
    model: type[Model]
    # The field that refers to the row above.
    above: str


def typed(request: HttpRequest, model: type[Model], beneath: list[Rows]) -> list[Typed]:
    """Everything that people write or choose, under the names that the form has for it."""
    found = []
    for name, values in request.POST.lists():
        label, text = _label(name, model, beneath), "\n".join(filter(str.strip, values))
        if label and text:
            found.append(Typed(label, text))
    for name, file in request.FILES.items():
        found.append(Typed(_label(name, model, beneath) or name, file.name))
    return found


def as_new(request: HttpRequest, beneath: list[Rows]) -> Iterator[tuple[str, str]]:
    """The same fields as those of a new row with new rows beneath it."""
    keys = {
        f"{rows.prefix}-{name}"
        for rows in beneath
        for name in (rows.model._meta.pk.name, rows.above)
    }
    counts = {f"{rows.prefix}-{INITIAL_FORM_COUNT}" for rows in beneath}
    for name, values in request.POST.lists():
        prefix, _dash, last = name.rpartition("-")
        without_number = f"{prefix.rpartition('-')[0]}-{last}"
        if name.startswith(("_", "csrf")) or without_number in keys:
            continue
        for value in ["0"] if name in counts else values:
            yield name, value


def _label(name: str, model: type[Model], beneath: list[Rows]) -> str:
    for rows in beneath:
        if name.startswith(f"{rows.prefix}-"):
            number, _dash, field = name.removeprefix(f"{rows.prefix}-").partition("-")
            if not number.isdecimal() or field == DELETION_FIELD_NAME:
                return ""
            label = _name_of(rows.model, field)
            return label and f"{rows.model._meta.verbose_name} {int(number) + 1}: {label}"
    return _name_of(model, name)


def _name_of(model: type[Model], name: str) -> str:
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        # „starts_at_0“ is the first half of a field in two.
        half = name.rpartition("_")[0] if name[-2:] in ("_0", "_1") else ""
        return _name_of(model, half) if half else ""
    is_told = getattr(field, "editable", False) and not getattr(field, "primary_key", False)
    return str(field.verbose_name) if is_told else ""
