from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    PositiveBigIntegerField,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ground.names import fold
from ground.spreadsheet import csv_response
from office.confirmation import asks_first
from office.markup import link_list
from office.widgets import NativeDate
from projects.actions import mark_as_checked
from projects.admin.choices import CatalogueChoices, LaenderField
from projects.admin.facts import ProjectDocumentInline, ProjectLessonInline, SearchWords
from projects.admin.filters import (
    EditorsFilter,
    EverCheckedFilter,
    NeedsCheckFilter,
    ProjectLandFilter,
)
from projects.admin.money import WholeEuro
from projects.admin.own import EditorInline, OwnProjectsAdmin
from projects.admin.preview import WithPreview
from projects.admin.sources import ProjectSourceInline
from projects.catalogue import Catalogue
from projects.mail import owners as owner_mails
from projects.models import Project, ProjectEditor, ProjectMunicipality, Solution
from projects.portrait import of_project


class ParticipationForm(forms.ModelForm):
    def _get_validation_exclusions(self) -> set[str]:
        # Row by row, handing the lead from one Kommune to another looks like two leads for a
        # moment. The formset sees both rows.
        return super()._get_validation_exclusions() | {"is_lead"}


class ParticipationFormSet(BaseInlineFormSet):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queryset = self.queryset.select_related("project", "municipality__kreis")

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "municipality" in form.fields and form.instance.pk:
            form.fields["municipality"].widget.widget.loaded = form.instance.municipality

    def clean(self) -> None:
        super().clean()
        if len([form for form in self._kept() if form.cleaned_data.get("is_lead")]) > 1:
            raise ValidationError(_t("Federführend kann nur eine Kommune sein."))

    def save(self, commit: bool = True) -> Any:
        lead = next((form for form in self._kept() if form.cleaned_data.get("is_lead")), None)
        if commit and self.instance.pk:
            # Whoever loses the lead loses it first: two at once the database does not allow.
            others = self.instance.participations.filter(is_lead=True)
            others.exclude(pk=lead.instance.pk if lead else None).update(is_lead=False)
        return super().save(commit)

    def _kept(self) -> list[forms.ModelForm]:
        return [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not self._should_delete_form(form)
        ]


class ParticipationInline(CatalogueChoices, admin.StackedInline):
    model = ProjectMunicipality
    form = ParticipationForm
    formset = ParticipationFormSet
    fields = (("municipality", "is_lead", "position"),)
    classes = ("rows",)
    autocomplete_fields = ("municipality",)
    extra = 0


class ProjectForm(forms.ModelForm):
    laender = LaenderField(
        label=_("Länder"), help_text=_("Ein Projekt kann in mehreren Ländern liegen.")
    )
    search_words = SearchWords()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A declared field is in every form, also in one whose page does not show it.
        for name in ("laender", "search_words"):
            if name not in (self._meta.fields or ()):
                del self.fields[name]

    def clean_laender(self) -> list[str]:
        chosen, stored = self.cleaned_data["laender"], self.initial.get("laender") or []
        return self.fields["laender"].in_stored_order(chosen, stored)


class CheckedForm(forms.Form):
    checked_on = forms.DateField(
        label=_("Geprüft am"), widget=NativeDate, initial=timezone.localdate
    )
    drop_notes = forms.BooleanField(
        label=_("Den Vermerk „zu prüfen“ entfernen"), required=False, initial=True
    )

    def clean_checked_on(self) -> Any:
        day = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise ValidationError(_t("Das Datum liegt in der Zukunft."))
        return day


@admin.register(Project)
class ProjectAdmin(WithPreview, OwnProjectsAdmin):
    to_project = "pk"
    form = ProjectForm
    formfield_overrides = {
        **OwnProjectsAdmin.formfield_overrides,
        PositiveBigIntegerField: {"form_class": WholeEuro},
    }
    list_display = (
        "name",
        "call_year",
        "applicant_kind",
        "in_laender",
        "number_of_solutions",
        "is_public",
        "needs_check",
        "day_checked",
    )
    list_filter = (
        "call_year",
        NeedsCheckFilter,
        EverCheckedFilter,
        EditorsFilter,
        "is_public",
        "applicant_kind",
        ProjectLandFilter,
        "themes",
    )
    ordering = ("sort_name", "pk")
    search_help_text = _(
        "Name, Titel oder eine beteiligte Kommune; „Muenster“ findet auch Münster."
    )
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("solution_links", "created_at", "updated_at")
    inlines = (
        ParticipationInline,
        ProjectLessonInline,
        ProjectDocumentInline,
        ProjectSourceInline,
        EditorInline,
    )
    actions = ("mark_checked", "export")
    history_without_values = ("contact_name", "contact_email", "contact_phone", "email")
    fieldsets = (
        (None, {"fields": ("name", "title", "call_year", "applicant_kind", "laender")}),
        (
            _("Inhalt"),
            {"fields": ("summary", "themes", "themes_basis", "search_words", "phase", "website")},
        ),
        (_("Lösungen"), {"fields": ("solution_links",)}),
        (
            _("Stand und Förderung"),
            {
                "fields": (
                    "status_text",
                    ("funding_from", "funding_to", "ended_on"),
                    ("budget", "federal_share"),
                    "status_source",
                    "status_is_certain",
                    "status_note",
                ),
            },
        ),
        (
            _("Ansprechstelle"),
            {
                "fields": (
                    "contact_name",
                    "contact_email",
                    "contact_phone",
                    "contact_url",
                    "contact_source",
                ),
                "description": _(
                    "Steht öffentlich auf der Seite des Projekts. Bitte möglichst eine Stelle "
                    "eintragen und keine einzelne Person."
                ),
            },
        ),
        (
            _("Zahlen und Lage"),
            {
                "fields": (
                    ("population", "population_basis"),
                    "area_km2",
                    ("latitude", "longitude"),
                ),
                "description": _("Was keine Quelle belegt, bleibt leer."),
            },
        ),
        (
            _("Prüfung und Veröffentlichung"),
            {"fields": ("check_note", "editors_note", "checked_on", "is_public", "slug")},
        ),
        (_("Stand"), {"fields": (("created_at", "updated_at"),)}),
    )
    # For who edits this project only: what the federal programme, the official list and the check of
    # the portal's editors say is not theirs to change, nor the address and whether it is public.
    own_fieldsets = (
        (None, {"fields": ("name", "title")}),
        (_("Inhalt"), {"fields": ("summary", "themes", "search_words", "phase", "website")}),
        *fieldsets[2:5],
        (_("Stand"), {"fields": ("updated_at",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Project | None = None) -> Any:
        return self.fieldsets if self._shows_all(request, obj) else self.own_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Project | None = None) -> Any:
        own = () if self._shows_all(request, obj) else ("name",)
        return (*self.readonly_fields, *own)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Project | None = None) -> Any:
        return self.prepopulated_fields if self._shows_all(request, obj) else {}

    def _shows_all(self, request: HttpRequest, obj: Project | None) -> bool:
        """Those who only look see everything as well."""
        return self.has_office_permission(request) or not self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return super().get_queryset(request).annotate(solution_count=_number_of_solutions())

    def preview_of(self, shown: Catalogue, project: Project) -> dict[str, Any]:
        return of_project(shown, project, timezone.localdate())

    def matching(self, word: str) -> Q | Exists:
        in_municipality = ProjectMunicipality.objects.filter(
            project=OuterRef("pk"), municipality__sort_name__contains=fold(word)
        )
        return (
            Q(sort_name__contains=fold(word)) | Q(title__icontains=word) | Exists(in_municipality)
        )

    def view_on_site(self, project: Project) -> str | None:
        return project.get_absolute_url() if project.is_public else None

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is ProjectEditor:
            changed = [row for row, _fields in formset.changed_objects]
            for editor in [*formset.new_objects, *changed]:
                owner_mails.tell_editor(editor, by=request.user, now=timezone.now())

    @admin.display(description=_("Länder"))
    def in_laender(self, project: Project) -> str:
        return ", ".join(project.laender)

    @admin.display(description=_("Lösungen"), ordering="solution_count")
    def number_of_solutions(self, project: Any) -> int:
        return project.solution_count

    @admin.display(description=_("zu prüfen"), ordering=F("check_note"))
    def needs_check(self, project: Project) -> str:
        return _t("zu prüfen") if project.check_note else ""

    @admin.display(description=_("geprüft am"), ordering="checked_on")
    def day_checked(self, project: Project) -> str:
        return date_format(project.checked_on, "SHORT_DATE_FORMAT") if project.checked_on else ""

    @admin.display(description=_("Lösungen dieses Projekts"))
    def solution_links(self, project: Project) -> SafeString:
        if not project.pk:
            return format_html("{}", _t("Lösungen können Sie anlegen, sobald das Projekt besteht."))
        links = [
            (reverse("admin:projects_solution_change", args=[pk]), name)
            for pk, name in project.solutions.values_list("pk", "name")
        ]
        add = reverse("admin:projects_solution_add", query={"project": project.pk})
        return format_html(
            '{}<a class="addlink" href="{}">{}</a>',
            link_list(links),
            add,
            _t("Lösung hinzufügen"),
        )

    @admin.action(description=_("Als geprüft markieren"), permissions=["office"])
    @asks_first(
        title=_("Als geprüft markieren"),
        question=_("Die Angaben dieser Modellprojekte sind geprüft?"),
        button=_("Als geprüft markieren"),
        form_of=CheckedForm,
    )
    def mark_checked(
        self, request: HttpRequest, queryset: QuerySet[Project], form: CheckedForm
    ) -> None:
        changed = mark_as_checked(queryset, **form.cleaned_data)
        for project in changed:
            self.log_change(request, project, [{"changed": {"fields": ["geprüft am"]}}])
        self.message_user(
            request,
            _t("%(number)d Modellprojekte sind als geprüft markiert.") % {"number": len(changed)},
            messages.SUCCESS,
        )
        return None

    @admin.action(description=_("Als Tabelle herunterladen (CSV)"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Project]) -> HttpResponse:
        columns = {
            _t("Name"): lambda project: project.name,
            _t("Titel"): lambda project: project.title,
            _t("Staffel"): lambda project: project.call_year,
            _t("Art der Kommune"): lambda project: project.get_applicant_kind_display(),
            _t("Länder"): lambda project: ", ".join(project.laender),
            _t("Kommunen"): lambda project: ", ".join(
                row.municipality.name for row in project.participations.all()
            ),
            _t("Themen"): lambda project: ", ".join(map(str, project.themes.all())),
            _t("Lösungen"): lambda project: project.solution_count,
            _t("Website"): lambda project: project.website,
            _t("zu prüfen"): lambda project: project.check_note,
            _t("geprüft am"): lambda project: project.checked_on,
        }
        projects = queryset.prefetch_related("participations__municipality", "themes")
        rows = [[value(project) for value in columns.values()] for project in projects]
        return csv_response("modellprojekte.csv", columns, rows)


def _number_of_solutions() -> Coalesce:
    """Counted on its own, so that filters which join other tables cannot multiply it."""
    rows = Solution.objects.filter(project=OuterRef("pk")).order_by().values("project")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)
