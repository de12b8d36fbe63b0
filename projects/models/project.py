from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.land import Land
from ground.mailbox import AddressField
from ground.names import ADDRESS_TAKEN, folded
from projects.models.municipality import Municipality
from projects.models.search_words import search_words_field
from projects.models.sourced import PartialDateField, address_in, is_partial_date
from projects.models.theme import Theme


class CallYear(models.IntegerChoices):
    """The three rounds („Staffeln“) in which the federal government chose the projects."""

    Y2019 = 2019, "2019"
    Y2020 = 2020, "2020"
    Y2021 = 2021, "2021"


class ApplicantKind(models.TextChoices):
    """Categories of the selection rounds; the values stand in addresses (`?art=mittelstadt`)."""

    GROSSSTADT = "grossstadt", _("Großstadt")
    MITTELSTADT = "mittelstadt", _("Mittelstadt")
    KLEINSTADT = "kleinstadt", _("Kleinstadt oder Landgemeinde")
    LANDKREIS = "landkreis", _("Landkreis")
    KOOPERATION = "kooperation", _("Interkommunale Kooperation")
    REGIONALVERBAND = "regionalverband", _("Regionalverband")


class Phase(models.TextChoices):
    """How the project's own page words it; unknown for most."""

    UNKNOWN = "", _("nicht bekannt")
    IMPLEMENTATION = "umsetzung", _("In die Umsetzungsphase gestartet")
    IMPLEMENTATION_AFTER_STRATEGY = (
        "umsetzung-nach-strategie",
        _("Umsetzungsphase nach Strategiephase"),
    )


class ProjectQuerySet(models.QuerySet["Project"]):
    def public(self):
        return self.filter(is_public=True)


class Project(models.Model):
    """One of the *Modellprojekte Smart Cities*: one Kommune or several, in one Land or several."""

    slug = models.SlugField(_("Adresse"), max_length=80, unique=True, error_messages=ADDRESS_TAKEN)
    name = models.CharField(_("Name"), max_length=120)
    sort_name = models.GeneratedField(
        expression=folded("name"),
        output_field=models.CharField(_("Sortiername"), max_length=400),
        db_persist=True,
    )
    title = models.CharField(_("Titel des Projekts"), max_length=200, blank=True)
    call_year = models.PositiveSmallIntegerField(_("Staffel"), choices=CallYear)
    applicant_kind = models.CharField(_("Art der Kommune"), max_length=20, choices=ApplicantKind)
    laender = ArrayField(
        models.CharField(max_length=2, choices=Land),
        verbose_name=_("Länder"),
        help_text=_("Ein Projekt kann in mehreren Ländern liegen."),
    )
    municipalities = models.ManyToManyField(
        Municipality,
        through="ProjectMunicipality",
        related_name="projects",
        verbose_name=_("Kommunen"),
    )
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="projects", verbose_name=_("Themen")
    )
    search_words = search_words_field()
    # How the themes were found, e.g. word for word on the project's page, or derived from measures.
    themes_basis = models.CharField(_("Herkunft der Themen"), max_length=200, blank=True)
    summary = models.TextField(_("Zusammenfassung"), blank=True)
    website = models.URLField(_("Website"), max_length=300, blank=True)
    contact_name = models.CharField(_("Ansprechstelle"), max_length=150, blank=True)
    contact_email = AddressField(_("E-Mail der Ansprechstelle"), blank=True)
    contact_phone = models.CharField(_("Telefon der Ansprechstelle"), max_length=40, blank=True)
    contact_url = models.URLField(_("Seite der Ansprechstelle"), max_length=300, blank=True)
    contact_source = models.CharField(_("Quelle der Ansprechstelle"), max_length=500, blank=True)
    status_text = models.TextField(
        _("Stand des Projekts"), blank=True, help_text=_("Wo es steht und wie es gefördert wird.")
    )
    funding_from = PartialDateField(_("gefördert ab"))
    funding_to = PartialDateField(_("gefördert bis"))
    budget = models.PositiveBigIntegerField(_("Budget in Euro"), null=True, blank=True)
    federal_share = models.PositiveBigIntegerField(
        _("davon vom Bund in Euro"), null=True, blank=True
    )
    ended_on = PartialDateField(_("abgeschlossen"))
    status_source = models.CharField(
        _("Quelle des Stands"),
        max_length=500,
        blank=True,
        help_text=_("Internetadresse oder Titel mit Datum. Steht öffentlich dabei."),
    )
    status_is_certain = models.BooleanField(
        _("Stand gesichert"),
        default=True,
        help_text=_("Ohne Haken steht „zu prüfen“ beim Stand und bei den Summen."),
    )
    status_note = models.CharField(_("Anmerkung zum Stand"), max_length=600, blank=True)
    population = models.PositiveIntegerField(_("Einwohner"), null=True, blank=True)
    population_basis = models.CharField(_("Herkunft der Einwohnerzahl"), max_length=200, blank=True)
    area_km2 = models.DecimalField(
        _("Fläche in km²"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    latitude = models.FloatField(_("geografische Breite"), null=True, blank=True)
    longitude = models.FloatField(_("geografische Länge"), null=True, blank=True)
    phase = models.CharField(_("Phase"), max_length=30, choices=Phase, blank=True, default="")
    is_public = models.BooleanField(_("öffentlich"), default=True, db_index=True)
    # The editors' mark „zu prüfen“: shown to everybody, so that nobody takes it for certain.
    check_note = models.CharField(
        _("zu prüfen"),
        max_length=300,
        blank=True,
        help_text=_("Was an diesem Eintrag noch geprüft werden muss. Steht öffentlich dabei."),
    )
    # For the office only: nobody else can do anything about a shortened address.
    editors_note = models.CharField(
        _("interne Notiz"),
        max_length=300,
        blank=True,
        help_text=_("Nur für die Redaktion, steht nirgends öffentlich."),
    )
    checked_on = models.DateField(_("geprüft am"), null=True, blank=True)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    objects = ProjectQuerySet.as_manager()
    # Besides being marked, for those who look after all of it.
    doubts = ((_("ohne Quelle"), Q(sources=None), "sources-group"),)

    class Meta:
        verbose_name = _("Modellprojekt")
        verbose_name_plural = _("Modellprojekte")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name"], name="projects_project_sort"),
            GinIndex(fields=["laender"], name="projects_project_laender"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(call_year__in=CallYear.values),
                name="projects_call_year_was_held",
                violation_error_message=_("Staffeln gab es 2019, 2020 und 2021."),
            ),
            models.CheckConstraint(
                condition=Q(applicant_kind__in=ApplicantKind.values),
                name="projects_applicant_kind_is_known",
                violation_error_message=_("Bitte eine der Arten wählen."),
            ),
            models.CheckConstraint(
                condition=Q(laender__contained_by=Land.values) & Q(laender__len__gte=1),
                name="projects_project_lies_in_a_land",
                violation_error_message=_("Ein Projekt liegt in mindestens einem der 16 Länder."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(latitude=None, longitude=None)
                    | Q(latitude__range=(47.0, 55.2), longitude__range=(5.5, 15.5))
                ),
                name="projects_project_lies_in_germany",
                violation_error_message=_("Diese Koordinaten liegen nicht in Deutschland."),
            ),
            models.CheckConstraint(
                condition=~Q(status_source="")
                | Q(
                    status_text="",
                    funding_from="",
                    funding_to="",
                    budget=None,
                    federal_share=None,
                    ended_on="",
                ),
                name="projects_project_status_has_source",
                violation_error_message=_(
                    "Bitte die Quelle des Stands nennen: eine Internetadresse, einen Titel mit Datum "
                    "oder „Angabe des Projekts“."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status_is_certain=True) | ~Q(status_note=""),
                name="projects_project_unsure_status_says_what",
                violation_error_message=_("Bitte sagen, was am Stand zu prüfen ist."),
            ),
            models.CheckConstraint(
                condition=Q(funding_from="")
                | Q(funding_to="")
                | Q(funding_from__lte=F("funding_to")),
                name="projects_project_funding_runs_forward",
                violation_error_message=_("Die Förderung endet nicht, bevor sie beginnt."),
            ),
            models.CheckConstraint(
                condition=Q(budget=None)
                | Q(federal_share=None)
                | Q(federal_share__lte=F("budget")),
                name="projects_project_share_is_part_of_the_budget",
                violation_error_message=_("Der Anteil des Bundes ist nicht größer als das Budget."),
            ),
            is_partial_date("funding_from", "projects_project_funding_from_is_a_date"),
            is_partial_date("funding_to", "projects_project_funding_to_is_a_date"),
            is_partial_date("ended_on", "projects_project_ended_on_is_a_date"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", kwargs={"slug": self.slug})

    @property
    def status_source_url(self) -> str:
        return address_in(self.status_source)


class ProjectMunicipality(models.Model):
    """That a Kommune takes part in a project, in the order in which the project names them."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="participations")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="participations", verbose_name=_("Kommune")
    )
    is_lead = models.BooleanField(_("federführend"), default=False)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("beteiligte Kommune")
        verbose_name_plural = _("beteiligte Kommunen")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "municipality"],
                name="projects_municipality_once_per_project",
                violation_error_message=_("Diese Kommune ist schon beteiligt."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(is_lead=True),
                name="projects_one_lead_per_project",
                violation_error_message=_("Federführend kann nur eine Kommune sein."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} – {self.project}"


class ProjectEditor(models.Model):
    """That an account may edit a project and its measures in the administration, and nothing else."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="editors", verbose_name=_("Modellprojekt")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="edited_projects",
        verbose_name=_("Konto"),
    )

    class Meta:
        verbose_name = _("Projektredaktion")
        verbose_name_plural = _("Projektredaktionen")
        ordering = ["project__sort_name", "user__email"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                name="projects_editor_once_per_project",
                violation_error_message=_("Dieses Konto bearbeitet das Projekt schon."),
            ),
        ]

    def __str__(self) -> str:
        # Stands in the history of the project, so it names nobody.
        return str(self.project)
