import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.reminder import To


class EventMessage(models.Model):
    """What the hosts wrote to the participants of an event, as a log that outlives the people."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="messages", verbose_name=_("Veranstaltung")
    )
    # One per form: sending the same form twice writes once.
    form_token = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        error_messages={
            "unique": _("Das ist schon gespeichert. Bitte rufen Sie die Seite noch einmal auf.")
        },
    )
    to = ArrayField(
        models.CharField(
            max_length=12, choices=[(To.SEATED, To.SEATED.label), (To.WAITING, To.WAITING.label)]
        ),
        verbose_name=_("an wen"),
    )
    subject = models.CharField(_("Betreff"), max_length=150)
    text = models.TextField(_("Nachricht"), max_length=20000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("geschrieben von"),
    )
    sent_at = models.DateTimeField(_("gesendet am"), editable=False)
    recipients = models.PositiveIntegerField(_("Empfänger"), editable=False)

    class Meta:
        verbose_name = _("Nachricht an Teilnehmende")
        verbose_name_plural = _("Nachrichten an Teilnehmende")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.subject


class InvitationState(models.TextChoices):
    DRAFT = "entwurf", _("Entwurf")
    SENT = "gesendet", _("gesendet")


class Invitation(models.Model):
    """A mail that invites addresses of a list to an event; every address can opt out for good."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="invitations", verbose_name=_("Veranstaltung")
    )
    subject = models.CharField(_("Betreff"), max_length=150)
    text = models.TextField(_("Einladung"), max_length=20000)
    # Typed or pasted; emptied when the mails are stored.
    addresses = models.TextField(
        _("E-Mail-Adressen"), blank=True, help_text=_("Eine je Zeile oder durch Kommas getrennt.")
    )
    state = models.CharField(
        _("Stand"),
        max_length=10,
        choices=InvitationState,
        default=InvitationState.DRAFT,
        editable=False,
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("geschrieben von"),
    )
    created_at = models.DateTimeField(_("angelegt am"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True, editable=False)
    recipients = models.PositiveIntegerField(_("Empfänger"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Einladung")
        verbose_name_plural = _("Einladungen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=InvitationState.DRAFT)
                | Q(state=InvitationState.SENT, sent_at__isnull=False, addresses=""),
                name="events_sent_invitation_keeps_no_addresses",
                violation_error_message=_(
                    "Eine gesendete Einladung hat einen Zeitpunkt und keine Adressen mehr."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class OptOut(models.Model):
    """An address that wants no invitations any more. Kept as a keyed hash: enough to honour it."""

    address_hash = models.CharField(
        max_length=64,
        unique=True,
        error_messages={
            "unique": _("Diese Adresse ist schon abgemeldet. Es ist nichts mehr zu tun.")
        },
    )
    at = models.DateTimeField(_("am"))

    class Meta:
        verbose_name = _("Abbestellung")
        verbose_name_plural = _("Abbestellungen")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%d.%m.%Y}"
