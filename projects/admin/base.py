"""What the pages of the catalogue have in common."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from accounts.history import ReadableHistory
from accounts.widgets import Checkboxes, NativeDate
from projects.admin.choices import CatalogueChoices
from projects.models import Theme
from projects.names import fold


class CatalogueAdmin(CatalogueChoices, ReadableHistory):
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

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Django's „Modellprojekt zur Änderung auswählen“ says less than the name of the list.
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: Any, **kwargs: Any
    ) -> forms.Field:
        """Themes as boxes: seeing all of the vocabulary is what keeps it small and consistent."""
        if db_field.related_model is Theme:
            kwargs |= {"widget": Checkboxes(db_field.verbose_name), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

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


def link(url: str, label: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, label)


def link_list(links: list[tuple[str, str]]) -> SafeString:
    """A list of links, or "" where there is none."""
    if not links:
        return SafeString()
    items = format_html_join("", '<li><a href="{}">{}</a></li>', links)
    return format_html('<ul class="plain-list">{}</ul>', items)
