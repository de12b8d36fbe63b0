from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.solution import Solution


class RevisionKind(models.TextChoices):
    # What stood there before somebody changed it here: loaded, taken from a table, or older than this.
    FOUND = "vorgefunden", _("vorgefunden")
    CHANGED = "geaendert", _("geändert")
    RESTORED = "hergestellt", _("wiederhergestellt")


class Revision(models.Model):
    """The sheet of a solution as it stood after a change, whole, so that it can be put back.

    A sheet names organisations and no persons, so nothing personal lives on in it; who changed it goes
    with the account.
    """

    solution = models.ForeignKey(
        Solution, models.CASCADE, related_name="revisions", verbose_name=_("Lösung")
    )
    kind = models.CharField(_("Art"), max_length=20, choices=RevisionKind)
    at = models.DateTimeField(_("wann"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("von"),
    )
    # As an editor of the project, not as one of the office.
    is_by_project = models.BooleanField(_("vom Projekt"), default=False)
    sheet = models.JSONField(_("Fassung"), encoder=DjangoJSONEncoder)
    # In words, as [label, before, after]: readable also when what they name is gone.
    changes = models.JSONField(_("Änderungen"), default=list)

    class Meta:
        verbose_name = _("Fassung einer Lösung")
        verbose_name_plural = _("Fassungen von Lösungen")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["at"], name="projects_revision_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RevisionKind.values),
                name="projects_revision_kind_is_known",
                violation_error_message=_("Bitte eine der Arten wählen."),
            ),
            models.CheckConstraint(
                condition=Q(is_by_project=False) | Q(kind=RevisionKind.CHANGED),
                name="projects_revision_by_project_is_a_change",
                violation_error_message=_("Projekte ändern Fassungen, sonst nichts."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.solution)
