"""What every list and form of the administration has in common."""

from copy import deepcopy
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ground.names import fold
from office.choices import PlainChoices
from office.filters import parameters
from office.freshness import FreshForms
from office.history import ReadableHistory
from office.once import SavedOnce
from office.saving import StaysOpen
from office.widgets import NativeDate

# The column by which rows beneath a form are put in order.
ORDER = "position"


class GuardedAdmin(StaysOpen, SavedOnce, FreshForms, ReadableHistory):
    """What holds for every list and form of the administration, also those that search in other ways.

    A list is asked for what it offers, a form writes over nothing that it has not shown and saves once.
    """

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Django's „Modellprojekt zur Änderung auswählen“ says less than the name of the list.
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # As the button that leads there says it; Django calls the page „Änderungsgeschichte“.
        answer = super().history_view(request, object_id, extra_context)
        if row := getattr(answer, "context_data", {}).get("object"):
            answer.context_data["title"] = _("Änderungsverlauf: %s") % row
        return answer

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        """A row that refers to others of its kind is not offered itself."""
        form = super().get_form(request, obj, *args, **kwargs)
        for name, field in form.base_fields.items() if obj is not None else ():
            if isinstance(field, ModelChoiceField) and field.queryset.model is self.model:
                others = deepcopy(field)
                others.queryset = field.queryset.exclude(pk=obj.pk)
                form.base_fields[name] = others
        return form

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Rows that are only read stand in their order already: its numbers say nothing then."""
        formsets = super().get_inline_formsets(*args, **kwargs)
        for one in formsets:
            if not one.has_change_permission:
                one.fieldsets = [
                    (name, options | {"fields": _without(ORDER, options["fields"])})
                    for name, options in one.fieldsets
                ]
        return formsets

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers as a filter.

        Django lets the address ask for any column, so one that the pages do not show could be read
        letter by letter.
        """
        offered = (parameters(self.model, one) for one in self.get_list_filter(request))
        days = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return lookup in set[str]().union(*offered, days if self.date_hierarchy else ())

    def own_object(self, request: HttpRequest, pk: int) -> Any:
        """For pages of one's own making. Raises `Http404` for a row of others, as if it did not exist."""
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        return row

    def tends_all(self, user: AbstractBaseUser) -> bool:
        """Whether a person looks after all rows, not only some of their own."""
        return user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")


def _without(name: str, fields: Any) -> list[Any]:
    """The fields of a form without this one, which may stand in a line with others."""
    lines = [_without(name, one) if isinstance(one, (list, tuple)) else one for one in fields]
    return [line for line in lines if line not in (name, [])]


class OnlyRead:
    """For rows that the portal or others write: shown, and changed by steps at most. First of the bases."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeletedWhole:
    """For rows that go with all that hangs on them, though no one deletes that singly. First of the bases."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        to_delete, counts, _missing_rights, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected


class OwnPage:
    """For rows that have a page instead of a form: `page_of`. First of the bases."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self.page_of(request, row)


class PortalAdmin(PlainChoices, GuardedAdmin):
    """Lists with counted filters, a search that ignores umlauts and case, a readable history."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.ALWAYS
    # Only says that there is a search: `matching` decides how.
    search_fields = ("sort_name",)
    formfield_overrides = {
        models.DateField: {"widget": NativeDate},
        models.URLField: {"assume_scheme": "https"},
    }

    def matching(self, word: str) -> Q:
        """What one word of a search finds. Several words must all match."""
        return Q(sort_name__contains=fold(word))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            if fold(word):
                queryset = queryset.filter(self.matching(word))
        return queryset, False
