"""Who takes part: the list of one event and the page of one registration. Nothing is edited here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from events import attendance, certificate
from events.actions.desk import takes_calls
from events.admin.desk import CANCELLING, STEPS
from events.admin.export import registrations_as_csv
from events.admin.filters import (
    AttendedFilter,
    ConfirmedFilter,
    NeedsFilter,
    StateFilter,
    WantedEventFilter,
)
from events.admin.scope import HostedAdmin, trail_to_event
from events.hosting import hosted_by
from events.models import Event, ParticipantNeeds, Registration
from events.views import attendance as door
from office.base import OwnPage
from office.confirmation import asks_first
from office.pages import office_page
from office.steps import Step, WithSteps

LONGEST_KEY = 18


class ExportForm(forms.Form):
    with_needs = forms.BooleanField(
        label=_("Mit dem Bedarf für die Teilnahme"),
        required=False,
        help_text=_(
            "Nur, wenn Sie es zum Vorbereiten brauchen: Diese Angaben können etwas über die "
            "Gesundheit sagen. Im Portal werden sie sieben Tage nach der Veranstaltung gelöscht, in "
            "Ihrer Datei nicht. Bitte löschen Sie sie, sobald Sie fertig sind."
        ),
    )


@admin.register(Registration)
class RegistrationAdmin(OwnPage, WithSteps, HostedAdmin):
    steps = STEPS
    list_display = (
        "name_shown",
        "represents_shown",
        "event",
        "mode_shown",
        "state",
        "confirmed_shown",
        "attended_shown",
    )
    list_select_related = ("event", "municipality")
    list_filter = (
        WantedEventFilter,
        StateFilter,
        "mode",
        ConfirmedFilter,
        NeedsFilter,
        AttendedFilter,
    )
    search_fields = ("name",)
    search_help_text = _("Name, E-Mail-Adresse, Organisation oder Nummer der Anmeldung.")
    ordering = ("-event__starts_at", "arrival")
    actions = ("export",)
    change_list_template = "admin/events/registration_list.html"

    def matching(self, word: str) -> Q:
        return (
            Q(name__icontains=word)
            | Q(email__icontains=word)
            | Q(organisation__icontains=word)
            | Q(municipality__name__icontains=word)
            | Q(reference__icontains=word)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Without the event where there is only one."""
        if self._only_event(request) is None:
            return self.list_display
        return tuple(column for column in self.list_display if column != "event")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        event = self._only_event(request)
        title = _t("Teilnehmende: %s") % event if event else _t("Teilnehmende")
        extra = {
            "title": title,
            "event": event,
            "takes_calls": event and takes_calls(event, now=timezone.now()),
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    def _only_event(self, request: HttpRequest) -> Event | None:
        """The event to which the list is narrowed, if it is one's own; asked once for each request."""
        if not hasattr(request, "only_event"):
            wanted = request.GET.get(WantedEventFilter.parameter_name, "")
            own = hosted_by(request.user)
            # No key is longer; a longer number the database would refuse.
            is_key = wanted.isdecimal() and len(wanted) <= LONGEST_KEY
            request.only_event = own.filter(pk=wanted).first() if is_key else None
        return request.only_event

    @admin.display(description=_("Name"), ordering="name")
    def name_shown(self, row: Registration) -> str:
        return row.name or _t("anonymisiert")

    @admin.display(description=_("Kommune oder Organisation"))
    def represents_shown(self, row: Registration) -> str:
        return row.represents

    @admin.display(description=_("Teilnahme"), ordering="mode")
    def mode_shown(self, row: Registration) -> str:
        mode = row.get_mode_display()
        return _t("%s, wirkt mit") % mode if row.contributes else mode

    @admin.display(description=_("bestätigt"))
    def confirmed_shown(self, row: Registration) -> str:
        return _t("ja") if row.confirmed_at else _t("noch nicht")

    @admin.display(description=_("anwesend"))
    def attended_shown(self, row: Registration) -> str:
        return attendance.since(row) if row.attended_at else ""

    @admin.action(description=_("Als Tabelle herunterladen (CSV)"), permissions=["view"])
    @asks_first(
        title=_("Teilnehmende herunterladen"),
        question=_(
            "Diese Anmeldungen stehen danach mit Namen in einer Datei auf Ihrem Gerät. Bitte löschen "
            "Sie sie, sobald Sie sie nicht mehr brauchen."
        ),
        button=_("Herunterladen"),
        form_of=ExportForm,
    )
    def export(
        self, request: HttpRequest, queryset: QuerySet[Registration], form: ExportForm
    ) -> HttpResponse:
        return registrations_as_csv(queryset, **form.cleaned_data)

    # One registration ----------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("da/<str:code>/", view(door.person), name="events_registration_attendance"),
            path(
                "da/<str:code>/bescheinigung.pdf",
                view(door.proof),
                name="events_registration_certificate",
            ),
            *super().get_urls(),
        ]

    def page_of(self, request: HttpRequest, row: Registration) -> HttpResponse:
        return office_page(
            self,
            request,
            "admin/events/registration.html",
            row.name or row.reference,
            {
                "row": row,
                "event": row.event,
                "needs": ParticipantNeeds.objects.filter(registration=row).first(),
                "sessions": row.sessions.all(),
                "answers": row.answers.select_related("question"),
                "steps": self.step_buttons(request, row),
                "may_cancel": CANCELLING.possible(row, request.user, timezone.now()),
                "code": attendance.code_of(row),
                "since": attendance.since(row) if row.attended_at else "",
                "has_certificate": certificate.is_entitled(row, now=timezone.now()),
            },
        )

    def step_urls(self) -> list[URLPattern]:
        """Cancelling had its address before there were others."""
        view = self.admin_site.admin_view(self.step_view)
        slug = CANCELLING.slug
        address = f"<int:pk>/{slug}/"
        return [
            path(address, view, {"slug": slug}, name="events_registration_cancel"),
            *super().step_urls(),
        ]

    def step_buttons(self, request: HttpRequest, row: Registration) -> list[tuple[Step, str]]:
        buttons = super().step_buttons(request, row)
        return [(step, address) for step, address in buttons if step is not CANCELLING]

    def name_of(self, row: Registration) -> str:
        return row.name

    def facts_of(self, row: Registration) -> str:
        return f"{row.get_state_display()}, {row.get_mode_display()}"

    def trail_to(self, row: Registration) -> list[tuple[str, str]]:
        return trail_to_event(row.event)

    def too_late(self, row: Registration, step: Step) -> str:
        return _t("Das geht beim jetzigen Stand der Anmeldung nicht. Es wurde nichts geändert.")

    def note_step(self, request: HttpRequest, row: Registration, step: Step) -> None:
        done = _t("abgemeldet") if step is CANCELLING else str(step.title)
        self.log_change(request, row, done)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What matters of a registration stands on its page."""
        return redirect("admin:events_registration_change", object_id)
