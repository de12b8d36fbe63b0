"""How groups stand in a list to choose from: each community, then its topic groups with its name."""

from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _


def name_groups(field: ModelChoiceField) -> None:
    field.queryset = field.queryset.in_order_of_full_name()
    field.label_from_instance = lambda group: group.full_name
    if field.empty_label is not None:
        field.empty_label = _("Bitte wählen") if field.required else _("keine")
