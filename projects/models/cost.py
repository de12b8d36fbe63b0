from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.solution import Solution
from projects.models.sourced import PartialDateField, Sourced, has_source, is_partial_date


class CostPeriod(models.TextChoices):
    TOTAL = "gesamt", _("insgesamt")
    ONCE = "einmalig", _("einmalig")
    PER_YEAR = "je-jahr", _("je Jahr")
    GRANT = "foerderung", _("Förderung")
    PART = "davon", _("Teil eines genannten Betrags")
    # What citizens, guests or single households pay, or the most that one idea gets.
    PER_USE = "je-nutzung", _("je Nutzung oder Einheit")


class CostClass(models.TextChoices):
    """What it takes to get something going, for those who want to compare; values as in addresses."""

    UP_TO_10 = "bis-10000", _("bis 10.000 Euro")
    UP_TO_50 = "bis-50000", _("bis 50.000 Euro")
    UP_TO_250 = "bis-250000", _("bis 250.000 Euro")
    ABOVE = "darueber", _("über 250.000 Euro")
    UNKNOWN = "unbekannt", _("nicht bekannt")

    @classmethod
    def of(cls, amount: Decimal | None) -> "CostClass":
        if amount is None:
            return cls.UNKNOWN
        limits = ((10_000, cls.UP_TO_10), (50_000, cls.UP_TO_50), (250_000, cls.UP_TO_250))
        return next((found for limit, found in limits if amount <= limit), cls.ABOVE)


class Cost(Sourced):
    """What something about a solution costs, or who paid for it, as a source says."""

    solution = models.ForeignKey(
        Solution, models.CASCADE, related_name="costs", verbose_name=_("Lösung")
    )
    purpose = models.CharField(_("wofür"), max_length=300)
    amount = models.DecimalField(
        _("Betrag in Euro"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("0 heißt kostenlos; leer, wenn die Quelle keine Summe nennt."),
    )
    period = models.CharField(_("Art"), max_length=20, choices=CostPeriod)
    for_reusers = models.BooleanField(
        _("Preis für Nachnutzende"),
        default=False,
        help_text=_("Was eine Kommune zahlt, die die Lösung übernimmt. Geht der Kostenklasse vor."),
    )
    as_of = PartialDateField(_("Stand"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Kosten")
        verbose_name_plural = _("Kosten")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "purpose"],
                name="projects_cost_once",
                violation_error_message=_("Diese Kosten sind schon genannt."),
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="projects_cost_is_not_negative",
                violation_error_message=_("Ein Betrag kann nicht negativ sein."),
            ),
            models.CheckConstraint(
                condition=Q(period__in=CostPeriod.values),
                name="projects_cost_period_is_known",
                violation_error_message=_("Bitte wählen, worauf sich der Betrag bezieht."),
            ),
            is_partial_date("as_of", "projects_cost_as_of_is_a_date"),
            has_source("projects_cost_has_source"),
        ]

    def __str__(self) -> str:
        return self.purpose


def decisive_amount(costs: Iterable[tuple[str, bool, Decimal | None]]) -> Decimal | None:
    """What counts for the cost class, of costs as (period, for_reusers, amount).

    The highest price for those who reuse it; else the highest cost of the original or grant for it,
    which it cost at least. Parts of a sum and prices of single uses say nothing about it.
    """
    counted = [
        (for_reusers, amount)
        for period, for_reusers, amount in costs
        if amount is not None and period not in (CostPeriod.PART, CostPeriod.PER_USE)
    ]
    for_reuse = [amount for for_reusers, amount in counted if for_reusers]
    return max(for_reuse or [amount for _, amount in counted], default=None)
