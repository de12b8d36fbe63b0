"""Form fields and widgets of the catalogue: choosing Kommunen and Länder."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models import Land, Municipality


def label(municipality: Municipality) -> str:
    """A name that tells places of the same name apart: „Neustadt (Stadt, HE, Marburg-Biedenkopf)“.

    Reads the Kreis: select it along.
    """
    parts = [municipality.designation, municipality.land]
    if municipality.kreis and municipality.kreis.name != municipality.name:
        parts.append(municipality.kreis.name)
    if municipality.ended_on:
        parts.append(str(_("aufgelöst")))
    return f"{municipality.name} ({', '.join(filter(None, parts))})"


class MunicipalityChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, municipality: Municipality) -> str:
        return label(municipality)


class MunicipalityChoices:
    """For an admin or inline: Kommunen to choose from are told apart by Land and Kreis."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: Any, **kwargs: Any
    ) -> forms.Field:
        if db_field.related_model is Municipality:
            kwargs["form_class"] = MunicipalityChoiceField
            kwargs.setdefault("queryset", Municipality.objects.select_related("kreis"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LoadedChoice(AutocompleteSelect):
    """An autocomplete that does not ask the database for an object its formset has loaded.

    With Django's widget every row of an inline costs a query.
    """

    loaded: models.Model | None = None

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> list[Any]:
        key = str(self.loaded.pk) if self.loaded else ""
        if list(map(str, value)) != [key]:
            return super().optgroups(name, value, attr)
        text = self.choices.field.label_from_instance(self.loaded) if self.loaded else ""
        return [(None, [self.create_option(name, key, text, {key}, 0)], 0)]


class LaenderField(forms.MultipleChoiceField):
    """The Länder of a project as boxes to tick, in the order in which they were stored before.

    Otherwise saving an untouched form would change the row, and look like an editor's decision.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=Land.choices, **kwargs)

    def in_stored_order(self, chosen: list[str], stored: list[str]) -> list[str]:
        return stored if set(chosen) == set(stored) else chosen
