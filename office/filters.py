"""The filters beside the lists. Each value shows how many rows it leaves."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Count, DateField, Exists, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def parameters(model: type[Model], offered: Any) -> set[str]:
    """What an address may say to use this entry of a `list_filter`."""
    if isinstance(offered, type):
        return {offered.parameter_name}
    path = offered[0] if isinstance(offered, tuple) else offered
    field = get_fields_from_path(model, path)[-1]
    if field.is_relation:
        key = field.target_field.name if field.concrete else field.related_model._meta.pk.name
        return {f"{path}__{key}__exact", f"{path}__isnull"}
    if isinstance(field, DateField):
        return {f"{path}__gte", f"{path}__lt", f"{path}__isnull"}
    return {path, f"{path}__exact", f"{path}__isnull"}


class YesNoFilter(admin.SimpleListFilter):
    """A question that every row answers with yes or no; `condition` is the yes."""

    yes, no = _("ja"), _("nein")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", self.yes), ("nein", self.no)]

    def condition(self) -> Q | Exists:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "ja":
            return queryset.filter(self.condition())
        if self.value() == "nein":
            return queryset.filter(~self.condition())
        return queryset


class ReferenceFilter(admin.SimpleListFilter):
    """By what a row refers to: `lookups` names primary keys, `refers_by` the foreign key."""

    refers_by: str

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{self.refers_by: value}) if _is_key(value) else queryset

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        """The rows beside each choice, counted in one go; Django looks at all of them for each choice."""
        rows = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())
        counts = rows.order_by().values_list(self.refers_by).annotate(Count("pk", distinct=True))
        by_key = {str(key): count for key, count in counts}
        return {
            f"{place}__c": by_key.get(key, 0)
            for place, (key, _name) in enumerate(self.lookup_choices)
        }


def _is_key(value: str | None) -> bool:
    return bool(value) and value.isdecimal()
