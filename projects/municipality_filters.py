from typing import Any

import django_filters as filters
from django.forms import Select
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from projects.models import Municipality


class KernSelect(Select):
    """A drop-down list as the design system draws it."""

    def __init__(self, attrs: dict[str, str] | None = None, choices: Any = ()) -> None:
        super().__init__({"class": "kern-form-input__select", **(attrs or {})}, choices)


class MunicipalityFilter(filters.FilterSet):
    """Narrows a list of Kommunen; a value that does not exist is ignored."""

    land = filters.ChoiceFilter(
        label=_("Land"), choices=Land, empty_label=_("alle Länder"), widget=KernSelect
    )
    ebene = filters.ChoiceFilter(
        label=_("Art"),
        field_name="level",
        choices=Municipality.Level,
        empty_label=_("alle Arten"),
        widget=KernSelect,
    )

    class Meta:
        model = Municipality
        fields: tuple[str, ...] = ()
