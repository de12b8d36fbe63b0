from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.names import ADDRESS_TAKEN


class Theme(models.Model):
    """A field of action as the network tags its projects („Mobilität & Erreichbarkeit“)."""

    name = models.CharField(
        _("Name"),
        max_length=80,
        unique=True,
        error_messages={
            "unique": _(
                "Dieses Thema gibt es schon. Bitte nehmen Sie das vorhandene, oder einen anderen Namen."
            )
        },
    )
    slug = models.SlugField(_("Adresse"), max_length=80, unique=True, error_messages=ADDRESS_TAKEN)
    description = models.TextField(_("Beschreibung"), blank=True)

    class Meta:
        verbose_name = _("Thema")
        verbose_name_plural = _("Themen")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:theme", kwargs={"slug": self.slug})
