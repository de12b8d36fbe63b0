"""Choosing another row in a form of the administration."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.utils.translation import gettext_lazy as _


class Autocomplete(AutocompleteSelect):
    """Django's autocomplete with names for screen readers, and without a query for each row.

    `loaded` is the chosen object where the form has it at hand already. With Django's widget every
    row of an inline asks the database for its own.
    """

    EMPTY_LABEL = _("Bitte wählen")
    loaded: models.Model | None = None

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {
            "data-placeholder": str(self.EMPTY_LABEL),
            # Inside <main>, so that the list of suggestions belongs to a region of the page.
            "data-dropdown-parent": "#content-start",
        }

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> list[Any]:
        empty = self.create_option(name, "", self.EMPTY_LABEL, False, 0)
        chosen = self._chosen([str(key) for key in value if key])
        options = [
            self.create_option(name, key, text, True, index)
            for index, (key, text) in enumerate(chosen, 1)
        ]
        return [(None, [empty, *options], 0)]

    def _chosen(self, keys: list[str]) -> list[tuple[str, str]]:
        if not keys:
            return []
        if self.loaded and keys == [str(self.loaded.pk)]:
            objects = [self.loaded]
        else:
            objects = self.choices.queryset.filter(pk__in=keys)
        return [(str(row.pk), self.choices.field.label_from_instance(row)) for row in objects]

    @property
    def media(self) -> forms.Media:
        # One list, because merged lists keep no order, and the script needs those before it.
        django = super().media
        return forms.Media(css=django._css, js=[*django._js, "js/admin_autocomplete.js"])


class PlainChoices:
    """For an admin or inline: autocomplete fields as above, and no windows opened beside a field."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: Any, **kwargs: Any
    ) -> forms.Field:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = Autocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.is_relation:
            # What a row refers to is edited on its own page. The shortcuts beside the field open
            # windows that only work with scripts, and deleting is one slip away.
            for shortcut in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{shortcut}_related", False)
        return field
