from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OwnerAsk(models.Model):
    """When an editor of projects was last asked whether their sheets still hold. One row for each."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="owner_ask",
        verbose_name=_("Projektredaktion"),
        error_messages={
            "unique": _(
                "Diese Projektredaktion ist schon gefragt. Bitte warten Sie auf ihre Antwort."
            )
        },
    )
    asked_at = models.DateTimeField(_("gefragt am"))
    reminded_at = models.DateTimeField(_("erinnert am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Frage an eine Projektredaktion")
        verbose_name_plural = _("Fragen an Projektredaktionen")
        ordering = ["-asked_at"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(reminded_at__gt=F("asked_at")),
                name="projects_owner_is_asked_before_reminded",
                violation_error_message=_("Erinnert wird nach der ersten Frage."),
            ),
        ]

    def __str__(self) -> str:
        # Names nobody: it may stand in a history.
        return f"{timezone.localtime(self.asked_at):%d.%m.%Y}"
