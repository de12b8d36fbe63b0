from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.licence import LicenceField
from projects.models.project import Project
from projects.models.solution import Solution
from projects.models.sourced import Sourced, exactly_one


class DocumentKind(models.TextChoices):
    TENDER = "ausschreibung", _("Ausschreibung oder Leistungsbeschreibung")
    CONTRACT = "vertrag", _("Vertrag oder Vereinbarung")
    CONCEPT = "konzept", _("Konzept oder Strategie")
    TRAINING = "schulung", _("Anleitung oder Schulung")
    REPORT = "bericht", _("Bericht oder Auswertung")
    CODE = "quellcode", _("weiterer Quellcode")
    OTHER = "sonstiges", _("Sonstiges")


class Document(Sourced):
    """A link to a document of others, never a copy: the address is its source."""

    solution = models.ForeignKey(
        Solution,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("Lösung"),
    )
    project = models.ForeignKey(
        Project,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("Modellprojekt"),
    )
    kind = models.CharField(_("Art"), max_length=20, choices=DocumentKind)
    title = models.CharField(_("Titel"), max_length=200)
    url = models.URLField(_("Adresse"), max_length=500)
    licence = LicenceField(_("Lizenz"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Dokument")
        verbose_name_plural = _("Dokumente")
        ordering = ["position", "pk"]
        constraints = [
            exactly_one(
                ("solution", "project"),
                "projects_document_belongs_to_one",
                _("Ein Dokument gehört zu einer Lösung oder einem Modellprojekt."),
            ),
            models.UniqueConstraint(
                fields=["solution", "project", "url"],
                nulls_distinct=False,
                name="projects_document_once",
                violation_error_message=_("Dieses Dokument ist schon genannt."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values),
                name="projects_document_kind_is_known",
                violation_error_message=_("Bitte eine der Arten wählen."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
