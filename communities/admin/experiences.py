"""Experiences: written by members, approved by those who look after the group."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities.admin.group_choice import name_groups
from communities.admin.scope import OwnGroupFilter, OwnGroupsAdmin, WithGroupSteps
from communities.models import Experience, ExperienceState
from communities.scope import looks_after_all
from ground.refusals import Overtaken
from office.steps import SeenForm, Step


def _publish(row: Experience, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    # What was read is what is published: words that were changed since are not.
    as_read = Experience.objects.filter(
        pk=row.pk, state=ExperienceState.DRAFT, updated_at=row.updated_at
    )
    if not as_read.update(state=ExperienceState.PUBLIC, published_at=now, updated_at=now):
        raise Overtaken(row)


def _take_back(row: Experience, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    public = Experience.objects.filter(pk=row.pk, state=ExperienceState.PUBLIC)
    if not public.update(state=ExperienceState.DRAFT, updated_at=now):
        raise Overtaken(row)


STEPS = (
    Step(
        "veroeffentlichen",
        _("Freigeben und veröffentlichen"),
        _("Danach steht die Erfahrung auf den Seiten von Gruppe, Modellprojekt und Lösung."),
        _("Die Erfahrung ist öffentlich."),
        lambda row, by, now: row.state == ExperienceState.DRAFT,
        _publish,
        SeenForm,
    ),
    Step(
        "zuruecknehmen",
        _("Wieder zum Entwurf machen"),
        _("Die Erfahrung verschwindet von den öffentlichen Seiten."),
        _("Die Erfahrung ist wieder ein Entwurf."),
        lambda row, by, now: row.state == ExperienceState.PUBLIC,
        _take_back,
    ),
)


class ExperienceForm(forms.ModelForm):
    """For coordinators (`for_a_group`) an experience belongs to one of their groups."""

    for_a_group = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "community" in self.fields:
            name_groups(self.fields["community"])
        if self.for_a_group and "community" in self.fields:
            self.fields["community"].required = True


@admin.register(Experience)
class ExperienceAdmin(WithGroupSteps, OwnGroupsAdmin):
    steps = STEPS
    form = ExperienceForm
    list_display = ("title", "kind", "about", "state", "published_at")
    list_filter = ("state", "kind", OwnGroupFilter)
    ordering = ("-updated_at", "-pk")
    search_fields = ("title",)
    search_help_text = _("Überschrift oder Text.")
    fieldsets = (
        (None, {"fields": ("kind", "title", "what", "context", "again")}),
        (_("Betrieb"), {"fields": ("operator_model", "partners")}),
        (_("Gehört zu"), {"fields": ("community", "project", "solution")}),
    )

    def view_on_site(self, experience: Experience) -> str | None:
        """A draft has no page in the portal yet."""
        is_public = experience.state == ExperienceState.PUBLIC
        return experience.get_absolute_url() if is_public else None

    def matching(self, word: str) -> Q:
        return Q(title__icontains=word) | Q(what__icontains=word)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.for_a_group = not looks_after_all(request.user)
        return form

    def save_model(self, request: HttpRequest, obj: Experience, form: Any, change: bool) -> None:
        if not change:
            obj.written_by = request.user
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Experience]:
        # All that is read along: Django leaves out `list_select_related` where there is some already.
        along = ("community__parent", "project", "solution", "written_by")
        return super().get_queryset(request).select_related(*along)

    @admin.display(description=_("gehört zu"))
    def about(self, experience: Experience) -> str:
        group = experience.community and experience.community.full_name
        return str(experience.solution or experience.project or group or _t("nichts"))
