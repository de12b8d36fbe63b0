from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.names import folded
from projects.models.project import Project
from projects.models.theme import Theme


class SolutionKind(models.TextChoices):
    """What a measure is; an own list of the portal, values as in addresses (`?art=app`)."""

    APP = "app", _("App")
    PARTICIPATION = "beteiligung", _("Beteiligung")
    EDUCATION = "bildung", _("Bildung")
    DATA_PLATFORM = "datenplattform", _("Datenplattform")
    DIGITAL_TWIN = "digitaler-zwilling", _("Digitaler Zwilling")
    ENERGY = "energie", _("Energie")
    HEALTH = "gesundheit-pflege", _("Gesundheit und Pflege")
    CIVIL_PROTECTION = "katastrophenschutz", _("Katastrophenschutz")
    CLIMATE = "klima-umwelt", _("Klima und Umwelt")
    CULTURE = "kultur-tourismus", _("Kultur und Tourismus")
    MOBILITY = "mobilitaet", _("Mobilität")
    PLACE = "ort-labor", _("Ort oder Labor")
    SENSORS = "sensorik", _("Sensorik")
    OTHER = "sonstiges", _("Sonstiges")
    STRATEGY = "strategie-organisation", _("Strategie und Organisation")
    ADMINISTRATION = "verwaltung", _("Verwaltung")
    ECONOMY = "wirtschaft", _("Wirtschaft")


class Maturity(models.TextChoices):
    """How far a measure is, judged by the wording of its source; unknown where none says."""

    UNKNOWN = "", _("nicht bekannt")
    PLANNED = "geplant", _("geplant")
    PILOT = "pilot", _("Pilot oder Test")
    IMPLEMENTATION = "umsetzung", _("in Umsetzung")
    OPERATION = "betrieb", _("in Betrieb")
    COMPLETED = "abgeschlossen", _("abgeschlossen")


class OpenSource(models.TextChoices):
    YES = "ja", _("ja")
    NO = "nein", _("nein")
    UNKNOWN = "unbekannt", _("nicht bekannt")


class SolutionQuerySet(models.QuerySet["Solution"]):
    def public(self):
        """A measure is as public as its project."""
        return self.filter(project__is_public=True)


class Solution(models.Model):
    """A measure of a model project that another Kommune might take up."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="solutions", verbose_name=_("Modellprojekt")
    )
    slug = models.SlugField(_("Adresse"), max_length=160, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    sort_name = models.GeneratedField(
        expression=folded("name"),
        output_field=models.CharField(_("Sortiername"), max_length=400),
        db_persist=True,
    )
    kind = models.CharField(_("Art"), max_length=30, choices=SolutionKind)
    maturity = models.CharField(
        _("Reife"), max_length=20, choices=Maturity, blank=True, default=Maturity.UNKNOWN
    )
    open_source = models.CharField(
        _("quelloffen"), max_length=10, choices=OpenSource, default=OpenSource.UNKNOWN
    )
    repository = models.URLField(_("Quellcode"), max_length=300, blank=True)
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="solutions", verbose_name=_("Themen")
    )
    description = models.TextField(_("Beschreibung"), blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    objects = SolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Lösung")
        verbose_name_plural = _("Lösungen")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name"], name="projects_solution_sort")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="projects_solution_name_once_per_project",
                violation_error_message=_("Dieses Projekt hat schon eine Lösung dieses Namens."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SolutionKind.values),
                name="projects_solution_kind_is_known",
                violation_error_message=_("Bitte eine der Arten wählen."),
            ),
            models.CheckConstraint(
                condition=Q(maturity__in=Maturity.values),
                name="projects_solution_maturity_is_known",
                violation_error_message=_("Bitte eine der Reifestufen wählen."),
            ),
            models.CheckConstraint(
                condition=Q(open_source__in=OpenSource.values),
                name="projects_solution_open_source_is_known",
                violation_error_message=_("Bitte ja, nein oder nicht bekannt wählen."),
            ),
            models.CheckConstraint(
                condition=Q(repository="") | ~Q(open_source=OpenSource.NO),
                name="projects_closed_source_has_no_repository",
                violation_error_message=_(
                    "Wer einen Quellcode angibt, kann nicht „nicht quelloffen“ sein."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:solution", kwargs={"slug": self.slug})
