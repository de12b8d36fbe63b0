from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consulting.admin.scope import OwnOrAll
from consulting.models import Advisor, Slot
from consulting.scope import is_office


@admin.register(Advisor)
class AdvisorAdmin(OwnOrAll):
    list_display = ("name", "themes_shown", "daily_maximum", "times_ahead", "is_active")
    list_filter = ("is_active", "themes")
    search_fields = ("name", "email")
    search_help_text = _("Name oder E-Mail-Adresse.")
    ordering = ("name", "pk")
    history_without_values = ("name", "email", "phone")
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "email", "phone", "user", "is_active"),
                "description": _("Name und E-Mail-Adresse stehen in den Einladungen."),
            },
        ),
        (_("Beratung"), {"fields": ("themes", "meeting_link")}),
        (
            _("Regeln für Termine"),
            {
                "fields": (
                    ("lead_hours", "horizon_days"),
                    "daily_maximum",
                    ("buffer_before_minutes", "buffer_after_minutes"),
                )
            },
        ),
    )

    def own(self, user: AbstractBaseUser) -> Q:
        return Q(user=user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Advisor]:
        ahead = (
            Slot.objects.filter(
                advisor=OuterRef("pk"), is_offered=True, starts_at__gt=timezone.now()
            )
            .order_by()
            .values("advisor")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return (
            super()
            .get_queryset(request)
            .annotate(ahead=Coalesce(Subquery(ahead), 0))
            .prefetch_related("themes")
        )

    def matching(self, word: str) -> Q:
        return Q(name__icontains=word) | Q(email__icontains=word)

    def get_readonly_fields(self, request: HttpRequest, obj: Advisor | None = None) -> Any:
        # Who a person is and whether they advise, the office says.
        return () if is_office(request.user) else ("email", "user", "is_active")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            staff = get_user_model().objects.filter(is_staff=True, is_active=True)
            kwargs["queryset"] = staff.order_by("email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Advisor | None = None) -> bool:
        """An advisor with dates is kept by the database; `consulting.retention` takes their name away."""
        return is_office(request.user) and request.user.has_perm("consulting.delete_advisor")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """The times on offer go with the advisor who offered them, though they are never deleted singly."""
        to_delete, counts, _missing_rights, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    @admin.display(description=_("Themen"))
    def themes_shown(self, advisor: Advisor) -> str:
        return ", ".join(theme.name for theme in advisor.themes.all()) or str(_("alle"))

    @admin.display(description=_("kommende Termine im Angebot"), ordering="ahead")
    def times_ahead(self, advisor: Any) -> int:
        return advisor.ahead
