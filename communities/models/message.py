from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.files import KeepsFile, UploadField
from communities.models.community import Community
from communities.models.membership import Membership, Role


class MessageState(models.TextChoices):
    DRAFT = "entwurf", _("Entwurf")
    # Confirmed by a coordinator; goes out at `send_at`.
    SCHEDULED = "geplant", _("geplant")
    SENT = "gesendet", _("gesendet")


class GroupMessage(models.Model):
    """A mail to the members of a community, written by its coordinators.

    Each member gets an e-mail of their own, so no address is ever shown. The keys of the e-mails name
    message and membership: sending again, after a crash say, stores none twice.
    """

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="messages", verbose_name=_("Gruppe")
    )
    with_topic_groups = models.BooleanField(
        _("auch an die Themengruppen"),
        default=False,
        help_text=_("Wer in mehreren ist, bekommt die Nachricht trotzdem nur einmal."),
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        verbose_name=_("an wen"),
        help_text=_("Welche Rollen die Nachricht bekommen."),
    )
    subject = models.CharField(_("Betreff"), max_length=150)
    text = models.TextField(
        _("Nachricht"), max_length=20000, help_text=_("Nur Text. Leerzeilen trennen Absätze.")
    )
    state = models.CharField(
        _("Stand"), max_length=20, choices=MessageState, default=MessageState.DRAFT, editable=False
    )
    send_at = models.DateTimeField(_("senden am"), null=True, blank=True)
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True, editable=False)
    # How many got it when it went out: {"mitglied": 12, "gast": 1}. The log outlives the people.
    recipients = models.JSONField(_("Empfänger"), default=dict, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("geschrieben von"),
    )
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    class Meta:
        verbose_name = _("Rundmail")
        verbose_name_plural = _("Rundmails")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(roles__len__gte=1) & Q(roles__contained_by=Role.values),
                name="communities_message_has_recipients",
                violation_error_message=_("Bitte mindestens eine Rolle auswählen."),
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | ~Q(state=MessageState.SENT) & Q(sent_at=None),
                name="communities_message_sent_at_a_moment",
                violation_error_message=_(
                    "Eine gesendete Rundmail hat einen Zeitpunkt des Versands, eine andere keinen."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SCHEDULED) | Q(send_at__isnull=False),
                name="communities_scheduled_message_has_a_time",
                violation_error_message=_(
                    "Bitte angeben, wann die geplante Rundmail hinausgehen soll."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class MessageFile(KeepsFile):
    """What goes with a mail to a group: a link in it, which members open with their account.

    Attached, it would be stored and sent once for each of them, and be out of reach for ever.
    """

    message = models.ForeignKey(
        GroupMessage, models.CASCADE, related_name="files", verbose_name=_("Rundmail")
    )
    title = models.CharField(_("Name"), max_length=200)
    file = UploadField(_("Datei"), upload_to="communities/messages", max_length=200)

    class Meta:
        verbose_name = _("Anhang")
        verbose_name_plural = _("Anhänge")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    def get_file_url(self) -> str:
        return reverse("communities:message_file", args=[self.pk])


class DigestItem(models.Model):
    """That a message waits for the weekly letter to a member. Goes when the letter is stored."""

    message = models.ForeignKey(
        GroupMessage, models.CASCADE, related_name="digest_items", verbose_name=_("Rundmail")
    )
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="digest_items", verbose_name=_("Mitgliedschaft")
    )
    # In the letter of which week it stands; empty until that of the week is closed.
    week = models.DateField(_("Woche ab"), null=True, editable=False)

    class Meta:
        verbose_name = _("Nachricht für den Wochenbrief")
        verbose_name_plural = _("Nachrichten für den Wochenbrief")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "membership"],
                name="communities_once_in_a_digest",
                violation_error_message=_("Diese Nachricht steht schon im Wochenbrief."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.membership_id}"
