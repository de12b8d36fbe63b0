"""Results of a group: drafted, shared with the members, published."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.admin.group_choice import name_groups
from communities.admin.scope import OwnGroupFilter, OwnGroupsAdmin, OwnInline
from communities.models import Result, ResultFile, ResultState
from office.base import DeletedWhole
from office.slugs import SlugFromName
from office.widgets import Checkboxes
from projects.models import Solution


class ResultForm(SlugFromName, forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "community" in self.fields:
            name_groups(self.fields["community"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_public = cleaned.get("state") == ResultState.PUBLIC
        if is_public and "licence" in self.fields and not cleaned.get("licence"):
            # The constraint is not asked here, because the moment is none of the form's fields.
            self.add_error(
                "licence", _("Bevor ein Ergebnis öffentlich wird, braucht es eine Lizenz.")
            )
        if is_public and self.instance.published_at is None:
            self.instance.published_at = timezone.now()
        return cleaned


class FileInline(OwnInline, admin.StackedInline):
    model = ResultFile
    extra = 1
    fields = ("title", "file", "is_public", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResultFile]:
        return super().get_queryset(request).select_related("result")


@admin.register(Result)
class ResultAdmin(DeletedWhole, OwnGroupsAdmin):
    offers_another = False
    form = ResultForm
    inlines = (FileInline,)
    list_display = ("title", "group", "kind", "state", "published_at")
    list_select_related = ("community__parent",)
    list_filter = ("state", "kind", OwnGroupFilter)
    ordering = ("-updated_at", "-pk")
    search_fields = ("title",)
    search_help_text = _("Titel oder Beschreibung.")
    fieldsets = (
        (None, {"fields": ("community", "kind", "title", "summary")}),
        (
            _("Was andere bekommen"),
            {
                "fields": ("file", "link", "version", "licence", "authors"),
                "description": _(
                    "Eine Datei oder ein Link. Die Lizenz sagt, was andere damit tun dürfen."
                ),
            },
        ),
        (
            _("Wer es sieht"),
            {
                "fields": ("state",),
                "description": _(
                    "Ein Entwurf ist nur hier zu sehen, „für Mitglieder“ im Mitgliederbereich der "
                    "Gruppe, „öffentlich“ für alle, auch dann noch, wenn die Gruppe einmal endet. "
                    "Öffentlich braucht eine Lizenz."
                ),
            },
        ),
        (
            _("Beteiligte Modellprojekte"),
            {"fields": ("projects",), "classes": ("collapse",)},
        ),
        (_("Betroffene Lösungen"), {"fields": ("solutions",), "classes": ("collapse",)}),
        (_("Internetadresse"), {"fields": ("slug",), "classes": ("collapse",)}),
    )

    def stored_along(self, form: Any) -> set[str]:
        return {"published_at"} if "state" in form.changed_data else set()

    def matching(self, word: str) -> Q:
        return Q(title__icontains=word) | Q(summary__icontains=word)

    def has_delete_permission(self, request: HttpRequest, obj: Result | None = None) -> bool:
        """Drafts only: what others may already link to stays."""
        if obj is None or obj.state != ResultState.DRAFT:
            return False
        return self.has_change_permission(request, obj)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> forms.Field:
        field = super().formfield_for_manytomany(
            db_field, request, **kwargs, widget=Checkboxes(db_field.verbose_name), help_text=""
        )
        if db_field.related_model is Solution:
            field.queryset = field.queryset.select_related("project").order_by(
                "project__sort_name", "sort_name"
            )
            field.label_from_instance = lambda solution: f"{solution.project}: {solution}"
        return field

    @admin.display(description=_("Gruppe"), ordering="community__sort_name")
    def group(self, result: Result) -> str:
        return result.community.full_name
