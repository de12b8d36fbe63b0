from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.project import Project
from projects.models.solution import Solution
from projects.models.sourced import SourceNote


class Source(SourceNote):
    """Where a fact comes from: a page, or a printed text named in words."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="sources", verbose_name=_("Modellprojekt")
    )
    # Set where the source speaks of one measure of the project only.
    solution = models.ForeignKey(
        Solution,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("Lösung"),
    )
    # What it vouches for, where that is less than everything („nennt nur die Auswahl“).
    note = models.CharField(
        _("Anmerkung"),
        max_length=200,
        blank=True,
        help_text=_("Wofür die Quelle steht. Steht öffentlich dabei."),
    )
    is_truncated = models.BooleanField(_("Adresse unvollständig"), default=False)
    checked_on = models.DateField(_("geprüft am"), null=True, blank=True)

    class Meta(SourceNote.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["project", "solution", "text"],
                nulls_distinct=False,
                name="projects_source_once",
                violation_error_message=_("Diese Quelle ist schon genannt."),
            ),
        ]
