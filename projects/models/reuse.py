from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.municipality import Municipality
from projects.models.product import Product
from projects.models.project import Project
from projects.models.solution import Solution
from projects.models.sourced import PartialDateField, Sourced, exactly_one, is_partial_date


class StatedBy(models.TextChoices):
    SOURCE = "quelle", _("unabhängige Quelle")
    REUSER = "nachnutzende", _("Kommune, die nachnutzt")
    PROJECT = "anbietende", _("Projekt oder Hersteller der Lösung")


class ReuseQuerySet(models.QuerySet["Reuse"]):
    def told(self):
        """What was confirmed, or can be read in a source; also what is only planned."""
        return self.filter(~Q(source="") | Q(confirmed_on__isnull=False))

    def public(self):
        """Those that already reuse it; of a solution, as public as its project."""
        return self.shown().filter(is_planned=False)

    def planned(self):
        """The same for those that mean to take it over: no reuse yet, and counted nowhere as one."""
        return self.shown().filter(is_planned=True)

    def shown(self):
        """Both, for pages that tell them apart."""
        return self.told().filter(Q(solution=None) | Q(solution__project__is_public=True))


class Reuse(Sourced):
    """That a Kommune reuses a solution, or a product from outside the network."""

    solution = models.ForeignKey(
        Solution,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reuses",
        verbose_name=_("Lösung"),
    )
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="reuses",
        verbose_name=_("Produkt"),
    )
    # As the source calls it; may be more than one Kommune, or none that the portal knows.
    name = models.CharField(
        _("wer nachnutzt"),
        max_length=200,
        help_text=_("Eine Kommune oder Organisation, keine Person."),
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reuses",
        verbose_name=_("Kommune"),
    )
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="reuses",
        verbose_name=_("Modellprojekt, das nachnutzt"),
    )
    is_planned = models.BooleanField(
        _("erst geplant"),
        default=False,
        help_text=_("Die Kommune möchte nachnutzen und tut es noch nicht. Zählt nicht mit."),
    )
    how = models.CharField(_("wie"), max_length=400, blank=True)
    since = PartialDateField(_("seit"))
    cost_text = models.CharField(_("was es gekostet hat"), max_length=400, blank=True)
    learned = models.CharField(_("was daraus zu lernen ist"), max_length=1000, blank=True)
    contract_until = PartialDateField(_("Vertrag bis"))
    project_note = models.CharField(_("Ergänzung des Projekts"), max_length=1000, blank=True)
    stated_by = models.CharField(
        _("Angabe von"), max_length=20, choices=StatedBy, default=StatedBy.SOURCE
    )
    confirmed_on = models.DateField(
        _("von der Kommune bestätigt am"),
        null=True,
        blank=True,
        help_text=_("Leer, solange nur andere es sagen."),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    objects = ReuseQuerySet.as_manager()
    # Besides being uncertain, for those who look after all of it.
    doubts = (
        (
            _("nicht bestätigt und ohne Quelle, daher nicht öffentlich"),
            Q(confirmed_on=None, source=""),
            "id_source",
        ),
    )

    class Meta:
        verbose_name = _("Nachnutzung")
        verbose_name_plural = _("Nachnutzungen")
        ordering = ["position", "pk"]
        constraints = [
            exactly_one(
                ("solution", "product"),
                "projects_reuse_of_one_thing",
                _("Nachgenutzt wird eine Lösung oder ein Produkt."),
            ),
            models.UniqueConstraint(
                fields=["solution", "product", "name"],
                nulls_distinct=False,
                name="projects_reuse_once",
                violation_error_message=_("Diese Nachnutzung ist schon genannt."),
            ),
            models.UniqueConstraint(
                fields=["solution", "product", "municipality"],
                condition=Q(municipality__isnull=False),
                nulls_distinct=False,
                name="projects_reuse_once_per_municipality",
                violation_error_message=_("Diese Kommune ist hier schon genannt."),
            ),
            models.CheckConstraint(
                condition=Q(stated_by__in=StatedBy.values),
                name="projects_reuse_stated_by_is_known",
                violation_error_message=_("Bitte wählen, von wem die Angabe stammt."),
            ),
            models.CheckConstraint(
                condition=~Q(stated_by=StatedBy.SOURCE) | ~Q(source=""),
                name="projects_reuse_by_source_names_it",
                violation_error_message=_("Bitte die Quelle nennen, die das sagt."),
            ),
            is_partial_date("since", "projects_reuse_since_is_a_date"),
            is_partial_date("contract_until", "projects_reuse_contract_ends_on_a_date"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_on is not None

    @property
    def is_public(self) -> bool:
        return bool(self.source) or self.is_confirmed
