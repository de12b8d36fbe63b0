from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from consulting.models.advisor import Advisor
from consulting.models.request import ConsultationRequest
from consulting.models.slot import Meeting, Slot, TimedMeeting, is_away


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def blocking(self):
        """Those that take an advisor's time, whether still held, proposed, or firm."""
        return self.filter(released_at=None)

    def firm(self):
        """What both sides have agreed on."""
        return self.blocking().filter(is_proposal=False, expires_at=None)

    def while_away(self, now: datetime):
        """Those to come for a day on which the advisor is away, soonest first."""
        return self.blocking().filter(is_away(), starts_at__gt=now).order_by("starts_at", "pk")

    def lapsed(self, now: datetime):
        """Held or proposed, but no one has said yes in time."""
        return self.blocking().filter(expires_at__lte=now)

    def current(self, *, is_proposal: bool = False):
        """Of one consultation's: the time that is held or agreed, or the proposed one; None if none."""
        # In Python, so that a list which has prefetched the appointments asks nothing more.
        for appointment in self:
            if appointment.released_at is None and appointment.is_proposal == is_proposal:
                return appointment
        return None


class Appointment(TimedMeeting):
    """A time of an advisor that is taken for one request.

    It blocks the advisor from the moment it is stored until it is released. There is no list of
    "states that block" which a person could forget to extend: what became of the request is written
    there, and this row only knows whether the time is taken. Two of one advisor cannot overlap,
    buffers included; the database refuses it whatever the code does.

    What people were told (when, how, where) is copied from the slot and does not change with it.
    """

    request = models.ForeignKey(
        ConsultationRequest, models.CASCADE, related_name="appointments", verbose_name=_("Anfrage")
    )
    advisor = models.ForeignKey(
        Advisor,
        models.PROTECT,
        related_name="appointments",
        verbose_name=_("Beraterin oder Berater"),
    )
    slot = models.ForeignKey(
        Slot,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="appointments",
        verbose_name=_("angebotene Zeit"),
    )
    # From starts_at to ends_at, and the advisor's buffers as they were when the time was taken.
    blocked = DateTimeRangeField(_("belegt"), editable=False)
    # Proposed by the office beside, or instead of, what the person had chosen.
    is_proposal = models.BooleanField(_("Vorschlag"), default=False, editable=False)
    # Until then a person must have said yes; empty as soon as the time is firm.
    expires_at = models.DateTimeField(_("vorgemerkt bis"), null=True, blank=True, editable=False)
    # Since when this time is agreed; moving it begins anew.
    settled_at = models.DateTimeField(_("fest seit"), null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("freigegeben am"), null=True, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta(Meeting.Meta):
        verbose_name = _("Beratungstermin")
        verbose_name_plural = _("Beratungstermine")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(released_at=None, expires_at__isnull=False),
                name="consulting_appointments_lapse",
            ),
            models.Index(
                fields=["starts_at"],
                condition=Q(released_at=None),
                name="consulting_appointments_ahead",
            ),
        ]
        constraints = [
            *Meeting.Meta.constraints,
            ExclusionConstraint(
                name="consulting_no_double_booking",
                expressions=[
                    ("advisor", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at=None),
                violation_error_message=_("Diese Zeit ist nicht mehr frei."),
            ),
            models.UniqueConstraint(
                fields=["request", "is_proposal"],
                condition=Q(released_at=None),
                name="consulting_one_time_and_one_proposal_per_request",
                violation_error_message=_("Für diese Anfrage gibt es schon einen Termin."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="consulting_appointment_ends_after_it_begins",
                violation_error_message=_("Das Ende muss nach dem Beginn liegen."),
            ),
            models.CheckConstraint(
                condition=Q(blocked__contains=TsTzRange("starts_at", "ends_at", RangeBoundary())),
                name="consulting_appointment_blocks_at_least_itself",
                violation_error_message=_("Die belegte Zeit muss den Termin umfassen."),
            ),
            models.CheckConstraint(
                condition=Q(is_proposal=False) | Q(settled_at=None),
                name="consulting_proposal_is_not_settled",
                violation_error_message=_("Ein Vorschlag ist noch nicht fest vereinbart."),
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=False)
                | Q(expires_at=None, settled_at__isnull=False)
                | Q(expires_at__isnull=False, settled_at=None),
                name="consulting_appointment_is_settled_or_lapses",
                violation_error_message=_(
                    "Ein Termin ist entweder fest vereinbart oder nur bis zu einer Frist vorgemerkt."
                ),
            ),
        ]

    def has_begun(self, now: datetime) -> bool:
        """Nothing about it can be changed or announced any more, whether it is over yet or not."""
        return self.starts_at <= now

    def has_lapsed(self, now: datetime) -> bool:
        """No one has said yes in time, so it blocks nothing, whether it is released yet or not."""
        return self.expires_at is not None and self.expires_at <= now

    @staticmethod
    def at(slot: Slot) -> dict[str, Any]:
        """The fields that an appointment takes over from a slot."""
        return {
            "slot": slot,
            "advisor": slot.advisor,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "blocked": slot.blocked,
            **slot.meeting(),
        }
