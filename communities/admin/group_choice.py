"""How groups stand in a list to choose from: each community, then its topic groups with its name."""

from django.db.models.functions import Coalesce
from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _


def name_groups(field: ModelChoiceField) -> None:
    field.queryset = field.queryset.select_related("parent").order_by(
        Coalesce("parent__sort_name", "sort_name"), "level", "sort_name", "pk"
    )
    field.label_from_instance = lambda group: group.full_name
    if field.empty_label is not None:
        field.empty_label = _("Bitte wählen") if field.required else _("keine")
