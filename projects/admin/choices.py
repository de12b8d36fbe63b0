"""Form fields and widgets of the catalogue: choosing Kommunen, projects and Länder."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from office.choices import PlainChoices
from office.widgets import Checkboxes
from projects.models import Municipality


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


class CatalogueChoices(PlainChoices):
    """For an admin or inline: Kommunen told apart by Land and Kreis."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: Any, **kwargs: Any
    ) -> forms.Field:
        if db_field.related_model is Municipality:
            kwargs["form_class"] = MunicipalityChoiceField
            kwargs.setdefault("queryset", Municipality.objects.select_related("kreis"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LaenderField(forms.MultipleChoiceField):
    """The Länder of a project as boxes to tick, in the order in which they were stored before.

    Otherwise saving an untouched form would change the row, and look like an editor's decision.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Land.choices, widget=Checkboxes(kwargs["label"]), **kwargs)

    def in_stored_order(self, chosen: list[str], stored: list[str]) -> list[str]:
        return stored if set(chosen) == set(stored) else chosen
