from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models import Solution


class PinnedCaseQuerySet(models.QuerySet["PinnedCase"]):
    def on(self, day: date) -> Self:
        return self.filter(begins_on__lte=day, ends_on__gte=day).order_by("-begins_on", "-pk")


class PinnedCase(models.Model):
    """A solution that editors want as the case on the start page, instead of the week's own."""

    solution = models.ForeignKey(
        Solution, models.CASCADE, related_name="pinned", verbose_name=_("Lösung")
    )
    begins_on = models.DateField(_("vom"))
    ends_on = models.DateField(
        _("bis"), help_text=_("Danach wechselt der Fall wieder jede Woche von selbst.")
    )

    objects = PinnedCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("angehefteter Fall der Startseite")
        verbose_name_plural = _("angeheftete Fälle der Startseite")
        ordering = ["-begins_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")),
                name="smartcities_pinned_case_ends_after_it_begins",
                violation_error_message=_("Der letzte Tag liegt vor dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.solution)
