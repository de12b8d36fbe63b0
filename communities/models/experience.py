from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models.community import Community
from projects.models import Project, Solution


class ExperienceKind(models.TextChoices):
    SUCCESS = "erfolgsfaktor", _("Erfolgsfaktor")
    PITFALL = "stolperfalle", _("Stolperfalle")


class ExperienceState(models.TextChoices):
    DRAFT = "entwurf", _("Entwurf")
    PUBLIC = "oeffentlich", _("öffentlich")


class ExperienceQuerySet(models.QuerySet["Experience"]):
    def public(self) -> Self:
        return self.filter(state=ExperienceState.PUBLIC)


class Experience(models.Model):
    """What helped or hurt (Erfolgsfaktor, Stolperfalle), told so that others can learn from it."""

    kind = models.CharField(_("Art"), max_length=20, choices=ExperienceKind)
    title = models.CharField(_("In einem Satz"), max_length=200)
    what = models.TextField(_("Was ist passiert?"), max_length=4000)
    context = models.TextField(_("Unter welchen Umständen?"), max_length=4000, blank=True)
    again = models.TextField(_("Was würden wir wieder so machen?"), max_length=4000, blank=True)
    operator_model = models.CharField(
        _("Betreibermodell"),
        max_length=200,
        blank=True,
        help_text=_("Wer betreibt es, zum Beispiel die Stadtwerke."),
    )
    partners = models.CharField(_("Partner"), max_length=300, blank=True)
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="experiences",
        verbose_name=_("Gruppe"),
    )
    project = models.ForeignKey(
        Project,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="experiences",
        verbose_name=_("Modellprojekt"),
    )
    solution = models.ForeignKey(
        Solution,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="experiences",
        verbose_name=_("Lösung"),
    )
    state = models.CharField(
        _("Stand"), max_length=20, choices=ExperienceState, default=ExperienceState.DRAFT
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="experiences",
        verbose_name=_("geschrieben von"),
    )
    published_at = models.DateTimeField(
        _("veröffentlicht am"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    objects = ExperienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Erfahrung")
        verbose_name_plural = _("Erfahrungen")
        ordering = ["-published_at", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(community__isnull=False)
                | Q(project__isnull=False)
                | Q(solution__isnull=False),
                name="communities_experience_is_about_something",
                violation_error_message=_(
                    "Bitte sagen, wozu die Erfahrung gehört: Gruppe, Modellprojekt oder Lösung."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=ExperienceState.PUBLIC) | Q(published_at__isnull=False),
                name="communities_public_experience_has_a_moment",
                violation_error_message=_(
                    "Eine öffentliche Erfahrung hat einen Zeitpunkt der Veröffentlichung."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("communities:experience", args=[self.pk])
