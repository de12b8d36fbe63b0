"""The times that advisors put on offer: single ones here, series in `consulting.admin.series`."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consulting import actions, obstacles
from consulting.actions import on_site
from consulting.admin.scope import OwnOrAll, advisors_of
from consulting.models import Appointment, Slot
from consulting.models.slot import is_away
from consulting.scope import is_office
from events.hosting import hosted_by
from events.models import Event, EventState, Format, Precision
from office.confirmation import asks_first
from office.filters import YesNoFilter
from office.widgets import NativeDateTime

OPEN_STATES = (EventState.DRAFT, EventState.PUBLISHED)


class AheadFilter(YesNoFilter):
    title = _("Zeit")
    parameter_name = "kommend"
    yes, no = _("kommend"), _("vergangen")

    def condition(self) -> Q:
        return Q(starts_at__gt=timezone.now())


class TakenFilter(YesNoFilter):
    title = _("Buchung")
    parameter_name = "belegt"
    yes, no = _("belegt"), _("nicht belegt")

    def condition(self) -> Exists:
        return taken()


def taken() -> Exists:
    """Whether a date of the advisor lies in this time, however it came there."""
    return Exists(
        Appointment.objects.blocking().filter(
            advisor=OuterRef("advisor"),
            starts_at__lt=OuterRef("ends_at"),
            ends_at__gt=OuterRef("starts_at"),
        )
    )


class SlotForm(forms.ModelForm):
    def clean_starts_at(self) -> Any:
        begin = self.cleaned_data["starts_at"]
        if "starts_at" in self.changed_data and begin <= timezone.now():
            raise ValidationError(_t("Diese Zeit ist schon vorbei."))
        return begin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        event = cleaned.get("event")
        if event is not None:
            self._at(event, cleaned)
        return cleaned

    def _at(self, event: Event, cleaned: dict[str, Any]) -> None:
        """At an event everything that it knows already need not be typed again, but must be true."""
        if not cleaned.get("place"):
            cleaned["place"] = on_site.place_of(event)
        begin = cleaned.get("starts_at")
        if begin is None:
            return
        first, last = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
        if not first <= timezone.localdate(begin) <= last:
            self.add_error("starts_at", _t("An diesem Tag ist die Veranstaltung nicht."))


@admin.register(Slot)
class SlotAdmin(OwnOrAll):
    form = SlotForm
    list_display = ("day_shown", "clock_shown", "advisor", "mode", "state", "of_a_series")
    list_select_related = ("advisor",)
    search_fields = ("advisor__name", "place")
    search_help_text = _("Name der beratenden Person oder Ort.")
    actions = ("withdraw",)
    readonly_fields = ("state",)
    formfield_overrides = OwnOrAll.formfield_overrides | {
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": NativeDateTime},
    }
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "advisor",
                    "starts_at",
                    "ends_at",
                    "mode",
                    "event",
                    "place",
                    "meeting_link",
                )
            },
        ),
        (
            _("Angebot"),
            {
                "fields": ("is_offered", "state"),
                "description": _(
                    "Ein gebuchter Termin bleibt, wie er vereinbart ist, auch wenn Sie die Zeit hier "
                    "ändern oder zurückziehen."
                ),
            },
        ),
    )

    def own(self, user: AbstractBaseUser) -> Q:
        return Q(advisor__user=user)

    def matching(self, word: str) -> Q:
        return Q(advisor__name__icontains=word) | Q(place__icontains=word)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        return super().get_queryset(request).annotate(taken=taken(), is_away=is_away())

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """What is to come first, nearest on top."""
        over = Case(When(starts_at__lte=timezone.now(), then=Value(1)), default=Value(0))
        return (over.asc(), "starts_at", "pk")

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        filters = (AheadFilter, "is_offered", TakenFilter, "mode")
        # The names of the others are none of an advisor's business, who has only their own times.
        return (*filters, "advisor") if is_office(request.user) else filters

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Event:
            kwargs["queryset"] = _with_a_place(request, timezone.now())
            kwargs["empty_label"] = _("bei keiner")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return own_advisor(request) | super().get_changeform_initial_data(request)

    def save_model(self, request: HttpRequest, obj: Slot, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for sentence in obstacles.against(obj):
            self.message_user(request, sentence, messages.WARNING)

    @admin.display(description=_("Tag"), ordering="starts_at")
    def day_shown(self, slot: Slot) -> str:
        return slot.day_in_full

    @admin.display(description=_("Uhrzeit"))
    def clock_shown(self, slot: Slot) -> str:
        return slot.clock

    @admin.display(description=_("Stand"))
    def state(self, slot: Any) -> str:
        if slot.pk is None:
            return _t("noch nicht gespeichert")
        if slot.taken:
            return _t("belegt")
        if not slot.is_offered:
            return _t("zurückgezogen")
        return _t("ruht: abwesend") if slot.is_away else _t("frei")

    @admin.display(description=_("Herkunft"), ordering="series")
    def of_a_series(self, slot: Slot) -> str:
        return _t("aus einer Reihe") if slot.series_id else _t("einzeln")

    @admin.action(description=_("Zurückziehen"), permissions=["change"])
    @asks_first(
        title=_("Termine zurückziehen"),
        question=_(
            "Diese Zeiten werden nicht mehr angeboten. Was schon gebucht ist, bleibt bestehen."
        ),
        button=_("Zurückziehen"),
    )
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Slot], _form: forms.Form) -> None:
        offered = list(queryset.filter(is_offered=True).values_list("pk", flat=True))
        number = actions.withdraw(queryset, now=timezone.now())
        for slot in Slot.objects.filter(pk__in=offered, is_offered=False):
            self.log_change(request, slot, _t("Zurückgezogen."))
        text = ngettext("%d Termin zurückgezogen.", "%d Termine zurückgezogen.", number)
        self.message_user(request, text % number, messages.SUCCESS)


def _with_a_place(request: HttpRequest, now: datetime) -> QuerySet[Event]:
    """Events at which people can be advised on site: with a time, not over, not only online.

    Drafts are offered to those who look after them, and where one's own times are already.
    """
    hosted = hosted_by(request.user).order_by().values("pk")
    booked = Slot.objects.filter(advisor__in=advisors_of(request), event__isnull=False)
    return (
        Event.objects.filter(precision=Precision.TIME, state__in=OPEN_STATES)
        .filter(Q(state=EventState.PUBLISHED) | Q(pk__in=hosted) | Q(pk__in=booked.values("event")))
        .exclude(format=Format.ONLINE)
        .upcoming(now)
    )


def own_advisor(request: HttpRequest) -> dict[str, Any]:
    """Advisors publish their own times, unless they say otherwise."""
    own = advisors_of(request).filter(user=request.user).values_list("pk", flat=True).first()
    return {"advisor": own} if own else {}
