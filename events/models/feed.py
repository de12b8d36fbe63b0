import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    return secrets.token_urlsafe(24)


class PersonalFeed(models.Model):
    """The secret address of a person's own calendar feed. Deleting the row revokes it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="event_feed", verbose_name=_("Konto")
    )
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    class Meta:
        verbose_name = _("persönlicher Kalender")
        verbose_name_plural = _("persönliche Kalender")

    def __str__(self) -> str:
        return str(self.user)
