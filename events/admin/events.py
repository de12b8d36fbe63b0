"""The events in the administration: their list, their page, and what can be done with one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events import followers
from events.actions import move_up, publishing
from events.actions.desk import takes_calls
from events.admin import reports, writing
from events.admin.filters import AheadFilter, YearFilter
from events.admin.forms import EventForm
from events.admin.inlines import (
    AgendaInline,
    DocumentInline,
    QuestionInline,
    SeatsInline,
    SourceInline,
)
from events.admin.reminding import ReminderInline
from events.admin.scope import HostedAdmin, OwnCommunityFilter
from events.admin.steps import STEPS
from events.hosting import looks_after_all
from events.models import Event, EventState, Minutes, Seats
from events.views import attendance as door
from events.views import desk
from office.base import DeletedWhole
from office.steps import Step, WithSteps
from office.widgets import Checkboxes, NativeDateTime
from projects.models import Project


@admin.register(Event)
class EventAdmin(DeletedWhole, WithSteps, HostedAdmin):
    to_community = "community"
    steps = STEPS
    change_form_template = "admin/events/event/change_form.html"
    form = EventForm
    list_display = (
        "title",
        "when_shown",
        "kind",
        "state_shown",
        "city",
        "seats_shown",
        "waiting_shown",
    )
    search_fields = ("title",)
    search_help_text = _("Titel, Stadt oder Gemeinde.")
    history_without_values = ("contact_name", "contact_email", "online_link", "editors_note")
    inlines = (
        SeatsInline,
        AgendaInline,
        QuestionInline,
        DocumentInline,
        ReminderInline,
        SourceInline,
    )
    formfield_overrides = HostedAdmin.formfield_overrides | {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": NativeDateTime},
    }

    # The list ----------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        seats = Seats.objects.filter(event=OuterRef("pk")).order_by().values("event")
        sums = {
            name: Coalesce(Subquery(seats.annotate(sum=models.Sum(name)).values("sum")), 0)
            for name in ("taken", "waiting")
        }
        # None as soon as one form has no limit.
        limited = seats.exclude(event__seats__capacity=None).annotate(sum=models.Sum("capacity"))
        return (
            super().get_queryset(request).annotate(**sums, capacity=Subquery(limited.values("sum")))
        )

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """The newest first; drafts without a date, which wait for one, on top."""
        return (models.F("starts_at").desc(nulls_first=True), "-pk")

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        # The Land says little about the few meetings of one group.
        land = ("land",) if looks_after_all(request.user) else ()
        return (AheadFilter, "state", "kind", YearFilter, *land, OwnCommunityFilter)

    def view_on_site(self, event: Event) -> str | None:
        """A draft has no page in the portal yet."""
        return event.get_absolute_url() if event.is_public else None

    def matching(self, word: str) -> Q:
        return Q(title__icontains=word) | Q(city__icontains=word)

    @admin.display(description=_("Termin"), ordering="starts_at")
    def when_shown(self, event: Event) -> str:
        return event.when

    @admin.display(description=_("Stand"), ordering="state")
    def state_shown(self, event: Event) -> str:
        if event.state == EventState.PUBLISHED and event.is_past(timezone.now()):
            return _t("vorbei")
        return event.get_state_display()

    @admin.display(description=_("Plätze"))
    def seats_shown(self, event: Any) -> str:
        if not event.takes_registrations:
            return ""
        if event.capacity is None:
            return str(event.taken)
        return _t("%(taken)d von %(capacity)d") % {"taken": event.taken, "capacity": event.capacity}

    @admin.display(description=_("wartend"))
    def waiting_shown(self, event: Any) -> str:
        return str(event.waiting or "")

    # The form ----------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        everything = looks_after_all(request.user)
        kind = ("kind", "number") if everything else ("kind",)
        about = (kind, "title", "community", "teaser", "description", "audience")
        sets: list[Any] = [
            (None, {"fields": about}),
            (
                _("Termin und Ort"),
                {"fields": self._place(everything), "description": self._told(obj)},
            ),
            (
                _("Anmeldung"),
                {
                    "fields": (
                        "takes_registrations",
                        ("registration_opens_at", "registration_closes_at"),
                        "registration_url",
                        "has_participants_list",
                    ),
                    "description": _(
                        "Wenn Sie die Anmeldung hier einschalten: Plätze und Programm tragen Sie nach "
                        "dem ersten Speichern weiter unten ein."
                    ),
                },
            ),
            (_("Ansprechperson"), {"fields": (("contact_name", "contact_email"),)}),
        ]
        if obj is not None and obj.is_past(timezone.now()):
            sets.append((_("Rückblick"), {"fields": ("attendees", "documentation")}))
        # Long lists of boxes, and what is seldom of interest, do not stand in the way.
        rest = ("host_projects", "series", *(("part_of",) if everything else ()), "slug")
        sets.append((_("Themen"), {"fields": ("themes",), "classes": ("collapse",)}))
        sets.append((_("Gastgeber, Reihe und Adresse"), {"fields": rest, "classes": ("collapse",)}))
        if everything:
            sets.append((_("Redaktion"), {"fields": ("check_note", "editors_note")}))
        return sets

    def _place(self, everything: bool) -> tuple[Any, ...]:
        return (
            ("starts_at", "ends_at"),
            ("precision", "date_text"),
            "format",
            "online_link",
            *("venue", "address", "city", "land", "access_note"),
            *((("latitude", "longitude"),) if everything else ()),
        )

    def _told(self, obj: Event | None) -> str:
        if not self._is_told_of(obj):
            return ""
        return _t(
            "Termin, Ort, Form und Link ändern Sie über den Knopf „Termin, Ort oder Form ändern“: "
            "Dann erfahren es alle, die kommen wollten."
        )

    def _is_told_of(self, obj: Event | None) -> bool:
        """Whether people count on what stands there. Afterwards it is a record like any other."""
        return obj is not None and obj.state != EventState.DRAFT and not obj.is_past(timezone.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> Any:
        return publishing.TOLD if self._is_told_of(obj) else ()

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Hosts as boxes, too: choosing several from a list needs a key that few people know of."""
        if db_field.related_model is Project:
            kwargs |= {"widget": Checkboxes(db_field.verbose_name), "help_text": ""}
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Project:
            # The staff know projects that are not public yet, too; a name of theirs is no one else's.
            everything = looks_after_all(request.user)
            projects = Project.objects.all() if everything else Project.objects.public()
            field.queryset = projects.order_by("sort_name", "pk")
        return field

    def get_form(
        self, request: HttpRequest, obj: Event | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.for_a_group = not looks_after_all(request.user)
        return form

    def get_inlines(self, request: HttpRequest, obj: Event | None = None) -> Any:
        # Seats and all that need the event to exist; first it is planned, then furnished.
        if obj is None:
            return ()
        # Where a fact comes from is asked of those who research, not of those who invite.
        everything = looks_after_all(request.user)
        return [one for one in self.inlines if everything or one is not SourceInline]

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        """Only what was changed here: a colleague may be moving or cancelling it at this moment."""
        if not change:
            obj.save()
        elif form.changed_data:
            before = Event.objects.get(pk=obj.pk)
            names = {field.name for field in obj._meta.concrete_fields} & set(form.changed_data)
            obj.save(update_fields=[*names, "updated_at"])
            if obj.state == EventState.DRAFT and names & set(publishing.TOLD):
                # It is told to no one of a draft, but what hangs on it must not stay behind.
                followers.tell_moved(obj, before, now=timezone.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """As above: the numbers of taken seats are not the form's to write back."""
        rows = formset.save(commit=False)
        changed = {id(row): fields for row, fields in formset.changed_objects}
        for row in formset.deleted_objects:
            row.delete()
        for row in rows:
            if row._state.adding:
                row.save()
            else:
                row.save(update_fields=changed[id(row)])
        formset.save_m2m()
        if formset.model is Seats and rows:
            self._fill(request, form.instance)

    def _fill(self, request: HttpRequest, event: Event) -> None:
        """Anyone who waits for the seats that there are now gets them at once."""
        number = len(move_up(event, now=timezone.now()))
        if number:
            text = ngettext(
                "%d Mensch ist von der Warteliste nachgerückt und bekommt eine E-Mail.",
                "%d Menschen sind von der Warteliste nachgerückt und bekommen eine E-Mail.",
                number,
            )
            self.message_user(request, text % number, messages.SUCCESS)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Drafts only: what people have seen or signed up for is cancelled, not gone."""
        if obj is None or obj.state != EventState.DRAFT:
            return False
        return self.is_own(request, obj) and not obj.registrations.exists()

    # What can be done with one -------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/anwesenheit/", view(door.expected), name="events_event_attendance"),
            path("<int:pk>/anwesenheit/vermerken/", view(door.note), name="events_event_check_in"),
            path("<int:pk>/anwesenheit/neu/", view(desk.walk_in), name="events_event_walk_in"),
            path("<int:pk>/anmelden/", view(desk.enter), name="events_event_enter"),
            path("<int:pk>/antworten/", view(door.answers), name="events_event_answers"),
            path("<int:pk>/liste/", view(door.paper), name="events_event_paper"),
            path("<int:pk>/statistik/", view(self.statistics_view), name="events_event_statistics"),
            path("<int:pk>/schreiben/", view(self.message_view), name="events_event_message"),
            path("<int:pk>/einladen/", view(self.invitation_view), name="events_event_invitation"),
            path(
                "<int:pk>/einladen/<int:invitation_pk>/",
                view(self.invite_view),
                name="events_event_invite",
            ),
            path("jahre/", view(self.overview_view), name="events_overview"),
            *super().get_urls(),
        ]

    def statistics_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return reports.figures(request, pk, self)

    def message_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return writing.message(request, pk, self)

    def invitation_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return writing.invitation(request, pk, self)

    def invite_view(self, request: HttpRequest, pk: int, invitation_pk: int) -> HttpResponse:
        return writing.invite(request, pk, invitation_pk, self)

    def overview_view(self, request: HttpRequest) -> HttpResponse:
        return reports.conferences(request, self)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"looks_after_all": looks_after_all(request.user)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        event = self.get_object(request, object_id)
        now = timezone.now()
        extra = {
            "minutes": event and Minutes.objects.filter(event=event).first(),
            "takes_calls": event and takes_calls(event, now=now),
            "can_invite": event and event.state == EventState.PUBLISHED and not event.is_past(now),
        }
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def facts_of(self, row: Event) -> str:
        return row.when

    def too_late(self, row: Event, step: Step) -> str:
        return _t(
            "Das geht beim jetzigen Stand der Veranstaltung nicht, vielleicht war jemand "
            "schneller. Es wurde nichts geändert."
        )
