"""What a page has shown of a row and of those beneath it, signed, so that it can be compared when it comes back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.db.models import Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import InlineForeignKeyField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

SEEN = "_seen"
_SALT = "office.freshness"


@dataclass(frozen=True)
class Row:
    """What a page has shown of one row, by field."""

    pk: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """What a page was filled from, and which differences it has asked about, with their values then."""

    of: str
    at: datetime
    rows: dict[str, Row]
    asked: dict[str, Any] = field(default_factory=dict)

    def signed(self) -> str:
        rows = {prefix: [row.pk, row.values] for prefix, row in self.rows.items()}
        content = [self.of, self.at.isoformat(), rows, self.asked]
        return signing.dumps(content, salt=_SALT, compress=True)


def page_of(token: str) -> Page | None:
    """None for what we have not signed."""
    try:
        of, at, rows, asked = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    read = {prefix: Row(pk, values) for prefix, (pk, values) in rows.items()}
    return Page(of, parse_datetime(at), read, asked)


def has_shown(request: HttpRequest, model: type[Model], pk: Any) -> bool:
    """Whether what was sent comes from a page that was filled from this row, there or not any more."""
    page = page_of(request.POST.get(SEEN, ""))
    return page is not None and page.of == f"{model._meta.label_lower}:{pk}"


def page_for(row: Model, shown_forms: Iterable[forms.ModelForm]) -> Page:
    rows = {
        form.prefix or "": Row(str(form.instance.pk), dict(_values(form)))
        for form in shown_forms
        if form.instance.pk is not None
    }
    return Page(name_of(row), timezone.now(), rows)


def name_of(row: Model) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


def _values(form: forms.ModelForm) -> Iterator[tuple[str, Any]]:
    for name, one in form.fields.items():
        if is_compared(form, name, one):
            yield name, plain(form[name].initial)


def is_compared(form: forms.ModelForm, name: str, one: forms.Field) -> bool:
    is_key = name == form._meta.model._meta.pk.name or isinstance(one, InlineForeignKeyField)
    return not (is_key or one.disabled or name == DELETION_FIELD_NAME)


def plain(value: Any) -> Any:
    """A form's initial value as JSON knows it, the same for the same value."""
    match value:
        case Model():
            return value.pk
        case QuerySet() | list() | tuple() | set():
            return [plain(one) for one in value]
        case FieldFile():
            return value.name or ""
        case datetime():
            return {"datetime": value.astimezone(timezone.get_default_timezone()).isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case Decimal():
            return {"decimal": str(value.normalize())}
        case None | bool() | int() | float():
            return value
        case str():
            return str(value).replace("\r\n", "\n")
    return str(value)


_READ = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
}


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _READ[kind](text)
    return [_read(one) for one in value] if isinstance(value, list) else value


def differs(one: forms.Field, value: Any, data: Any) -> bool:
    """Whether what was sent is another value than this one, or only the same in other words."""
    value = _read(value)
    if isinstance(one, forms.ModelMultipleChoiceField):
        # What the form does not offer could not be sent.
        offered = set(one.queryset.filter(pk__in=value or []).values_list("pk", flat=True))
        value = [pk for pk in value or [] if pk in offered]
    if not one.has_changed(value, data):
        return False
    if not isinstance(data, str):
        return True
    as_shown = one.widget.format_value(one.prepare_value(value))
    return _one_line_ending(as_shown or "") != _one_line_ending(data)


def _one_line_ending(text: Any) -> str:
    return str(text).replace("\r\n", "\n")
