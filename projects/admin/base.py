"""What the pages of the catalogue have in common, and those of the apps above that refer to it."""

from typing import Any

from django import forms
from django.db import models

from office.base import PortalAdmin
from office.widgets import Checkboxes
from projects.admin.choices import CatalogueChoices
from projects.models import Technology, Theme


class CatalogueAdmin(CatalogueChoices, PortalAdmin):
    """Kommunen are told apart, themes and technologies are boxes."""

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: Any, **kwargs: Any
    ) -> forms.Field:
        """As boxes: seeing all of the vocabulary is what keeps it small and consistent."""
        if db_field.related_model in (Theme, Technology):
            kwargs |= {"widget": Checkboxes(db_field.verbose_name), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)
