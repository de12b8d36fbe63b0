from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.project import Project
from projects.models.solution import Solution
from projects.models.sourced import Sourced, exactly_one, has_source
from projects.models.theme import Theme


class LessonKind(models.TextChoices):
    SUCCESS = "erfolgsfaktor", _("Erfolgsfaktor")
    PITFALL = "stolperfalle", _("Stolperfalle")


class Lesson(Sourced):
    """What went well or wrong with a solution or in a project; or, of no one project, in a theme."""

    solution = models.ForeignKey(
        Solution,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("Lösung"),
    )
    project = models.ForeignKey(
        Project,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("Modellprojekt"),
    )
    theme = models.ForeignKey(
        Theme,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("Thema"),
    )
    kind = models.CharField(_("Art"), max_length=20, choices=LessonKind)
    text = models.CharField(_("Erkenntnis"), max_length=600)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Erkenntnis")
        verbose_name_plural = _("Erkenntnisse")
        ordering = ["position", "pk"]
        constraints = [
            exactly_one(
                ("solution", "project", "theme"),
                "projects_lesson_belongs_to_one",
                _("Eine Erkenntnis gehört zu einer Lösung, einem Modellprojekt oder einem Thema."),
            ),
            models.UniqueConstraint(
                fields=["solution", "project", "theme", "text"],
                nulls_distinct=False,
                name="projects_lesson_once",
                violation_error_message=_("Diese Erkenntnis ist schon genannt."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LessonKind.values),
                name="projects_lesson_kind_is_known",
                violation_error_message=_("Bitte Erfolgsfaktor oder Stolperfalle wählen."),
            ),
            has_source("projects_lesson_has_source"),
        ]

    def __str__(self) -> str:
        return self.text
