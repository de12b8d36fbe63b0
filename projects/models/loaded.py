from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedFacts(models.Model):
    """What `load_network` last wrote about one thing, to tell later what people changed since.

    Stays when an editor deletes the row itself, so that the next load does not bring it back.
    """

    class Kind(StrEnum):
        MUNICIPALITY = "municipality"
        THEME = "theme"
        PROJECT = "project"
        SOLUTION = "solution"
        TECHNOLOGY = "technology"
        PRODUCT = "product"
        NETWORK_FACT = "network-fact"

    # One of the above, or a kind of an app above this one.
    kind = models.CharField(_("Art"), max_length=20)
    # The name of the thing in the data files; never changes, whatever editors rename.
    key = models.CharField(_("Schlüssel"), max_length=200)
    row_id = models.BigIntegerField(_("Zeile"))
    facts = models.JSONField(_("geladene Angaben"))

    class Meta:
        verbose_name = _("geladener Eintrag")
        verbose_name_plural = _("geladene Einträge")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="projects_loaded_once",
                violation_error_message=_("Dieser Eintrag ist schon geladen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
