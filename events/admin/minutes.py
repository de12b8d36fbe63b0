"""The minutes of workshops: who of the group's coordinators has approved what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from events.actions import minutes as actions
from events.admin.scope import HostedAdmin
from events.hosting import hosted_by
from events.models import Minutes, MinutesState
from ground.refusals import Overtaken
from office.saving import StaysOpen


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    title: str
    question: str
    done: str
    from_states: tuple[str, ...]
    run: Callable[[Minutes, HttpRequest], None]


STEPS = (
    Step(
        "freigeben",
        _("Für die Mitglieder freigeben"),
        _("Danach lesen alle Mitglieder der Gruppe dieses Protokoll in ihrem Bereich."),
        _("Das Protokoll ist für die Mitglieder freigegeben."),
        (MinutesState.DRAFT,),
        lambda row, request: actions.approve(row, by=request.user, now=timezone.now()),
    ),
    Step(
        "veroeffentlichen",
        _("Für alle veröffentlichen"),
        _("Danach steht das Protokoll auf der Seite der Veranstaltung, und alle können es lesen."),
        _("Das Protokoll ist veröffentlicht."),
        (MinutesState.APPROVED,),
        lambda row, request: actions.publish(row),
    ),
    Step(
        "zuruecknehmen",
        _("Zum Ändern zurücknehmen"),
        _("Das Protokoll wird wieder ein Entwurf, den nur die Koordination sieht."),
        _("Das Protokoll ist wieder ein Entwurf."),
        (MinutesState.APPROVED, MinutesState.PUBLIC),
        lambda row, request: actions.take_back(row),
    ),
)


class AsShownForm(forms.Form):
    """Carries what the page has shown, so that nobody approves a text they have not read."""

    fingerprint = forms.CharField(widget=forms.HiddenInput)


@admin.register(Minutes)
class MinutesAdmin(StaysOpen, HostedAdmin):
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

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/<slug:slug>/weiter/", view(self.step_view), name="events_minutes_step"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra = {} if row is None else {"steps": [s for s in STEPS if row.state in s.from_states]}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def step_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """Ask, with the text in full; POST carries it out once."""
        row = self.own_object(request, pk)
        step = next((step for step in STEPS if step.slug == slug), None)
        if step is None:
            raise Http404
        shown = _fingerprint(row)
        form = AsShownForm(request.POST or None, initial={"fingerprint": shown})
        if request.method == "POST" and form.is_valid():
            try:
                if form.cleaned_data["fingerprint"] != shown:
                    raise Overtaken
                step.run(row, request)
            except Overtaken:
                text = _t(
                    "Das Protokoll hat sich inzwischen geändert. Es wurde nichts gespeichert."
                )
                self.message_user(request, text, messages.WARNING)
            else:
                self.log_change(request, row, str(step.title))
                self.message_user(request, step.done, messages.SUCCESS)
            return redirect("admin:events_minutes_change", row.pk)
        return TemplateResponse(
            request,
            "admin/events/minutes_step.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "media": self.media,
                "title": step.title,
                "row": row,
                "event": row.event,
                "step": step,
                "form": form,
            },
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Minutes]:
        # All that is read along: Django leaves out `list_select_related` where there is some already.
        return super().get_queryset(request).select_related("event__community", "approved_by")


def _fingerprint(row: Minutes) -> str:
    return f"{row.state}:{row.updated_at.isoformat()}"
