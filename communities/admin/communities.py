"""Communities and topic groups: texts for coordinators, the tree by steps that ask first."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from communities import actions, undo_links
from communities.admin.group_choice import name_groups
from communities.admin.scope import OwnGroupsAdmin, WithGroupSteps
from communities.models import (
    Community,
    CommunityKind,
    CommunitySource,
    CommunityState,
    MembershipState,
    PartnerSupport,
)
from communities.models.community import RESERVED_SLUGS
from communities.scope import looked_after_by, looks_after_all
from office.slugs import SlugFromName
from office.steps import Step, StepForm
from office.widgets import Checkboxes
from projects.admin.choices import CatalogueChoices
from projects.models import Project


class NewParentForm(StepForm):
    to = forms.ModelChoiceField(None, label=_("Wohin?"), empty_label=None)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["to"].queryset = _new_parents(self.row, self.by)


class MergeForm(StepForm):
    into = forms.ModelChoiceField(None, label=_("Mit welcher Gruppe?"), empty_label=None)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["into"].queryset = _others(self.row, self.by).select_related("parent")
        name_groups(self.fields["into"])


def _new_parents(row: Community, by: AbstractBaseUser) -> QuerySet[Community]:
    return looked_after_by(by).active().top().exclude(pk=row.parent_id)


def _others(row: Community, by: AbstractBaseUser) -> QuerySet[Community]:
    return looked_after_by(by).active().exclude(pk=row.pk)


def _is_topic_group(row: Community) -> bool:
    return row.is_active and row.parent_id is not None


def _may_move(row: Community, by: AbstractBaseUser, now: datetime) -> bool:
    # It leaves a community whose tree is its coordinators' business, not only the group's own.
    above = looked_after_by(by).filter(pk=row.parent_id)
    return _is_topic_group(row) and above.exists() and _new_parents(row, by).exists()


def _may_merge(row: Community, by: AbstractBaseUser, now: datetime) -> bool:
    return _is_topic_group(row) and _others(row, by).exists()


def _may_end(row: Community, by: AbstractBaseUser, now: datetime) -> bool:
    # A whole community is ended by the staff of the network.
    return row.is_active and (row.parent_id is not None or looks_after_all(by))


ARCHIVE = "archivieren"

STEPS = (
    Step(
        "umhaengen",
        _("Anderer Gemeinschaft zuordnen"),
        _(
            "Die Themengruppe behält Mitglieder, Ergebnisse und Rundmails. Wer die neue Gemeinschaft "
            "koordiniert, verwaltet ab sofort auch diese Gruppe, die bisherige Koordination der "
            "Gemeinschaft nicht mehr."
        ),
        _("Die Themengruppe ist umgezogen."),
        _may_move,
        lambda row, form, by, now: actions.move_topic_group(
            row, to=form.cleaned_data["to"], by=by, now=now
        ),
        NewParentForm,
    ),
    Step(
        "zusammenfuehren",
        _("Mit einer Gruppe zusammenführen"),
        _(
            "Mitglieder, offene Anfragen, Ergebnisse und Erfahrungen gehen zur anderen Gruppe. Diese "
            "hier wird archiviert und verweist auf sie."
        ),
        _("Die Gruppen sind zusammengeführt."),
        _may_merge,
        lambda row, form, by, now: actions.merge(
            row, into=form.cleaned_data["into"], by=by, now=now
        ),
        MergeForm,
    ),
    Step(
        ARCHIVE,
        _("Archivieren"),
        _(
            "Die Gruppe beendet ihre Arbeit, mit ihr die Themengruppen. Ergebnisse bleiben "
            "öffentlich, Rundmails enden, offene Anfragen werden mit einem Satz abgelehnt. Eine "
            "Themengruppe können Sie 30 Tage lang wieder aufnehmen: Den Link dazu sehen Sie gleich, und "
            "die Koordination bekommt ihn per E-Mail. Danach, und bei einer ganzen Gemeinschaft, kann "
            "das nur, wer alle Gemeinschaften betreut."
        ),
        _("Die Gruppe ist archiviert."),
        _may_end,
        lambda row, form, by, now: actions.archive(row, by=by, now=now),
    ),
    Step(
        "reaktivieren",
        _("Wieder aufnehmen"),
        _("Die Gruppe arbeitet wieder, mit den Mitgliedern, die sie hatte."),
        _("Die Gruppe arbeitet wieder."),
        lambda row, by, now: not row.is_active and looks_after_all(by),
        lambda row, form, by, now: actions.reactivate(row, now=now),
    ),
)


class CommunityForm(SlugFromName, forms.ModelForm):
    """For coordinators (`for_a_group`) a new group hangs under one of their own communities."""

    slug_stem_from = "name"
    reserved_slugs = RESERVED_SLUGS

    for_a_group = False
    parents: QuerySet[Community]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            self.fields["parent"].queryset = self.parents
            self.fields["parent"].required = self.for_a_group
            if self.for_a_group:
                self.fields["parent"].empty_label = None
                self.fields["parent"].help_text = _(
                    "Wer diese Gemeinschaft koordiniert, verwaltet auch die neue Themengruppe."
                )
        if self.for_a_group and not self.instance.pk:
            self.instance.kind = CommunityKind.TOPIC_GROUP
        for name in ("projects", "example_projects"):
            if name in self.fields:
                self.fields[name].queryset = Project.objects.public()

    def rivals(self, cleaned: dict[str, Any]) -> QuerySet[Any]:
        parent = cleaned.get("parent", self.instance.parent)
        return super().rivals(cleaned).filter(parent=parent)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        parent = cleaned.get("parent")
        if parent is not None and not self.parents.filter(pk=parent.pk).exists():
            raise ValidationError({"parent": _("Bitte eine Ihrer Gemeinschaften wählen.")})
        return cleaned


class PartnerInline(CatalogueChoices, admin.StackedInline):
    model = PartnerSupport
    classes = ("rows",)
    extra = 0


class SourceInline(CatalogueChoices, admin.StackedInline):
    model = CommunitySource
    classes = ("rows",)
    extra = 0


TEXTS = ("purpose", "questions", "working_mode")
CONTACT = (("contact_name", "contact_email"), "open_to_non_funded")


@admin.register(Community)
class CommunityAdmin(WithGroupSteps, OwnGroupsAdmin):
    to_community = ""
    steps = STEPS
    change_form_template = "admin/communities/community/change_form.html"
    form = CommunityForm
    list_display = ("full_name", "kind", "state", "number_of_members", "number_waiting")
    list_display_links = ("full_name",)
    list_select_related = ("parent",)
    list_filter = ("kind", "state")
    ordering = ("sort_name", "pk")
    search_help_text = _("Name der Gemeinschaft oder Themengruppe.")
    history_without_values = ("contact_name", "contact_email", "editors_note")

    def note_step(self, request: HttpRequest, row: Community, step: Step) -> None:
        super().note_step(request, row, step)
        if step.slug != ARCHIVE:
            return
        row = Community.objects.select_related("parent").get(pk=row.pk)
        if path := undo_links.path_for(row):
            text = _t("War das ein Versehen? <a href='{}'>Wieder aufnehmen</a>")
            self.message_user(request, format_html(text, path), messages.INFO)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Community]:
        active = Q(memberships__state=MembershipState.ACTIVE)
        waiting = Q(
            memberships__state=MembershipState.REQUESTED,
            memberships__email_confirmed_at__isnull=False,
        )
        return (
            super()
            .get_queryset(request)
            .select_related("parent")
            .annotate(
                members=Count("memberships", filter=active, distinct=True),
                requests=Count("memberships", filter=waiting, distinct=True),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Community | None = None) -> Any:
        everything = looks_after_all(request.user)
        sets = [(None, {"fields": self._names(everything, obj)})]
        sets.append((_("Öffentliche Seite"), {"fields": TEXTS}))
        sets.append((_("Kontakt und Aufnahme"), {"fields": CONTACT}))
        sets.append(
            (
                _("Beteiligte Modellprojekte"),
                {
                    "fields": ("projects", *(("example_projects",) if everything else ())),
                    "classes": ("collapse",),
                },
            )
        )
        if not everything and obj is None:
            sets.append((_("Internetadresse"), {"fields": ("slug",), "classes": ("collapse",)}))
        if everything:
            facts = (("founded_year", "founded_month"), "theme", "check_note", "editors_note")
            sets.append((_("Redaktion"), {"fields": facts}))
        return sets

    def _names(self, everything: bool, obj: Community | None) -> tuple[str, ...]:
        if everything:
            # Where a group hangs is changed by a step, which tells those whom it concerns.
            return ("kind", *(() if obj else ("parent",)), "name", "slug", "also_called")
        return ("name", "also_called") if obj else ("parent", "name")

    def get_form(
        self,
        request: HttpRequest,
        obj: Community | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.for_a_group = not looks_after_all(request.user)
        form.parents = looked_after_by(request.user).filter(state=CommunityState.ACTIVE).top()
        return form

    def get_inlines(self, request: HttpRequest, obj: Community | None = None) -> Any:
        return (PartnerInline, SourceInline) if obj and looks_after_all(request.user) else ()

    def ways(self, row: Community, request: HttpRequest) -> list[tuple[str, str]]:
        """To everything of this group, with the group chosen already."""
        members = reverse("admin:communities_membership_changelist")
        ways = [(_t("Mitglieder"), f"{members}?gruppe={row.pk}")]
        if not row.is_active:
            return ways
        ways += [
            (_t("Menschen einladen"), f"{reverse('admin:communities_invite')}?gruppe={row.pk}"),
            (_t("Rundmail schreiben"), _new("communities_groupmessage", community=row.pk)),
            (_t("Workshop planen"), _new("events_event", community=row.pk)),
            (_t("Arbeitsergebnis ablegen"), _new("communities_result", community=row.pk)),
        ]
        if row.parent_id is None:
            ways.append((_t("Themengruppe anlegen"), _new("communities_community", parent=row.pk)))
        return ways

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = {} if looks_after_all(request.user) else {"title": _t("Themengruppe anlegen")}
        return super().add_view(request, form_url, extra | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        ways = [] if row is None else self.ways(row, request)
        extra = {"title": _t("Gruppe bearbeiten"), "ways": ways} | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"looks_after_all": looks_after_all(request.user)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Under one's own communities; who only coordinates a topic group has none to hang one on."""
        if looks_after_all(request.user):
            return True
        return looked_after_by(request.user).top().exists()

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> forms.Field:
        if db_field.related_model is Project:
            kwargs |= {"widget": Checkboxes(db_field.verbose_name), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("Gruppe"), ordering="sort_name")
    def full_name(self, community: Community) -> str:
        return community.full_name

    @admin.display(description=_("Mitglieder"), ordering="members")
    def number_of_members(self, community: Any) -> int:
        return community.members

    @admin.display(description=_("Anfragen"), ordering="requests")
    def number_waiting(self, community: Any) -> str:
        return _t("%d warten") % community.requests if community.requests else ""


def _new(model: str, **chosen: int) -> str:
    return f"{reverse(f'admin:{model}_add')}?{urlencode(chosen)}"
