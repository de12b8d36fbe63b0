import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class UploadedTable(models.Model):
    """What somebody has chosen to take in, kept between the steps and no longer than a day.

    Of a table the file itself; of a `publiccode.yml`, which names people, only what the portal uses.

    Only the session that sent it knows its key; there is no address at which it could be read.
    """

    key = models.UUIDField(_("Schlüssel"), primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("Dateiname"), max_length=200)
    content = models.BinaryField(_("Inhalt"))
    created_at = models.DateTimeField(_("hochgeladen am"))

    class Meta:
        verbose_name = _("hochgeladene Tabelle")
        verbose_name_plural = _("hochgeladene Tabellen")

    def __str__(self) -> str:
        return self.name
