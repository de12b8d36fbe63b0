"""Who sees whose: the office sees everything, an advisor what is their own."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from consulting.models import Advisor
from consulting.scope import is_office
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

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Advisor:
            kwargs["queryset"] = advisors_of(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Times are withdrawn and requests anonymised; neither just disappears.
        return False


def advisors_of(request: HttpRequest) -> QuerySet[Advisor]:
    """Those for whom a person may publish times."""
    advisors = Advisor.objects.all()
    return advisors if is_office(request.user) else advisors.filter(user=request.user)
