"""Who sees whose: the office sees everything, an advisor what is their own."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from consulting.models import Advisor
from consulting.scope import is_office
from office.widgets import NativeDate
from projects.admin.base import CatalogueAdmin


class OwnOrAll(CatalogueAdmin):
    """Everything on these pages starts from `get_queryset`: lists, counts, forms, actions, choices.

    So what is not one's own does not exist there, and answers like something that never was.
    """

    def own(self, user: AbstractBaseUser) -> Q:
        """What belongs to an advisor who is not the office."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        return queryset if is_office(request.user) else queryset.filter(self.own(request.user))

    def own_object(self, request: HttpRequest, pk: int) -> Any:
        row = super().own_object(request, pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Advisor:
            kwargs["queryset"] = advisors_of(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Times are withdrawn and requests anonymised; neither just disappears.
        return False


class DaysInline(admin.StackedInline):
    """Times of whole days that are part of a row, so there are no rights for them alone."""

    # The model of the row, as its rights call it.
    of: str
    classes = ("rows",)
    extra = 1
    formfield_overrides = {models.DateField: {"widget": NativeDate}}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(f"consulting.view_{self.of}")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(
            f"consulting.change_{self.of}" if obj else f"consulting.add_{self.of}"
        )

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


def advisors_of(request: HttpRequest) -> QuerySet[Advisor]:
    """Those for whom a person may publish times."""
    advisors = Advisor.objects.all()
    return advisors if is_office(request.user) else advisors.filter(user=request.user)
