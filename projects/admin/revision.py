"""What projects have changed in their sheets, field by field, and how to put a version back."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ground.names import fold
from office.base import OnlyRead, PortalAdmin
from office.filters import YesNoFilter
from office.markup import link
from office.steps import Step, StepForm, WithSteps
from projects import revisions
from projects.models import Revision, Solution

# So many names of fields stand in the list.
NAMED = 4


class ByProjectFilter(YesNoFilter):
    """What projects changed comes first; everything else is one click away."""

    title = _("Projekt")
    parameter_name = "vom-projekt"
    yes, no = _("vom Projekt geändert"), _("anderes")

    def condition(self) -> Q:
        return Q(is_by_project=True)


class RestoreForm(StepForm):
    """Shows what would change, and knows which state of the sheet that was about."""

    shows = "admin/projects/revision/differences.html"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        there = revisions.sheet_of(self.row.solution_id)
        self.differences = list(revisions.differences(there, self.wanted().sheet))
        self._hand_out("state", forms.CharField, revisions.state_of(there))

    def wanted(self) -> Revision:
        return self.row

    def restore(self, by: AbstractBaseUser, now: datetime) -> Revision:
        seen = self.cleaned_data["state"]
        return revisions.restore(self.wanted(), seen=seen, by=by, now=now)


class RestoreBeforeForm(RestoreForm):
    def wanted(self) -> Revision:
        return revisions.before(self.row)


def _differs(revision: Revision | None) -> bool:
    return revision is not None and revisions.sheet_of(revision.solution_id) != revision.sheet


def _restore(row: Revision, form: RestoreForm, by: AbstractBaseUser, now: datetime) -> Revision:
    return form.restore(by, now)


def _may_restore(by: AbstractBaseUser) -> bool:
    return by.has_perm("projects.change_solution")


STEPS = (
    Step(
        "davor",
        _("Fassung davor wiederherstellen"),
        _("Die Lösung wird wieder so, wie sie vor dieser Änderung war. Auch das lässt sich zurücknehmen."),
        _("Die Fassung davor ist wiederhergestellt."),
        lambda row, by, now: _differs(revisions.before(row)),
        _restore,
        RestoreBeforeForm,
        allowed=_may_restore,
        makes_new=True,
    ),
    Step(
        "wiederherstellen",
        _("Diese Fassung wiederherstellen"),
        _("Die Lösung wird wieder so, wie sie nach dieser Änderung war. Auch das lässt sich zurücknehmen."),
        _("Diese Fassung ist wiederhergestellt."),
        lambda row, by, now: _differs(row),
        _restore,
        RestoreForm,
        allowed=_may_restore,
        makes_new=True,
    ),
)  # fmt: skip


@admin.register(Revision)
class RevisionAdmin(OnlyRead, WithSteps, PortalAdmin):
    """Versions are read and put back, never written here."""

    steps = STEPS
    list_display = ("solution_named", "project_named", "when", "who", "kind", "what")
    list_display_links = ("solution_named",)
    list_filter = (ByProjectFilter, "kind")
    list_select_related = ("solution__project", "by")
    ordering = ("-pk",)
    search_fields = ("solution",)
    search_help_text = _("Name der Lösung oder des Modellprojekts.")
    fields = readonly_fields = ("solution_link", "when", "who", "kind", "all_changes")

    class Media:
        css = {"all": ["css/office.css", "css/guide.css"]}

    def matching(self, word: str) -> Q:
        return Q(solution__sort_name__contains=fold(word)) | Q(
            solution__project__sort_name__contains=fold(word)
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).select_related("solution__project", "by")

    def note_step(self, request: HttpRequest, row: Revision, step: Step) -> None:
        """Into the history of the solution, where its other changes are."""
        changed = {"fields": [label for label, *_values in row.changes], "values": row.changes}
        self.log_change(request, row.solution, [{"changed": changed}])

    def facts_of(self, row: Revision) -> str:
        return _t("%(kind)s am %(when)s") % {
            "kind": row.get_kind_display(),
            "when": self.when(row),
        }

    @admin.display(description=_("Lösung"), ordering="solution__sort_name")
    def solution_named(self, row: Revision) -> str:
        return row.solution.name

    @admin.display(description=_("Modellprojekt"), ordering="solution__project__sort_name")
    def project_named(self, row: Revision) -> str:
        return row.solution.project.name

    @admin.display(description=_("wann"), ordering="at")
    def when(self, row: Revision) -> str:
        return date_format(timezone.localtime(row.at), "j. F Y H:i")

    @admin.display(description=_("wer"))
    def who(self, row: Revision) -> str:
        return (row.by.get_full_name() or str(row.by)) if row.by else ""

    @admin.display(description=_("was"))
    def what(self, row: Revision) -> str:
        labels = list(dict.fromkeys(label for label, *_values in row.changes))
        more = len(labels) - NAMED
        named = ", ".join(labels[:NAMED])
        return (
            _t("%(named)s und %(more)d mehr") % {"named": named, "more": more}
            if more > 0
            else named
        )

    @admin.display(description=_("Lösung"))
    def solution_link(self, row: Revision) -> SafeString:
        return link(reverse("admin:projects_solution_change", args=[row.solution_id]), str(row))

    @admin.display(description=_("was sich geändert hat"))
    def all_changes(self, row: Revision) -> SafeString | str:
        return changes_as_list(row.changes)


def changes_as_list(changes: list[Any]) -> SafeString | str:
    if not changes:
        return _t("So wurde sie vorgefunden.")
    rows = format_html_join(
        "",
        '<div><dt>{}</dt><dd><del>{}</del> <span class="visually-hidden">{}</span><ins>{}</ins></dd></div>',
        ((label, before, _t("wurde zu"), after) for label, before, after in changes),
    )
    return format_html('<dl class="changes">{}</dl>', rows)


class KeepsRevisions(admin.ModelAdmin):
    """For the admin of the solutions: every change is kept as a version, in the same transaction."""

    def save_model(self, request: HttpRequest, obj: Solution, form: Any, change: bool) -> None:
        # The form has locked the row, and nothing is written yet.
        request.sheet_before = revisions.sheet_of(obj.pk) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.keep_revision(request, form.instance, request.sheet_before)

    def keep_revision(
        self, request: HttpRequest, solution: Solution, before: revisions.Sheet | None
    ) -> None:
        """Also for other ways to change a sheet, in the transaction of the change."""
        by_project = not self.has_office_permission(request)
        revisions.keep(solution, before, request.user, timezone.now(), by_project=by_project)
