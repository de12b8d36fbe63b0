"""Series of times: saved first, looked at, then published."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consulting import actions
from consulting.admin.scope import DaysInline, OwnOrAll
from consulting.admin.slots import own_advisor
from consulting.availability import by_day
from consulting.models import SeriesBreak, SlotSeries
from consulting.scope import is_office
from office.confirmation import asks_first
from office.pages import office_page
from office.widgets import NativeTime


class BreakInline(DaysInline):
    model = SeriesBreak
    fields = (("first_on", "last_on", "label"),)
    of = "slotseries"


@admin.register(SlotSeries)
class SeriesAdmin(OwnOrAll):
    offers_another = False
    list_display = ("rule_shown", "advisor", "mode", "first_on", "last_on", "times_ahead")
    list_select_related = ("advisor",)
    search_fields = ("advisor__name", "place")
    search_help_text = _("Name der beratenden Person oder Ort.")
    inlines = (BreakInline,)
    actions = ("withdraw",)
    formfield_overrides = OwnOrAll.formfield_overrides | {models.TimeField: {"widget": NativeTime}}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "advisor",
                    ("weekday", "every_weeks"),
                    ("from_time", "until_time"),
                    ("length_minutes", "pause_minutes"),
                    ("first_on", "last_on"),
                ),
                "description": _(
                    "Nach dem Speichern sehen Sie alle Termine der Reihe. Angeboten werden sie erst, "
                    "wenn Sie sie dort veröffentlichen."
                ),
            },
        ),
        (_("Wie man sich trifft"), {"fields": ("mode", "place", "meeting_link")}),
    )

    class Media:
        css = {"all": ["css/office.css"]}

    def own(self, user: AbstractBaseUser) -> Q:
        return Q(advisor__user=user)

    def matching(self, word: str) -> Q:
        return Q(advisor__name__icontains=word) | Q(place__icontains=word)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SlotSeries]:
        ahead = Q(slots__starts_at__gt=timezone.now(), slots__is_offered=True)
        return super().get_queryset(request).annotate(ahead=Count("slots", filter=ahead))

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        return ("weekday", "mode", "advisor") if is_office(request.user) else ("weekday", "mode")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = {"first_on": timezone.localdate()} | own_advisor(request)
        return own | super().get_changeform_initial_data(request)

    @admin.display(description=_("Reihe"), ordering="weekday")
    def rule_shown(self, series: SlotSeries) -> str:
        weeks = _t(", alle %d Wochen") % series.every_weeks if series.every_weeks > 1 else ""
        clock = f"{series.from_time:%H:%M} bis {series.until_time:%H:%M} Uhr"
        return f"{series.get_weekday_display()} {clock}{weeks}"

    @admin.display(description=_("kommende Termine"), ordering="ahead")
    def times_ahead(self, series: Any) -> str:
        return str(series.ahead) if series.ahead else _t("keine im Angebot")

    def response_add(self, request: HttpRequest, obj: Any, **kwargs: Any) -> HttpResponseRedirect:
        return self._to_preview(obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._to_preview(obj)

    def _to_preview(self, series: SlotSeries) -> HttpResponseRedirect:
        return redirect("admin:consulting_slotseries_preview", series.pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        name = "consulting_slotseries_preview"
        return [path("<int:pk>/vorschau/", view, name=name), *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All times of the series as they would be; POST publishes exactly what was shown."""
        series = self.get_object(request, str(pk))
        if series is None:
            raise Http404
        if not self.has_change_permission(request, series):
            raise PermissionDenied
        now = timezone.now()
        preview = actions.preview_series(series, now=now)
        if request.method == "POST":
            if request.POST.get("seen") == preview.fingerprint:
                return self._publish(request, series)
            text = _t("Die Reihe hat sich inzwischen geändert. Bitte sehen Sie sie noch einmal an.")
            self.message_user(request, text, messages.WARNING)
        return office_page(
            self,
            request,
            "admin/consulting/series_preview.html",
            _t("Vorschau der Terminreihe"),
            {
                "series": series,
                "preview": preview,
                "added": by_day(preview.added),
                "kept": by_day(preview.kept),
                "withdrawn": by_day(preview.withdrawn),
            },
        )

    def _publish(self, request: HttpRequest, series: SlotSeries) -> HttpResponseRedirect:
        published = actions.publish_series(series, now=timezone.now())
        text = ngettext("%d Termin veröffentlicht", "%d Termine veröffentlicht", published.added)
        text %= published.added
        if published.withdrawn:
            gone = ngettext("%d zurückgezogen", "%d zurückgezogen", published.withdrawn)
            text += ", " + gone % published.withdrawn
        self.log_change(request, series, text + ".")
        self.message_user(request, text + ".", messages.SUCCESS)
        return redirect("admin:consulting_slotseries_changelist")

    @admin.action(description=_("Alle kommenden Termine zurückziehen"), permissions=["change"])
    @asks_first(
        title=_("Terminreihen zurückziehen"),
        question=_(
            "Alle kommenden Termine dieser Reihen werden nicht mehr angeboten. Was schon gebucht ist, "
            "bleibt bestehen."
        ),
        button=_("Zurückziehen"),
    )
    def withdraw(
        self, request: HttpRequest, queryset: QuerySet[SlotSeries], _form: forms.Form
    ) -> None:
        number = 0
        for series in queryset:
            if gone := actions.withdraw_series(series, now=timezone.now()):
                self.log_change(request, series, _withdrawn(gone))
                number += gone
        self.message_user(request, _withdrawn(number), messages.SUCCESS)


def _withdrawn(number: int) -> str:
    return ngettext("%d Termin zurückgezogen.", "%d Termine zurückgezogen.", number) % number
