from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class Anchor(models.TextChoices):
    BEFORE = "vorher", _("vor dem Beginn")
    AFTER = "nachher", _("nach dem Ende")


class To(models.TextChoices):
    """Who gets it."""

    SEATED = "platz", _("Menschen mit Platz")
    WAITING = "warteliste", _("Menschen auf der Warteliste")
    HOSTS = "gastgeber", _("Gastgeber und Ansprechpersonen")


class ReminderRule(models.Model):
    """How one event differs from the rules of its kind (`events.mail.reminders.DEFAULTS`).

    A row of the same name replaces the default rule, a row of another name is one more.
    """

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="reminder_rules", verbose_name=_("Veranstaltung")
    )
    name = models.SlugField(
        _("Kennung"),
        max_length=30,
        help_text=_(
            "„woche“, „tag“, „warteliste“, „gastgeber“ und „danach“ ersetzen, was sonst gilt."
        ),
    )
    anchor = models.CharField(_("wann"), max_length=10, choices=Anchor, default=Anchor.BEFORE)
    hours = models.PositiveIntegerField(
        _("Stunden"), help_text=_("Wie viele Stunden vorher oder nachher. 24 ist ein Tag.")
    )
    to = models.CharField(_("an"), max_length=12, choices=To, default=To.SEATED)
    text = models.TextField(
        _("eigener Text"), max_length=4000, blank=True, help_text=_("Steht am Anfang der E-Mail.")
    )
    is_active = models.BooleanField(_("wird gesendet"), default=True)

    class Meta:
        verbose_name = _("Erinnerung")
        verbose_name_plural = _("Erinnerungen")
        ordering = ["anchor", "-hours", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                name="events_rule_once_per_event",
                violation_error_message=_("Diese Erinnerung gibt es hier schon."),
            ),
            models.CheckConstraint(
                condition=Q(hours__range=(0, 24 * 60)),
                name="events_rule_within_sixty_days",
                violation_error_message=_("Höchstens 1440 Stunden, also 60 Tage."),
            ),
            models.CheckConstraint(
                condition=~Q(anchor=Anchor.BEFORE, hours=0),
                name="events_rule_before_is_before",
                violation_error_message=_("Vor dem Beginn heißt: mindestens eine Stunde vorher."),
            ),
            models.CheckConstraint(
                condition=~Q(anchor=Anchor.AFTER, to=To.WAITING),
                name="events_rule_nobody_waits_after",
                violation_error_message=_(
                    "Nach dem Ende wartet niemand mehr: Bitte einen anderen Kreis wählen."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
