from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consulting import actions, obstacles
from consulting.admin.scope import DaysInline, OwnOrAll
from consulting.models import Absence, Advisor, AdvisorFeed, Slot
from consulting.scope import is_office
from consulting.views.feed import address
from office.base import DeletedWhole
from office.steps import Step, WithSteps


class AbsenceInline(DaysInline):
    model = Absence
    fields = (("first_on", "last_on"),)
    of = "advisor"


def _has_feed(row: Advisor, by: AbstractBaseUser, now: datetime) -> bool:
    return AdvisorFeed.objects.filter(advisor=row).exists()


def _make_feed(row: Advisor, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    with transaction.atomic():
        AdvisorFeed.objects.filter(advisor=row).delete()
        AdvisorFeed.objects.create(advisor=row)


def _revoke_feed(row: Advisor, form: Any, by: AbstractBaseUser, now: datetime) -> None:
    AdvisorFeed.objects.filter(advisor=row).delete()


FEED_STEPS = (
    Step(
        "kalender-anlegen",
        _("Kalenderadresse anlegen"),
        _(
            "Unter einer geheimen Adresse holt sich ein Kalenderprogramm alle Beratungen: für welche "
            "Kommune, wann und wo. Wer die Adresse kennt, kann das lesen. Gibt es schon eine, gilt sie "
            "danach nicht mehr."
        ),
        _("Die Adresse ist angelegt."),
        lambda row, by, now: row.is_active,
        _make_feed,
    ),
    Step(
        "kalender-widerrufen",
        _("Kalenderadresse widerrufen"),
        _("Danach kann niemand mehr den Kalender abrufen."),
        _("Die Adresse gilt nicht mehr."),
        _has_feed,
        _revoke_feed,
    ),
)


@admin.register(Advisor)
class AdvisorAdmin(DeletedWhole, WithSteps, OwnOrAll):
    steps = FEED_STEPS
    inlines = (AbsenceInline,)
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
                    "land",
                )
            },
        ),
        (_("Kalender"), {"fields": ("feed_address",)}),
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
        own = () if is_office(request.user) else ("email", "user", "is_active")
        return ("feed_address", *own)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            staff = get_user_model().objects.filter(is_staff=True, is_active=True)
            kwargs["queryset"] = staff.order_by("email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Advisor | None = None) -> bool:
        """An advisor with dates is kept by the database; `consulting.retention` takes their name away."""
        return is_office(request.user) and request.user.has_perm("consulting.delete_advisor")

    def save_model(self, request: HttpRequest, obj: Advisor, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not (change and obj.meeting_link and "meeting_link" in form.changed_data):
            return
        number, too_soon = actions.give_room(obj, now=timezone.now())
        if number:
            text = ngettext(
                "%d vereinbarter Termin hatte noch keinen Videoraum und hat jetzt diesen.",
                "%d vereinbarte Termine hatten noch keinen Videoraum und haben jetzt diesen.",
                number,
            )
            told = _t("Er steht auf der Seite der Anfrage und in der Erinnerung an die Kommune.")
            self.message_user(request, f"{text % number} {told}", messages.SUCCESS)
        if too_soon:
            text = ngettext(
                "Zu %d Termin geht keine Erinnerung mehr hinaus. Bitte schicken Sie den Link dort mit "
                "„Der Kommune schreiben“.",
                "Zu %d Terminen geht keine Erinnerung mehr hinaus. Bitte schicken Sie den Link dort mit "
                "„Der Kommune schreiben“.",
                too_soon,
            )
            self.message_user(request, text % too_soon, messages.WARNING)

    def save_related(self, request: HttpRequest, form: Any, *args: Any) -> None:
        super().save_related(request, form, *args)
        dates = obstacles.agreed_while_away(form.instance, now=timezone.now())
        if dates:
            case = "admin:consulting_consultationrequest_change"
            named = format_html_join(
                "; ",
                '<a href="{}">{} ({})</a>',
                (
                    (reverse(case, args=[row.request_id]), row.in_full, row.request.reference)
                    for row in dates[:5]
                ),
            )
            text = _t(
                "In diese Abwesenheit fallen Termine. Sie bestehen weiter, bis Sie sie verschieben "
                "oder ausfallen lassen:"
            )
            self.message_user(request, format_html("{} {}", text, named), messages.WARNING)

    @admin.display(description=_("Adresse zum Abonnieren"))
    def feed_address(self, advisor: Advisor) -> str:
        feed = AdvisorFeed.objects.filter(advisor=advisor.pk).first()
        return address(feed) if feed else _t("noch keine")

    @admin.display(description=_("Themen"))
    def themes_shown(self, advisor: Advisor) -> str:
        return ", ".join(theme.name for theme in advisor.themes.all()) or str(_("alle"))

    @admin.display(description=_("kommende Termine im Angebot"), ordering="ahead")
    def times_ahead(self, advisor: Any) -> int:
        return advisor.ahead
