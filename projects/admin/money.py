"""Sums as people in Germany type and read them: „48.000“, „1.200,50 €“."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from projects.table.cells import CellError, amount, shown_amount

# As programs write it, and not to be mistaken for thousands.
_WITH_POINT = re.compile(r"\d+\.\d{1,2}")
_GAP = re.compile(r"(?<=\d)\s(?=\d)")


def _read(value: Any) -> Decimal | None:
    if value is None or isinstance(value, Decimal | int):
        return value
    written = _GAP.sub("", value.strip())
    if _WITH_POINT.fullmatch(written):
        return Decimal(written)
    try:
        return amount(written)
    except CellError as error:
        raise ValidationError(str(error), code="invalid") from None


def _shown(value: Any) -> Any:
    return shown_amount(Decimal(value)) if isinstance(value, Decimal | int) else value


class _Typed(forms.TextInput):
    def __init__(self) -> None:
        super().__init__({"inputmode": "decimal"})


class Euro(forms.DecimalField):
    """Euro and cents."""

    widget = _Typed

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(_read(value))

    def prepare_value(self, value: Any) -> Any:
        return _shown(value)


class WholeEuro(forms.IntegerField):
    """A sum so large that no one counts its cents."""

    widget = _Typed

    def to_python(self, value: Any) -> int | None:
        found = _read(value)
        if found is not None and found != int(found):
            raise ValidationError(_("Bitte ohne Cent."), code="invalid")
        return super().to_python(None if found is None else int(found))

    def prepare_value(self, value: Any) -> Any:
        return _shown(value)
