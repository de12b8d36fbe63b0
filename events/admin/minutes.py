"""The minutes of workshops: who of the group's coordinators has approved what."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from events.actions import minutes as actions
from events.admin.scope import HostedAdmin, trail_to_event
from events.hosting import hosted_by
from events.models import Minutes, MinutesState
from office.steps import SeenForm, Step, WithSteps


class ReadForm(SeenForm):
    """No one approves a text that they have not read."""

    shows = "admin/events/_minutes.html"
    changed = _(
        "Das Protokoll hat sich inzwischen geändert. Es wurde nichts gespeichert. Bitte lesen Sie es "
        "noch einmal."
    )


def _in(*states: MinutesState) -> Any:
    return lambda row, by, now: row.state in states


STEPS = (
    Step(
        "freigeben",
        _("Für die Mitglieder freigeben"),
        _("Danach lesen alle Mitglieder der Gruppe dieses Protokoll in ihrem Bereich."),
        _("Das Protokoll ist für die Mitglieder freigegeben."),
        _in(MinutesState.DRAFT),
        lambda row, form, by, now: actions.approve(row, by=by, now=now),
        ReadForm,
    ),
    Step(
        "veroeffentlichen",
        _("Für alle veröffentlichen"),
        _("Danach steht das Protokoll auf der Seite der Veranstaltung, und alle können es lesen."),
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


@admin.register(Minutes)
class MinutesAdmin(WithSteps, HostedAdmin):
    steps = STEPS
    list_display = ("event", "community_shown", "held_shown", "state", "approved_by")
    list_filter = ("state",)
    search_fields = ("event__title",)
    search_help_text = _("Titel der Veranstaltung.")
    ordering = ("-event__starts_at", "-pk")
    readonly_fields = ("state", "approved_by", "approved_at")
    history_without_values = ("text",)
    formfield_overrides = HostedAdmin.formfield_overrides | {
        models.TextField: {
            "widget": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"})
        },
    }

    class Media:
        css = {"all": ["css/office.css"]}

    def matching(self, word: str) -> Q:
        return Q(event__title__icontains=word)

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
        return super().get_queryset(request).select_related("event__community", "approved_by")
