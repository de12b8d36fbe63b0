from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueVersion(models.Model):
    """One row whose number rises with every change of what the catalogue shows.

    Database triggers raise it (migration 0002), so no writer can forget to. Pages compare it with
    what they have computed and use it as ETag: no expiry times, and no stale counts either.
    """

    number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "projects_catalogueversion"
        verbose_name = _("Stand des Katalogs")
        verbose_name_plural = _("Stand des Katalogs")

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """The version as this transaction sees it, 0 as long as nothing was ever stored; one query."""
        return cls.objects.values_list("number", flat=True).first() or 0
