from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from office.confirmation import confirmation, confirmed
from office.markup import link
from projects.actions import merge_themes
from projects.admin.base import CatalogueAdmin
from projects.admin.facts import ThemeLessonInline
from projects.models import Project, Solution, Theme


class MergeForm(forms.Form):
    kept = forms.ModelChoiceField(
        Theme.objects.none(),
        label=_("Dieses Thema bleibt"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, themes: QuerySet[Theme], data: Any = None) -> None:
        super().__init__(data)
        self.fields["kept"].queryset = themes


@admin.register(Theme)
class ThemeAdmin(CatalogueAdmin):
    list_display = ("name", "projects_with_it", "solutions_with_it")
    ordering = ("name",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (ThemeLessonInline,)
    actions = ("merge",)
    fieldsets = (
        (None, {"fields": ("name", "description")}),
        (
            _("Adresse im Portal"),
            {
                "fields": ("slug",),
                "description": _(
                    "Steht in den Adressen der Filter. Wer sie ändert, macht gespeicherte Links "
                    "auf dieses Thema ungültig."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                number_of_projects=_number_of(Project.themes.through),
                number_of_solutions=_number_of(Solution.themes.through),
            )
        )

    def matching(self, word: str) -> Q:
        return Q(name__icontains=word)

    @admin.display(description=_("Modellprojekte"), ordering="number_of_projects")
    def projects_with_it(self, theme: Any) -> SafeString:
        url = reverse("admin:projects_project_changelist", query={"themes__id__exact": theme.pk})
        return link(url, theme.number_of_projects)

    @admin.display(description=_("Lösungen"), ordering="number_of_solutions")
    def solutions_with_it(self, theme: Any) -> SafeString:
        url = reverse("admin:projects_solution_changelist", query={"themes__id__exact": theme.pk})
        return link(url, theme.number_of_solutions)

    @admin.action(
        description=_("Ausgewählte Themen zusammenführen"), permissions=["change", "delete"]
    )
    def merge(self, request: HttpRequest, queryset: QuerySet[Theme]) -> HttpResponse | None:
        if len(queryset) < 2:
            self.message_user(
                request, _t("Bitte wählen Sie mindestens zwei Themen aus."), messages.WARNING
            )
            return None
        form = MergeForm(queryset, request.POST if confirmed(request) else None)
        if form.is_valid():
            self._merge(request, form.cleaned_data["kept"], list(queryset))
            return None
        return confirmation(
            self,
            request,
            queryset,
            action="merge",
            title=_t("Themen zusammenführen"),
            question=_t(
                "Alle Modellprojekte und Lösungen dieser Themen bekommen das Thema, das bleibt. "
                "Die anderen Themen werden gelöscht."
            ),
            button=_t("Zusammenführen"),
            form=form,
        )

    def _merge(self, request: HttpRequest, kept: Theme, themes: list[Theme]) -> None:
        others = [theme for theme in themes if theme != kept]
        self.log_deletions(request, others)
        merge_themes(kept, others)
        names = ", ".join(theme.name for theme in others)
        self.log_change(request, kept, _t("Zusammengeführt mit: %s") % names)
        self.message_user(
            request,
            _t("„%(kept)s“ bleibt. Aufgegangen sind: %(names)s.")
            % {"kept": kept.name, "names": names},
            messages.SUCCESS,
        )


def _number_of(through: type[models.Model]) -> Coalesce:
    """Counted on its own: two joins at once would multiply each other."""
    rows = through.objects.filter(theme=OuterRef("pk")).order_by().values("theme")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)
