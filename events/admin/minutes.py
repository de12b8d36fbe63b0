"""The minutes of workshops: who of the group's coordinators has approved what."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities.admin.scope import ShowsFileName
from communities.models import Membership
from events.actions import minutes as actions
from events.admin.scope import HostedAdmin, HostedInline, trail_to_event
from events.hosting import hosted_by
from events.mail import minutes as mail
from events.models import (
    Minutes,
    MinutesDecision,
    MinutesFile,
    MinutesItem,
    MinutesState,
    MinutesTask,
)
from ground.refusals import NotPossible
from office.steps import SeenForm, Step, WithSteps
from office.widgets import NativeDate


class ReadForm(SeenForm):
    """No one approves a text that they have not read."""

    shows = "admin/events/_minutes.html"
    changed = _(
        "Das Protokoll hat sich inzwischen geändert. Es wurde nichts gespeichert. Bitte lesen Sie es "
        "noch einmal."
    )


class ApproveForm(ReadForm):
    tell_members = forms.BooleanField(
        label=_("Den Mitgliedern Bescheid geben"),
        required=False,
        initial=True,
        help_text=_(
            "Sie bekommen eine Rundmail mit dem Link, sofort oder im Wochenbrief, wie sie es gewählt "
            "haben. Sie geht nur einmal hinaus, auch wenn Sie das Protokoll später noch ändern."
        ),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self.row.told_at or not mail.reaches_anybody(self.row):
            del self.fields["tell_members"]

    def refuse(self, refusal: NotPossible) -> None:
        super().refuse(refusal)
        if self.cleaned_data.get("tell_members") and not self.row.event.community.answers_to:
            other_way = _t(
                "Ohne diesen Haken wird es freigegeben, und niemand bekommt eine E-Mail."
            )
            self.add_error("tell_members", other_way)


def _in(*states: MinutesState) -> Any:
    return lambda row, by, now: row.state in states


STEPS = (
    Step(
        "freigeben",
        _("Für die Mitglieder freigeben"),
        _("Danach lesen alle Mitglieder der Gruppe dieses Protokoll in ihrem Bereich."),
        _("Das Protokoll ist für die Mitglieder freigegeben."),
        _in(MinutesState.DRAFT),
        lambda row, form, by, now: actions.approve(
            row, by=by, now=now, tell_members=form.cleaned_data.get("tell_members", False)
        ),
        ApproveForm,
    ),
    Step(
        "veroeffentlichen",
        _("Für alle veröffentlichen"),
        _(
            "Danach steht das Protokoll auf der Seite der Veranstaltung, und alle können es lesen. "
            "Aufgaben und interne Anhänge sehen auch dann nur die Mitglieder."
        ),
        _("Das Protokoll ist veröffentlicht."),
        _in(MinutesState.APPROVED),
        lambda row, form, by, now: actions.publish(row),
        ReadForm,
    ),
    Step(
        "zuruecknehmen",
        _("Zum Ändern zurücknehmen"),
        _("Das Protokoll wird wieder ein Entwurf, den nur die Koordination sieht."),
        _("Das Protokoll ist wieder ein Entwurf."),
        _in(MinutesState.APPROVED, MinutesState.PUBLIC),
        lambda row, form, by, now: actions.take_back(row),
        ReadForm,
    ),
)


class _OfDraft(HostedInline, admin.StackedInline):
    """Written until the minutes are approved; then what has been read stays as it is."""

    extra = 1
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 4})}}

    def has_change_permission(self, request: HttpRequest, obj: Minutes | None = None) -> bool:
        return obj is None or obj.state == MinutesState.DRAFT

    has_add_permission = has_delete_permission = has_change_permission


class ItemInline(_OfDraft):
    model = MinutesItem
    fields = ("position", "title", "text")


class DecisionInline(_OfDraft):
    model = MinutesDecision
    fields = ("position", "text")


class FileInline(ShowsFileName, _OfDraft):
    model = MinutesFile
    fields = ("title", "file", "is_public", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MinutesFile]:
        return super().get_queryset(request).select_related("minutes__event")


class TaskForm(forms.ModelForm):
    is_done = forms.BooleanField(label=_("erledigt"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_done"] = self.instance.done_at is not None


class TaskInline(HostedInline, admin.StackedInline):
    """What is to be done goes on changing after the minutes are approved."""

    model = MinutesTask
    form = TaskForm
    extra = 1
    formfield_overrides = {models.DateField: {"widget": NativeDate}}
    fields = ("text", ("member", "owner_name"), ("due_on", "is_done"))

    def get_formset(self, request: HttpRequest, obj: Minutes | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if obj is None:
            return formset
        members = Membership.objects.active().filter(community=obj.event.community_id)
        member = formset.form.base_fields["member"]
        # Who has left stays where they are named already.
        member.queryset = members | Membership.objects.filter(tasks__minutes=obj)
        member.queryset = member.queryset.distinct().order_by("name", "pk")
        # Read once, not once for each task.
        member.choices = [
            ("", _t("Bitte wählen")),
            *((one.pk, str(one)) for one in member.queryset),
        ]
        return formset


class TasksFilter(admin.SimpleListFilter):
    title = _("Aufgaben")
    parameter_name = "aufgaben"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("offen", _("mit offenen")), ("ueberfaellig", _("mit überfälligen"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Minutes]) -> QuerySet[Minutes]:
        tasks = MinutesTask.objects
        match self.value():
            case "offen":
                return queryset.filter(pk__in=tasks.open().values("minutes"))
            case "ueberfaellig":
                today = timezone.localdate()
                return queryset.filter(pk__in=tasks.overdue(today).values("minutes"))
        return queryset


@admin.register(Minutes)
class MinutesAdmin(WithSteps, HostedAdmin):
    steps = STEPS
    list_display = ("event", "community_shown", "held_shown", "state", "open_tasks", "approved_by")
    list_filter = ("state", TasksFilter)
    inlines = (ItemInline, DecisionInline, TaskInline, FileInline)
    search_fields = ("event__title",)
    search_help_text = _("Titel der Veranstaltung.")
    ordering = ("-event__starts_at", "-pk")
    readonly_fields = ("state", "approved_by", "approved_at")
    # Who has taken on what outlives neither their account nor the year after it.
    history_without_values = ("text", "member", "owner_name")
    formfield_overrides = HostedAdmin.formfield_overrides | {
        models.TextField: {
            "widget": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"})
        },
    }

    def matching(self, word: str) -> Q:
        return Q(event__title__icontains=word)

    def view_on_site(self, row: Minutes) -> str | None:
        """As long as the event is a draft, its minutes have no page in the portal."""
        return row.get_absolute_url() if row.event.is_public else None

    @admin.display(description=_("Offene Aufgaben"))
    def open_tasks(self, row: Any) -> str:
        late = _t(", %d überfällig") % row.late_count if row.late_count else ""
        return f"{row.open_count}{late}" if row.open_count else ""

    @admin.display(description=_("Gruppe"))
    def community_shown(self, row: Minutes) -> str:
        return str(row.event.community or "")

    @admin.display(description=_("Termin"), ordering="event__starts_at")
    def held_shown(self, row: Minutes) -> str:
        return row.event.when

    def get_readonly_fields(self, request: HttpRequest, obj: Minutes | None = None) -> Any:
        if obj is None:
            return self.readonly_fields
        text = () if obj.state == MinutesState.DRAFT else ("text",)
        return (*self.readonly_fields, "event", *text)

    def get_fields(self, request: HttpRequest, obj: Minutes | None = None) -> Any:
        if obj is None:
            return ("event", "text")
        approval = () if obj.state == MinutesState.DRAFT else ("approved_by", "approved_at")
        return ("event", "state", *approval, "text")

    def get_inlines(self, request: HttpRequest, obj: Minutes | None = None) -> Any:
        # First it is said which workshop they are of: its members can take something on.
        return () if obj is None else self.inlines

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "event":
            # Meetings of groups that have none yet.
            field.queryset = (
                hosted_by(request.user)
                .filter(community__isnull=False, minutes=None)
                .order_by("-starts_at", "-pk")
            )
        return field

    def save_model(self, request: HttpRequest, obj: Minutes, form: Any, change: bool) -> None:
        if not change:
            obj.save()
        elif form.changed_data:
            # Only while it still is a draft: what was approved meanwhile is not written over.
            drafts = Minutes.objects.filter(pk=obj.pk, state=MinutesState.DRAFT)
            if not drafts.update(text=obj.text, updated_at=timezone.now()):
                text = _t("Das Protokoll wurde inzwischen freigegeben. Es wurde nichts geändert.")
                self.message_user(request, text, messages.WARNING)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is MinutesTask:
            _note_changes(formset)
        super().save_formset(request, form, formset, change)
        if formset.has_changed() and formset.model is not MinutesTask:
            # Who is about to approve them has read something else.
            Minutes.objects.filter(pk=form.instance.pk).update(updated_at=timezone.now())

    # What can be done with it -------------------------------------------------------------------

    def name_of(self, row: Minutes) -> str:
        return str(row.event)

    def facts_of(self, row: Minutes) -> str:
        return ", ".join(str(fact) for fact in (row.event.when, row.event.community) if fact)

    def trail_to(self, row: Minutes) -> list[tuple[str, str]]:
        return trail_to_event(row.event)

    def too_late(self, row: Minutes, step: Step) -> str:
        return _t("Das Protokoll hat sich inzwischen geändert. Es wurde nichts gespeichert.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Minutes]:
        # All that is read along: Django leaves out `list_select_related` where there is some already.
        rows = super().get_queryset(request).select_related("event__community", "approved_by")
        tasks = MinutesTask.objects.filter(minutes=OuterRef("pk")).order_by().values("minutes")
        sums = {
            name: Coalesce(Subquery(found.annotate(sum=models.Count("pk")).values("sum")), 0)
            for name, found in (
                ("open_count", tasks.open()),
                ("late_count", tasks.overdue(timezone.localdate())),
            )
        }
        return rows.annotate(**sums)


def _note_changes(formset: Any) -> None:
    """Before they are saved: a task done, taken up again or changed is another for its reminders."""
    for form in formset.forms:
        if not (form.has_changed() and form.is_valid()):
            continue
        task = form.instance
        if "is_done" in form.changed_data:
            task.done_at = timezone.now() if form.cleaned_data.get("is_done") else None
        actions.note_change(task, set(form.changed_data))
