from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.files import KeepsFile, UploadField
from events.models.event import Event


class DocumentPhase(models.TextChoices):
    BEFORE = "vorher", _("Unterlage zur Veranstaltung")
    AFTER = "nachher", _("Dokumentation")


class Visibility(models.TextChoices):
    PUBLIC = "oeffentlich", _("öffentlich")
    PARTICIPANTS = "teilnehmende", _("nur für Teilnehmende")


class Document(KeepsFile):
    """A file or link of an event, before it or as its documentation."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="documents", verbose_name=_("Veranstaltung")
    )
    title = models.CharField(_("Titel"), max_length=200)
    phase = models.CharField(
        _("Art"), max_length=10, choices=DocumentPhase, default=DocumentPhase.AFTER
    )
    # Nothing becomes public because a choice was overlooked.
    visibility = models.CharField(
        _("Sichtbar"),
        max_length=15,
        choices=Visibility,
        default=Visibility.PARTICIPANTS,
        help_text=_("Neues ist intern, bis Sie hier „öffentlich“ auswählen."),
    )
    file = UploadField(_("Datei"), upload_to="events/documents", max_length=200, blank=True)
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
