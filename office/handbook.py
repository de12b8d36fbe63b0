"""The „?“ beside a difficult field: leads to the place in the handbook that explains it.

Which field leads where is said from above, where the handbook is.
"""

from collections.abc import Callable, Mapping

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

# By "app.Model.field": the address, worked out when a form is shown.
_places: dict[str, Callable[[], str]] = {}


def lead(places: Mapping[str, Callable[[], str]]) -> None:
    _places.update(places)


def mark(form: forms.ModelForm) -> None:
    """Put the „?“ behind what is said of a field. It opens a page of its own: what is typed stays."""
    model = form._meta.model._meta.label
    for name, one in form.fields.items():
        place = _places.get(f"{model}.{name}")
        if place is None or one.widget.is_hidden:
            continue
        one.help_text = format_html(
            '{} <a class="handbook-link" href="{}" target="_blank" rel="noopener"><span aria-hidden="true">?</span>'
            '<span class="visually-hidden">{}</span></a>',
            one.help_text,
            place(),
            _("Hilfe zu „%s“, öffnet ein neues Fenster") % (one.label or name),
        )
