from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.files import KeepsFile, UploadField
from communities.models.community import Community
from ground.names import ADDRESS_TAKEN
from projects.models import Project, Solution


class ResultKind(models.TextChoices):
    GUIDE = "leitfaden", _("Leitfaden")
    TEMPLATE = "vorlage", _("Vorlage")
    SOURCE_CODE = "quellcode", _("Quellcode")
    RECOMMENDATION = "empfehlung", _("Empfehlung")
    REPORT = "erfahrungsbericht", _("Erfahrungsbericht")


class ResultState(models.TextChoices):
    DRAFT = "entwurf", _("Entwurf")
    MEMBERS = "mitglieder", _("für Mitglieder")
    PUBLIC = "oeffentlich", _("öffentlich")


class ResultQuerySet(models.QuerySet["Result"]):
    def public(self) -> Self:
        """What everybody may read; archiving a community changes nothing about it."""
        return self.filter(state=ResultState.PUBLIC)


class Result(KeepsFile):
    """Something a community has worked out and others can use (Arbeitsergebnis)."""

    community = models.ForeignKey(
        Community, models.PROTECT, related_name="results", verbose_name=_("Gruppe")
    )
    slug = models.SlugField(_("Adresse"), max_length=80, unique=True, error_messages=ADDRESS_TAKEN)
    title = models.CharField(_("Titel"), max_length=200)
    kind = models.CharField(_("Art"), max_length=20, choices=ResultKind)
    summary = models.TextField(_("Worum es geht"), max_length=4000, blank=True)
    file = UploadField(
        _("Datei"),
        upload_to="communities/results",
        max_length=200,
        blank=True,
        help_text=_("So sichtbar wie das Ergebnis selbst. Weitere Dateien tragen Sie unten ein."),
    )
    link = models.URLField(_("Link"), max_length=300, blank=True)
    licence = models.CharField(
        _("Lizenz"),
        max_length=100,
        blank=True,
        help_text=_("Zum Beispiel „CC BY 4.0“ oder „EUPL-1.2“: was andere damit tun dürfen."),
    )
    version = models.CharField(_("Version"), max_length=40, blank=True)
    authors = models.CharField(
        _("erarbeitet von"),
        max_length=300,
        blank=True,
        help_text=_("Organisationen, keine Personen."),
    )
    projects = models.ManyToManyField(
        Project, blank=True, related_name="results", verbose_name=_("Modellprojekte")
    )
    solutions = models.ManyToManyField(
        Solution, blank=True, related_name="results", verbose_name=_("Lösungen")
    )
    state = models.CharField(
        _("Sichtbar"), max_length=20, choices=ResultState, default=ResultState.DRAFT
    )
    published_at = models.DateTimeField(
        _("veröffentlicht am"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("Arbeitsergebnis")
        verbose_name_plural = _("Arbeitsergebnisse")
        ordering = ["-published_at", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ResultState.DRAFT) | ~Q(file="") | ~Q(link=""),
                name="communities_result_can_be_opened",
                violation_error_message=_("Ein Ergebnis braucht eine Datei oder einen Link."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ResultState.PUBLIC)
                | (Q(published_at__isnull=False) & ~Q(licence="")),
                name="communities_public_result_has_a_licence",
                violation_error_message=_(
                    "Bevor ein Ergebnis öffentlich wird, braucht es eine Lizenz."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("communities:result", args=[self.slug])

    def get_file_url(self) -> str:
        return reverse("communities:result_file", args=[self.slug])


class ResultFile(KeepsFile):
    """One more file of a result, under a name of its own. Internal until it is said to be public."""

    result = models.ForeignKey(
        Result, models.CASCADE, related_name="files", verbose_name=_("Arbeitsergebnis")
    )
    title = models.CharField(_("Name"), max_length=200)
    file = UploadField(_("Datei"), upload_to="communities/result-files", max_length=200)
    is_public = models.BooleanField(
        _("öffentlich, sobald das Ergebnis es ist"),
        default=False,
        help_text=_(
            "Ohne Haken ist die Datei intern: Nur die Mitglieder der Gruppe können sie herunterladen, "
            "auch wenn das Ergebnis öffentlich ist."
        ),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("weitere Datei")
        verbose_name_plural = _("weitere Dateien")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_file_url(self) -> str:
        """Reads the result, select it along."""
        return reverse("communities:result_further_file", args=[self.result.slug, self.pk])
