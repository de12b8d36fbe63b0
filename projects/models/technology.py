from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.names import ADDRESS_TAKEN, folded


class TechnologyKind(models.TextChoices):
    TECHNOLOGY = "technologie", _("Technologie")
    SOFTWARE = "software", _("Software")
    STANDARD = "standard", _("Standard oder Schnittstelle")


class Technology(models.Model):
    """What solutions are made with, in a vocabulary that editors keep small and extend."""

    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField(_("Adresse"), max_length=80, unique=True, error_messages=ADDRESS_TAKEN)
    sort_name = models.GeneratedField(
        expression=folded("name"),
        output_field=models.CharField(_("Sortiername"), max_length=400),
        db_persist=True,
    )
    kind = models.CharField(
        _("Art"), max_length=20, choices=TechnologyKind, default=TechnologyKind.TECHNOLOGY
    )

    class Meta:
        verbose_name = _("Technologie")
        verbose_name_plural = _("Technologien")
        ordering = ["sort_name", "pk"]
        constraints = [
            # „LoRaWAN“ and „Lorawan“ are one.
            models.UniqueConstraint(
                fields=["sort_name"],
                name="projects_technology_once",
                violation_error_message=_("Diese Technologie gibt es schon."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TechnologyKind.values),
                name="projects_technology_kind_is_known",
                violation_error_message=_("Bitte eine der Arten wählen."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
