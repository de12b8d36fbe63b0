"""Who sees whose: the staff of the network everything, coordinators what belongs to their groups."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.scope import (
    coordinated_by,
    coordinates_something,
    looked_after_by,
    looks_after_all,
)
from office.filters import ReferenceFilter
from office.steps import WithSteps
from projects.admin.base import CatalogueAdmin
from projects.admin.choices import CatalogueChoices
from projects.models import Project, Solution


class OwnChoices(CatalogueChoices):
    """What a form offers to choose from: one's own groups, and what everybody may see anyway.

    The same query decides about what is sent back, so a forged choice is none of the choices.
    """

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.related_model is Community:
            kwargs["queryset"] = groups_to_choose(request)
        if db_field.related_model in (Project, Solution):
            kwargs["queryset"] = db_field.related_model.objects.public()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.related_model in (Project, Solution):
            kwargs["queryset"] = db_field.related_model.objects.public()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class OwnInline(OwnChoices):
    """Rows of a row are edited by those who edit that one: its page has asked who that is."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class ShowsFileName:
    """For an inline with an uploaded `file`: once it is only read, it is shown by the name people gave it."""

    readonly_fields = ("download",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return ["download" if field == "file" else field for field in fields]

    @admin.display(description=_("Datei"))
    def download(self, row: Any) -> str:
        return format_html('<a href="{}">{}</a>', row.get_file_url(), row.file_name)


class OwnGroupsAdmin(OwnChoices, CatalogueAdmin):
    """Everything on these pages starts from `get_queryset`: lists, counts, forms, actions, choices.

    So what belongs to others does not exist there, and answers like something that never was. No
    right of Django is needed: what a person may do is read from their role with every request.
    """

    # The way from a row to its community; "" where the row is one.
    to_community = "community"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        if self.sees_all(request.user):
            return queryset
        return queryset.filter(self.own(coordinated_by(request.user)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a row hangs on and the form could not offer again is shown, so that it stays.

        A group that has ended, a project that is not public (any more): saving would empty the choice.
        """
        fixed = [] if obj is None else self._no_longer_offered(request, obj)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def _no_longer_offered(self, request: HttpRequest, row: Any) -> list[str]:
        # Asked several times per page, and again after the form has filled in its own values.
        if not hasattr(row, "no_longer_offered"):
            chosen = {
                field: getattr(row, field.attname)
                for field in row._meta.concrete_fields
                if field.related_model in (Community, Project, Solution) and field.editable
            }
            row.no_longer_offered = [
                field.name
                for field, pk in chosen.items()
                if pk is not None
                and not self.formfield_for_foreignkey(field, request)
                .queryset.filter(pk=pk)
                .exists()
            ]
        return row.no_longer_offered

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What a form does not offer because it is not public (yet) stays as it was."""
        unseen = _unseen(form.instance) if change else {}
        super().save_related(request, form, formsets, change)
        for name, rows in unseen.items():
            getattr(form.instance, name).add(*rows)

    def sees_all(self, user: Any) -> bool:
        """Staff for whom nothing is left out. Other apps have other staff."""
        return looks_after_all(user)

    def tends_all(self, user: Any) -> bool:
        return self.sees_all(user)

    def own(self, groups: QuerySet[Community]) -> Q:
        """Which rows belong to these groups."""
        return Q(**{f"{self.to_community or 'pk'}__in": groups.values("pk")})

    def is_own(self, request: HttpRequest, row: Any) -> bool:
        return self.get_queryset(request).filter(pk=row.pk).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._works_here(request)

    def _works_here(self, request: HttpRequest) -> bool:
        return self.sees_all(request.user) or _coordinates_something(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._works_here(request) and (obj is None or self.is_own(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._works_here(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WithGroupSteps(WithSteps):
    """Who has just given away the last group they looked after finds their groups in their account."""

    home = "my_groups"

    def after_step(self, request: HttpRequest, row: Any) -> HttpResponseRedirect:
        # The step may have taken away what was read before it.
        vars(request).pop("coordinates_something", None)
        return super().after_step(request, row)


def _unseen(row: models.Model) -> dict[str, list[models.Model]]:
    return {
        field.name: list(
            getattr(row, field.name).exclude(pk__in=field.related_model.objects.public())
        )
        for field in row._meta.many_to_many
        if field.related_model in (Project, Solution)
    }


def _coordinates_something(request: HttpRequest) -> bool:
    # Asked for each entry of the menu, answered by one query.
    if not hasattr(request, "coordinates_something"):
        request.coordinates_something = coordinates_something(request.user)
    return request.coordinates_something


class OwnGroupFilter(ReferenceFilter):
    """Only groups that one looks after stand in the list of choices."""

    title = Community._meta.verbose_name
    parameter_name = "gruppe"
    refers_by = "community"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        groups = looked_after_by(request.user).in_order_of_full_name()
        return [(str(group.pk), group.full_name) for group in groups]


def groups_to_choose(request: HttpRequest) -> QuerySet[Community]:
    """The groups for which a person can enter something: own ones that still work."""
    return looked_after_by(request.user).active().in_order_of_full_name()
