"""The queue of the office, and the page of one request with everything that can be done with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import (
    Case,
    IntegerField,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consulting import actions, obstacles, retention
from consulting.admin.due import due
from consulting.admin.export import requests_as_csv
from consulting.admin.filters import (
    AnswerFilter,
    AwayFilter,
    BuildingBlockFilter,
    OverdueFilter,
    ResponsibleFilter,
    StateFilter,
)
from consulting.admin.forms import AssignForm, ExportForm, NoteForm
from consulting.admin.phone import PhoneCall
from consulting.admin.scope import OwnOrAll
from consulting.admin.steps import STEPS
from consulting.models import AccessNeeds, Appointment, ConsultationRequest, Message, State
from consulting.scope import advised_by, is_office
from ground.names import fold
from office.base import OwnPage
from office.confirmation import asks_first
from office.pages import office_page
from office.steps import Step, WithSteps


@admin.register(ConsultationRequest)
class RequestAdmin(OwnPage, WithSteps, OwnOrAll):
    """Nothing of a request is edited here: each change is an action with its own page."""

    steps = STEPS
    list_display = (
        "municipality_shown",
        "state_shown",
        "due_shown",
        "appointment_shown",
        "blocks_shown",
        "responsible",
        "age",
    )
    list_select_related = ("municipality", "responsible")
    list_filter = (
        StateFilter,
        OverdueFilter,
        AnswerFilter,
        AwayFilter,
        ResponsibleFilter,
        BuildingBlockFilter,
        "land",
        "themes",
    )
    search_fields = ("reference",)
    search_help_text = _("Name der Kommune („Muenster“ findet auch Münster) oder Vorgangsnummer.")
    actions = ("assign_to_me", "hand_back", "export")

    def own(self, user: AbstractBaseUser) -> Q:
        return advised_by(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsultationRequest]:
        appointments = Appointment.objects.blocking().select_related("advisor")
        return (
            super().get_queryset(request).prefetch_related(Prefetch("appointments", appointments))
        )

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """First what waits for the office, the most urgent on top; what is closed comes last."""
        return (_turn(timezone.now()).asc(), "due_on", "-submitted_at", "pk")

    def matching(self, word: str) -> Q:
        return (
            Q(municipality__sort_name__contains=fold(word))
            | Q(municipality_name__icontains=word)
            | Q(reference__icontains=word)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_office_permission(self, request: HttpRequest) -> bool:
        return is_office(request.user) and self.has_change_permission(request)

    # The columns -------------------------------------------------------------------------------

    @admin.display(description=_("Kommune"), ordering="municipality__sort_name")
    def municipality_shown(self, row: ConsultationRequest) -> str:
        return row.municipality_label

    @admin.display(description=_("Stand"), ordering="state")
    def state_shown(self, row: ConsultationRequest) -> str:
        return row.get_state_display()

    @admin.display(description=_("Frist"), ordering="due_on")
    def due_shown(self, row: ConsultationRequest) -> SafeString | str:
        found = due(row, now=timezone.now())
        if not found.urgency:
            return found.text
        return format_html('<span class="due {}">{}</span>', found.urgency, found.text)

    @admin.display(description=_("Termin"))
    def appointment_shown(self, row: ConsultationRequest) -> str:
        appointment = row.current_appointment() or row.current_proposal()
        if appointment is None:
            return ""
        begin = timezone.localtime(appointment.starts_at)
        return f"{begin:%d.%m.%Y, %H:%M} Uhr, {appointment.advisor}"

    @admin.display(description=_("Bausteine"))
    def blocks_shown(self, row: ConsultationRequest) -> str:
        return ", ".join(row.building_block_labels)

    @admin.display(description=_("eingegangen"), ordering="submitted_at")
    def age(self, row: ConsultationRequest) -> str:
        # Only the largest unit: „vor 3 Tagen“ is what one wants to know of a queue.
        return _t("vor %s") % timesince(row.submitted_at, depth=1)

    # Several at once ---------------------------------------------------------------------------

    @admin.action(description=_("Selbst übernehmen"), permissions=["office"])
    @asks_first(
        title=_("Anfragen selbst übernehmen"),
        question=_("Sind Sie künftig für diese Anfragen zuständig?"),
        button=_("Übernehmen"),
        form_of=AssignForm,
    )
    def assign_to_me(
        self, request: HttpRequest, queryset: QuerySet[ConsultationRequest], form: AssignForm
    ) -> None:
        # Counted before: who is responsible is a filter of the list.
        chosen = queryset.count()
        me = request.user
        taken = actions.assign(queryset, to=me, by=me, now=timezone.now(), **form.cleaned_data)
        self._say_how_many(request, chosen, taken)

    def _say_how_many(self, request: HttpRequest, chosen: int, taken: int) -> None:
        if taken:
            text = ngettext(
                "Sie sind jetzt für %d Anfrage zuständig.",
                "Sie sind jetzt für %d Anfragen zuständig.",
                taken,
            )
            self.message_user(request, text % taken, messages.SUCCESS)
        if chosen > taken:
            text = ngettext(
                "Bei %d Anfrage bleibt jemand anderes zuständig.",
                "Bei %d Anfragen bleibt jemand anderes zuständig.",
                chosen - taken,
            )
            self.message_user(request, text % (chosen - taken), messages.WARNING)

    @admin.action(description=_("Eigene Zuständigkeit abgeben"), permissions=["office"])
    @asks_first(
        title=_("Zuständigkeit abgeben"),
        question=_(
            "Danach ist niemand mehr für diese Anfragen zuständig, die jetzt bei Ihnen liegen."
        ),
        button=_("Abgeben"),
    )
    def hand_back(
        self, request: HttpRequest, queryset: QuerySet[ConsultationRequest], _form: forms.Form
    ) -> None:
        number = actions.hand_back(queryset, by=request.user, now=timezone.now())
        text = ngettext("%d Anfrage abgegeben.", "%d Anfragen abgegeben.", number)
        self.message_user(request, text % number, messages.SUCCESS)

    @admin.action(description=_("Als Tabelle herunterladen (CSV)"), permissions=["office"])
    @asks_first(
        title=_("Anfragen herunterladen"),
        question=_("Diese Anfragen stehen danach in einer Datei auf Ihrem Gerät."),
        button=_("Herunterladen"),
        form_of=ExportForm,
    )
    def export(
        self, request: HttpRequest, queryset: QuerySet[ConsultationRequest], form: ExportForm
    ) -> HttpResponse:
        return requests_as_csv(queryset, **form.cleaned_data)

    # One request -------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "telefonisch/",
                view(self.phone_view),
                name="consulting_consultationrequest_phone",
            ),
            path("aufbewahrung/", view(self.retention_view), name="consulting_retention"),
            path(
                "<int:pk>/notiz/", view(self.note_view), name="consulting_consultationrequest_note"
            ),
            *super().get_urls(),
        ]

    def page_of(self, request: HttpRequest, row: ConsultationRequest) -> HttpResponse:
        return self._page(request, row, NoteForm())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The steps of a request are its history, and they stand on its page."""
        return redirect("admin:consulting_consultationrequest_change", object_id)

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.own_object(request, pk)
        if request.method != "POST":
            return self.after_step(request, row)
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self._page(request, row, form)
        actions.add_note(row, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        self.message_user(request, _t("Notiz gespeichert."), messages.SUCCESS)
        return self.after_step(request, row)

    def phone_view(self, request: HttpRequest) -> HttpResponse:
        """Take a request on the phone; POST stores it with the confirmation by e-mail."""
        if not self.has_office_permission(request):
            raise PermissionDenied
        call = PhoneCall(request.POST if request.method == "POST" else None, now=timezone.now())
        if request.method == "POST" and (known := call.stored()):
            return self.after_step(request, known)
        if request.method == "POST" and call.is_valid():
            row = call.take(by=request.user)
            if row is not None:
                self.message_user(
                    request, _t("Aufgenommen. Die E-Mail an die Kommune geht hinaus.")
                )
                self._name_others(request, row)
                return self.after_step(request, row)
        title = _t("Anfrage telefonisch aufnehmen")
        return self._report(request, "phone", title, {"call": call}, call.parts())

    def _name_others(self, request: HttpRequest, row: ConsultationRequest) -> None:
        """Several of one Kommune may be right; the colleague who took this one should know."""
        if row.municipality_id is None:
            return
        same = ConsultationRequest.objects.running().filter(municipality=row.municipality_id)
        others = same.exclude(pk=row.pk).values_list("reference", flat=True)[:5]
        if others:
            text = _t("Für diese Kommune läuft schon: %s.") % ", ".join(others)
            self.message_user(request, text, messages.WARNING)

    def name_of(self, row: ConsultationRequest) -> str:
        return row.municipality_label

    def facts_of(self, row: ConsultationRequest) -> str:
        return row.get_state_display()

    def note_step(self, request: HttpRequest, row: ConsultationRequest, step: Step) -> None:
        """The actions have written it into the request's own history."""

    def too_late(self, row: ConsultationRequest, step: Step) -> str:
        """Who did what instead, and how it stands now."""
        last = row.history.select_related("by", "to").last()
        current = ConsultationRequest.objects.get(pk=row.pk)
        if step.slug == "bestaetigen" and current.state == State.HELD:
            return _t("Die Vormerkung ist abgelaufen. Bitte schlagen Sie einen anderen Termin vor.")
        text = _t("Das geht beim jetzigen Stand der Anfrage nicht. Es wurde nichts geändert.")
        if last is not None:
            text += " " + _t("Zuletzt: %(what)s, %(who)s, am %(when)s.") % {
                "what": last.what,
                "who": last.by or _t("ohne Zutun der Geschäftsstelle"),
                "when": f"{timezone.localtime(last.at):%d.%m.%Y um %H:%M Uhr}",
            }
        if current.responsible is not None:
            text += " " + _t("Zuständig: %s.") % current.responsible
        return text

    def _page(
        self, request: HttpRequest, row: ConsultationRequest, note_form: NoteForm
    ) -> HttpResponse:
        may = self.has_change_permission(request, row)
        # Read once, for the page and for what can be done.
        prefetch_related_objects(
            [row], Prefetch("messages", Message.objects.select_related("author"))
        )
        return office_page(
            self,
            request,
            "admin/consulting/request.html",
            row.municipality_label,
            {
                "row": row,
                "due": due(row, now=timezone.now()),
                "appointment": row.current_appointment(),
                "is_away": obstacles.is_away(row.current_appointment(), now=timezone.now()),
                "proposal": row.current_proposal(),
                "solutions": row.recommended_solutions.select_related("project"),
                "projects": row.recommended_projects.all(),
                "needs": AccessNeeds.objects.filter(request=row).first(),
                "history": row.history.select_related("by", "to").order_by("-pk"),
                "written": row.messages.all(),
                "notes": row.notes.select_related("author"),
                "note_form": note_form,
                "may_change": may,
                "steps": self.step_buttons(request, row) if may else [],
            },
            forms=[note_form],
        )

    # All of them ---------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"is_office": is_office(request.user)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def retention_view(self, request: HttpRequest) -> HttpResponse:
        """What the nightly task would do now; nothing is done here, and no one is named."""
        due_now = retention.preview(now=timezone.now())
        rules = [(rule.text, due_now[rule.name]) for rule in retention.RULES]
        return self._report(request, "retention", _t("Aufbewahrung: Probelauf"), {"rules": rules})

    def _report(
        self,
        request: HttpRequest,
        name: str,
        title: str,
        context: dict[str, Any],
        forms: Iterable[forms.BaseForm] = (),
    ) -> HttpResponse:
        if not self.has_office_permission(request):
            raise PermissionDenied
        template = f"admin/consulting/{name}.html"
        return office_page(self, request, template, title, context, forms=forms)


def _turn(now: datetime) -> Case:
    """0: the office's turn, 1: running, 2: closed."""
    overdue = ConsultationRequest.objects.overdue(today=timezone.localdate(now), now=now)
    return Case(
        When(Q(state=State.OPEN) | Q(pk__in=overdue.order_by().values("pk")), then=Value(0)),
        When(closed_at=None, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
