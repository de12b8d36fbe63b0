from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consulting.models.request import ConsultationRequest


class MessageQuerySet(models.QuerySet["Message"]):
    def unread(self):
        """Answers of a Kommune with which no one has dealt yet."""
        return self.filter(answer_to__isnull=False, read_at=None)


class Message(models.Model):
    """What the office or an advisor writes to the Kommune within a case, or what that answers.

    An answer says what it answers; what is no answer comes from us.
    """

    request = models.ForeignKey(
        ConsultationRequest, models.CASCADE, related_name="messages", verbose_name=_("Anfrage")
    )
    # Once each: the link in the e-mail is for one answer.
    answer_to = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="answer",
        verbose_name=_("Antwort auf"),
        error_messages={
            "unique": _("Auf diese Nachricht ist schon geantwortet. Bitte schreiben Sie eine neue.")
        },
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wer"),
    )
    text = models.TextField(_("Nachricht"), max_length=4000)
    created_at = models.DateTimeField(_("Wann"), default=timezone.now, editable=False)
    # Since when an answer waits for no one any more.
    read_at = models.DateTimeField(_("erledigt am"), null=True, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nachricht zu einer Anfrage")
        verbose_name_plural = _("Nachrichten zu Anfragen")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="consulting_message_says_something",
                violation_error_message=_("Bitte schreiben Sie etwas."),
            ),
            models.CheckConstraint(
                condition=Q(answer_to=None, read_at=None) | Q(answer_to__isnull=False, author=None),
                name="consulting_message_comes_from_one_side",
                violation_error_message=_("Eine Antwort kommt von der Kommune."),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%d.%m.%Y}"

    @property
    def is_answer(self) -> bool:
        return self.answer_to_id is not None
