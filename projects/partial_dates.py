"""Years, months and days as people write them: „2025“, „9/2025“, „September 2025“, „18.9.2025“."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from ground.names import fold
from projects.models.sourced import PARTIAL_DATE
from projects.wording import partial_date

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = (
    re.compile(_YEAR),
    re.compile(rf"{_YEAR}-(?P<month>\d\d?)(?:-(?P<day>\d\d?))?"),
    re.compile(rf"(?:(?P<day>\d\d?)\. ?)?(?P<month>\d\d?) ?[./] ?{_YEAR}"),
    re.compile(rf"(?:(?P<day>\d\d?)\. ?)?(?P<name>[a-zäöü]{{3,}})\.? {_YEAR}"),
)


class PartialDateFormField(forms.CharField):
    """Stored as exact as it was said: „2025“, „2025-09“, „2025-09-18“."""

    default_error_messages = {
        "invalid": _(
            "Bitte geben Sie ein Jahr, einen Monat oder einen Tag an, zum Beispiel 9/2025."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = " ".join(super().to_python(value).split())
        if not text:
            return ""
        read = _read(text)
        if not read:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return read

    def prepare_value(self, value: Any) -> Any:
        # What was typed and not understood stays as it is.
        is_stored = isinstance(value, str) and re.fullmatch(PARTIAL_DATE, value)
        return partial_date(value) if is_stored else value


def _read(text: str) -> str:
    """As it is stored; "" for what is none."""
    for form in _FORMS:
        if found := form.fullmatch(text.lower()):
            return _stored(found.groupdict())
    return ""


def _stored(parts: dict[str, str | None]) -> str:
    year, month, day = parts["year"], parts.get("month"), parts.get("day")
    if name := parts.get("name"):
        month = next(
            (str(n) for n, word in MONTHS.items() if fold(word).startswith(fold(name))), "0"
        )
    if month is None:
        return str(year)
    try:
        moment = date(int(str(year)), int(month), int(day or 1))
    except ValueError:
        return ""
    return moment.isoformat() if day else f"{moment:%Y-%m}"
