from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.files import UploadField
from events.models.event import Event


class DocumentPhase(models.TextChoices):
    BEFORE = "vorher", _("Unterlage zur Veranstaltung")
    AFTER = "nachher", _("Dokumentation")


class Visibility(models.TextChoices):
    PUBLIC = "oeffentlich", _("öffentlich")
    PARTICIPANTS = "teilnehmende", _("nur für Teilnehmende")


class Document(models.Model):
    """A file or link of an event, before it or as its documentation."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="documents", verbose_name=_("Veranstaltung")
    )
    title = models.CharField(_("Titel"), max_length=200)
    phase = models.CharField(
        _("Art"), max_length=10, choices=DocumentPhase, default=DocumentPhase.AFTER
    )
    visibility = models.CharField(
        _("Sichtbar"), max_length=15, choices=Visibility, default=Visibility.PUBLIC
    )
    file = UploadField(_("Datei"), upload_to="events/documents", max_length=200, blank=True)
    file_name = models.CharField(_("Dateiname"), max_length=150, blank=True, editable=False)
    link = models.URLField(_("Link"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Unterlage")
        verbose_name_plural = _("Unterlagen")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(link=""),
                name="events_document_can_be_opened",
                violation_error_message=_("Bitte eine Datei oder einen Link angeben."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_file_url(self) -> str:
        return reverse("events:document", args=[self.event.slug, self.pk])

    @property
    def url(self) -> str:
        """Where it is opened, here or elsewhere."""
        return self.link or self.get_file_url()


class MinutesState(models.TextChoices):
    DRAFT = "entwurf", _("Entwurf")
    APPROVED = "freigegeben", _("freigegeben, nur für Mitglieder")
    PUBLIC = "oeffentlich", _("öffentlich")


class Minutes(models.Model):
    """What was said and agreed at a workshop of a community (Protokoll)."""

    event = models.OneToOneField(
        Event, models.CASCADE, related_name="minutes", verbose_name=_("Workshop")
    )
    text = models.TextField(_("Protokoll"), max_length=50000)
    state = models.CharField(
        _("Stand"), max_length=15, choices=MinutesState, default=MinutesState.DRAFT
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("freigegeben von"),
    )
    approved_at = models.DateTimeField(_("freigegeben am"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    updated_at = models.DateTimeField(_("geändert am"), auto_now=True)

    class Meta:
        verbose_name = _("Protokoll")
        verbose_name_plural = _("Protokolle")
        ordering = ["-event__starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MinutesState.DRAFT) | Q(approved_at__isnull=False),
                name="events_shared_minutes_are_approved",
                violation_error_message=_("Ein Protokoll, das andere lesen, ist freigegeben."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)
