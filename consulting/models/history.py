from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from consulting.models.request import ConsultationRequest


class HistoryKind(models.TextChoices):
    CONFIRMED = "confirmed", _("bestätigt")
    SCHEDULED = "scheduled", _("von der Geschäftsstelle vereinbart")
    MOVED = "moved", _("verschoben")
    PROPOSED = "proposed", _("anderer Termin vorgeschlagen")
    ACCEPTED = "accepted", _("Vorschlag angenommen")
    REFUSED = "refused", _("Vorschlag passt nicht")
    CANCELLED = "cancelled", _("abgesagt")
    DECLINED = "declined", _("abgelehnt")
    HELD_MEETING = "held_meeting", _("Beratung hat stattgefunden")
    NO_SHOW = "no_show", _("nicht erschienen")
    OUTCOME = "outcome", _("Ergebnis festgehalten")
    SENT_OUTCOME = "sent_outcome", _("Ergebnis an die Kommune geschickt")
    CALLED_OFF = "called_off", _("Termin fällt aus, neue Zeiten angeboten")
    REOPENED = "reopened", _("wieder aufgenommen")
    CHOSE_TIME = "chose_time", _("neue Zeit gewählt")
    RATED = "rated", _("Rückmeldung gegeben")
    EXPIRED = "expired", _("verfallen")
    EVENT_MOVED = "event_moved", _("mit der Veranstaltung verlegt")
    EVENT_GONE = "event_gone", _("Veranstaltung entfällt oder passt nicht mehr")
    ANONYMISED = "anonymised", _("anonymisiert")
    # What only the office knows of; the version stays, and with it the links of the Kommune.
    ASSIGNED = "assigned", _("zugewiesen")
    HANDED_BACK = "handed_back", _("Zuständigkeit abgegeben")
    ANSWER_DONE = "answer_done", _("Antwort der Kommune erledigt")


OF_THE_OFFICE = (HistoryKind.ASSIGNED, HistoryKind.HANDED_BACK, HistoryKind.ANSWER_DONE)


class HistoryEntry(models.Model):
    """One change of a request: what, when, and by whom of the office. Holds nothing personal.

    Written in the transaction of the change and never edited. `version` is the one that the change
    made; there is one entry for each but the first, so that an old link can tell what has happened
    since. What concerns the office alone makes no version.
    """

    request = models.ForeignKey(
        ConsultationRequest, models.CASCADE, related_name="history", verbose_name=_("Anfrage")
    )
    version = models.PositiveIntegerField(_("Fassung"), null=True, blank=True)
    kind = models.CharField(_("Was"), max_length=14, choices=HistoryKind)
    at = models.DateTimeField(_("Wann"), default=timezone.now)
    # Empty: the person who asked, or time itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wer"),
    )
    # Who was made responsible; empty when their account is gone.
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("an"),
    )

    class Meta:
        verbose_name = _("Verlauf")
        verbose_name_plural = _("Verlauf")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "version"],
                name="consulting_one_history_entry_per_version",
                violation_error_message=_("Diese Änderung ist schon festgehalten."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HistoryKind.values),
                name="consulting_history_kind_is_known",
                violation_error_message=_("Diese Art von Änderung gibt es nicht."),
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True, kind__in=OF_THE_OFFICE)
                | (Q(version__isnull=False) & ~Q(kind__in=OF_THE_OFFICE)),
                name="consulting_history_of_the_office_makes_no_version",
                violation_error_message=_(
                    "Was nur die Geschäftsstelle betrifft, ist keine neue Fassung der Anfrage."
                ),
            ),
            models.CheckConstraint(
                condition=Q(to=None) | Q(kind=HistoryKind.ASSIGNED),
                name="consulting_history_to_whom_it_is_assigned",
                violation_error_message=_("Nur eine Zuweisung geht an jemanden."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({timezone.localtime(self.at):%d.%m.%Y})"

    @property
    def what(self) -> str:
        """In words, with the colleague whom it concerns."""
        if self.kind == HistoryKind.ASSIGNED and self.to is not None:
            if self.to_id == self.by_id:
                return _t("selbst übernommen")
            return _t("zugewiesen an %s") % self.to
        return self.get_kind_display()


class Note(models.Model):
    """What the office writes down for itself. The person asked about never sees it on the portal."""

    request = models.ForeignKey(
        ConsultationRequest, models.CASCADE, related_name="notes", verbose_name=_("Anfrage")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wer"),
    )
    text = models.TextField(_("interne Notiz"), max_length=8000)
    created_at = models.DateTimeField(_("Wann"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("interne Notiz")
        verbose_name_plural = _("interne Notizen")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%d.%m.%Y}"
