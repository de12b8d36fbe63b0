from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.names import ADDRESS_TAKEN, folded
from projects.models.licence import LicenceField
from projects.models.product import Product
from projects.models.project import Project
from projects.models.search_words import search_words_field
from projects.models.sourced import PartialDateField, is_partial_date
from projects.models.technology import Technology
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
    DISCONTINUED = "eingestellt", _("eingestellt")


class Evidence(models.TextChoices):
    """How well it is known that it works."""

    UNKNOWN = "", _("nicht bekannt")
    PLANNED = "geplant", _("Wirkung geplant")
    TRIED = "erprobt", _("erprobt")
    MEASURED = "gemessen", _("Wirkung gemessen")


class OpenSource(models.TextChoices):
    YES = "ja", _("ja")
    NO = "nein", _("nein")
    UNKNOWN = "unbekannt", _("nicht bekannt")


class SolutionFact(models.TextChoices):
    """What stands in the fact sheet itself, and can be marked „zu prüfen“ on its own."""

    PROBLEM = "problem", _("Problem")
    DESCRIPTION = "description", _("Beschreibung")
    HOW_IT_WORKS = "how_it_works", _("Funktionsweise")
    MATURITY = "maturity", _("Reife")
    EVIDENCE = "evidence", _("Nachweis")
    OPEN_SOURCE = "open_source", _("quelloffen")
    LICENCE = "licence", _("Lizenz")
    REPOSITORY = "repository", _("Quellcode")
    TECHNOLOGIES = "technologies", _("Technologien")
    PARTNERS = "partners", _("Partner")
    EFFORT = "effort", _("Personal und Dauer")


class SolutionQuerySet(models.QuerySet["Solution"]):
    def public(self):
        """A measure is as public as its project."""
        return self.filter(project__is_public=True)


class Solution(models.Model):
    """A measure of a model project that another Kommune might take up."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="solutions", verbose_name=_("Modellprojekt")
    )
    slug = models.SlugField(_("Adresse"), max_length=160, unique=True, error_messages=ADDRESS_TAKEN)
    name = models.CharField(_("Name"), max_length=200)
    sort_name = models.GeneratedField(
        expression=folded("name"),
        output_field=models.CharField(_("Sortiername"), max_length=400),
        db_persist=True,
    )
    kind = models.CharField(_("Art"), max_length=30, choices=SolutionKind)
    # The solution whose page is the page of a product that others are built on.
    product = models.OneToOneField(
        Product,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="solution",
        verbose_name=_("ist selbst das Produkt"),
        help_text=_("Wenn andere Lösungen auf dieser aufbauen: ihr Name als Produkt."),
        error_messages={
            "unique": _(
                "Dieses Produkt hat schon eine andere Lösung als Seite. Bitte wählen Sie ein anderes Produkt."
            )
        },
    )
    problem = models.TextField(
        _("Problem"), blank=True, help_text=_("Welche Not oder Aufgabe die Lösung angeht.")
    )
    description = models.TextField(_("Beschreibung"), blank=True)
    how_it_works = models.TextField(
        _("Funktionsweise"), blank=True, help_text=_("Wie sie arbeitet, Schritt für Schritt.")
    )
    maturity = models.CharField(
        _("Reife"), max_length=20, choices=Maturity, blank=True, default=Maturity.UNKNOWN
    )
    maturity_as_of = PartialDateField(_("Stand der Reife"))
    evidence = models.CharField(
        _("Nachweis"), max_length=20, choices=Evidence, blank=True, default=Evidence.UNKNOWN
    )
    evidence_text = models.TextField(_("was erprobt oder gemessen wurde"), blank=True)
    open_source = models.CharField(
        _("quelloffen"), max_length=10, choices=OpenSource, default=OpenSource.UNKNOWN
    )
    licence = LicenceField(_("Lizenz"))
    repository = models.URLField(_("Quellcode"), max_length=300, blank=True)
    url = models.URLField(_("eigene Seite"), max_length=400, blank=True)
    technologies = models.ManyToManyField(
        Technology, blank=True, related_name="solutions", verbose_name=_("Technologien")
    )
    partners = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("Partner"),
        default=list,
        blank=True,
        help_text=_("Organisationen, keine Personen."),
    )
    staff_text = models.CharField(_("Personal"), max_length=200, blank=True)
    duration_text = models.CharField(_("Dauer der Einführung"), max_length=200, blank=True)
    ended_on = PartialDateField(_("beendet"))
    why_ended = models.CharField(_("warum beendet"), max_length=400, blank=True)
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="solutions", verbose_name=_("Themen")
    )
    search_words = search_words_field()
    # The mark „zu prüfen“ stands at the very facts, with one note that says what is open.
    unsure = ArrayField(
        models.CharField(max_length=20, choices=SolutionFact),
        verbose_name=_("zu prüfen"),
        default=list,
        blank=True,
        help_text=_("Bei diesen Angaben steht öffentlich „zu prüfen“."),
    )
    note = models.CharField(
        _("Anmerkung"),
        max_length=600,
        blank=True,
        help_text=_("Was daran zu prüfen oder dazu zu wissen ist. Steht öffentlich dabei."),
    )
    confirmed_on = models.DateField(
        _("zuletzt bestätigt am"),
        null=True,
        blank=True,
        help_text=_("Tag, an dem das Projekt die Angaben zuletzt bestätigt hat."),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    objects = SolutionQuerySet.as_manager()
    # Besides being marked, for those who look after all of it.
    doubts = ((_("ohne Quelle"), Q(sources=None), "sources-0"),)

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
            models.CheckConstraint(
                condition=Q(evidence__in=Evidence.values),
                name="projects_solution_evidence_is_known",
                violation_error_message=_("Bitte geplant, erprobt oder gemessen wählen."),
            ),
            models.CheckConstraint(
                condition=~Q(evidence=Evidence.MEASURED) | ~Q(evidence_text=""),
                name="projects_solution_measured_says_what",
                violation_error_message=_("Bitte sagen, was gemessen wurde."),
            ),
            models.CheckConstraint(
                condition=Q(unsure__contained_by=SolutionFact.values),
                name="projects_solution_unsure_facts_are_known",
                violation_error_message=_(
                    "Bitte nur Angaben dieser Seite als zu prüfen markieren."
                ),
            ),
            models.CheckConstraint(
                condition=Q(unsure__len=0) | ~Q(note=""),
                name="projects_solution_unsure_says_what",
                violation_error_message=_("Bitte in der Anmerkung sagen, was zu prüfen ist."),
            ),
            models.CheckConstraint(
                condition=Q(why_ended="")
                | ~Q(ended_on="")
                | Q(maturity__in=[Maturity.DISCONTINUED, Maturity.COMPLETED]),
                name="projects_solution_ended_before_why",
                violation_error_message=_(
                    "Warum sie beendet ist, steht nur bei einer beendeten Lösung."
                ),
            ),
            is_partial_date("maturity_as_of", "projects_solution_maturity_as_of_is_a_date"),
            is_partial_date("ended_on", "projects_solution_ended_on_is_a_date"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:solution", kwargs={"slug": self.slug})
