import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.mailbox import AddressField


class Draft(models.Model):
    """A form that a person has begun. Its key becomes the form token of the request.

    `data` holds what was typed, by part, as the form sent it: not yet checked, and personal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data = models.JSONField(_("Eingaben"), default=dict)
    # The key it had before its link was opened. That key opens nothing any more.
    continues = models.UUIDField(
        _("setzt fort"),
        unique=True,
        null=True,
        editable=False,
        error_messages={
            "unique": _("Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf.")
        },
    )
    # Where the link to it was sent, if anywhere.
    email = AddressField(_("E-Mail-Adresse"), blank=True)
    created_at = models.DateTimeField(_("begonnen am"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("geändert am"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("angefangene Anfrage")
        verbose_name_plural = _("angefangene Anfragen")
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return str(self.pk)
