"""In every test, a form that asks for what its page calls „(freiwillig)“ fails the test that meets it.

The word stands beside each field that is not required, unless it says `one_of_several`
(templates/kern/layout/optional.html). What is asked for in `clean` has to say so.
"""

from collections.abc import Iterable
from typing import Any

from django import forms


class AskedForAllTheSame(Exception):
    """A field was called voluntary, left empty, and then missed."""


def _is_called_voluntary(form: forms.BaseForm, name: str) -> bool:
    field = form.fields[name]
    is_marked = not (field.required or getattr(field, "one_of_several", False))
    # The administration marks what is needed; a checkbox bears no mark at all.
    of_administration = any(".admin" in part.__module__ for part in type(form).__mro__)
    is_shown = not of_administration and not form[name].is_hidden
    return is_marked and is_shown and not isinstance(field.widget, forms.CheckboxInput)


def _add_error(form: forms.BaseForm, field: str | None, error: Any) -> None:
    for name in _named(field, error):
        if name in form.fields and not form[name].data and _is_called_voluntary(form, name):
            raise AskedForAllTheSame(f"{type(form).__qualname__}.{name}: {error}")
    _as_django_does(form, field, error)


def _named(field: str | None, error: Any) -> Iterable[str]:
    """The fields that an error is about; `clean` and models name several in one."""
    if field is not None:
        return [field]
    return error if isinstance(error, dict) else getattr(error, "error_dict", ())


_as_django_does = forms.BaseForm.add_error
forms.BaseForm.add_error = _add_error
