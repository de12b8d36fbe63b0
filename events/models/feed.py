from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.secret_address import SecretAddress


class PersonalFeed(SecretAddress):
    """The secret address of a person's own calendar feed. Deleting the row revokes it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="event_feed",
        verbose_name=_("Konto"),
        error_messages={
            "unique": _(
                "Diesen Kalender gibt es schon. Bitte nehmen Sie seine Adresse erst zurück."
            )
        },
    )

    class Meta:
        verbose_name = _("persönlicher Kalender")
        verbose_name_plural = _("persönliche Kalender")

    def __str__(self) -> str:
        return str(self.user)
