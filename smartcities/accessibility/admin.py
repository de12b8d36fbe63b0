from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from office.base import GuardedAdmin
from smartcities.accessibility.barriers import BarrierReport


class AnsweredFilter(admin.SimpleListFilter):
    title = _("Stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [
            ("ueberfaellig", _("überfällig")),
            ("offen", _("offen")),
            ("beantwortet", _("beantwortet")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[BarrierReport]
    ) -> QuerySet[BarrierReport]:
        match self.value():
            case "ueberfaellig":
                return queryset.overdue(timezone.localdate())
            case "offen":
                return queryset.open()
            case "beantwortet":
                return queryset.exclude(answered_at=None)
        return queryset


@admin.register(BarrierReport)
class BarrierReportAdmin(GuardedAdmin):
    list_display = ("created_at", "page", "due", "answered_at")
    list_filter = (AnsweredFilter,)
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("text", "page", "email", "created_at", "due")
    fields = ("text", "page", "email", "created_at", "due", "answered_at", "note")
    history_without_values = ("note",)

    class Media:
        css = {"all": ("css/office.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # they come by the form

    @admin.display(description=_("Antwort spätestens am"), ordering="due_on")
    def due(self, report: BarrierReport) -> str:
        day = date_format(report.due_on, "j. F Y")
        if not report.is_overdue(timezone.localdate()):
            return day
        return format_html('<span class="due overdue">{} – {}</span>', day, _("überfällig"))
