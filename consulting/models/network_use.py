from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NetworkUse(models.Model):
    """That a form was sent from some network, to notice somebody who floods the office.

    The network stands here as a keyed hash whose key changes daily, and the row goes after a day:
    nobody can work out an address from it, or follow one from day to day.
    """

    network = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("Absendung aus einem Netz")
        verbose_name_plural = _("Absendungen je Netz")
        indexes = [models.Index(fields=["network", "at"], name="consulting_network_use")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"
