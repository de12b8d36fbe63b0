from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueVersion(models.Model):
    """One row whose number rises with every change of anything public: the search goes by it.

    Database triggers raise it (`finding.triggers`), so no writer can forget to.
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


class PartVersion(models.Model):
    """For each part of what is public a number of its own, raised by the same triggers.

    So a changed event throws away neither the catalogue nor the pages that show no event. No number
    comes twice, not even in another part.
    """

    part = models.CharField(max_length=30, primary_key=True)
    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("Stand eines Teils")
        verbose_name_plural = _("Stände der Teile")

    def __str__(self) -> str:
        return f"{self.part} {self.number}"


class PartChange(models.Model):
    """One change of what many change at once: free times, seats. A part's number counts them along.

    Rows of their own, because raising one number would make each wait for all others to commit.
    `finding.versions.fold` puts them together.
    """

    part = models.CharField(max_length=30)

    class Meta:
        verbose_name = _("Änderung eines Teils")
        verbose_name_plural = _("Änderungen der Teile")

    def __str__(self) -> str:
        return self.part
