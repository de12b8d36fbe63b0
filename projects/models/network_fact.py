from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.sourced import Sourced, has_source


class NetworkTopic(models.TextChoices):
    PROGRAMME = "programm", _("Programm")
    COORDINATION = "transferstelle", _("Koordinierungs- und Transferstelle")
    COMMUNITIES = "gemeinschaften", _("Arbeits- und Entwicklungsgemeinschaften")
    START_SMART = "start-smart", _("Start Smart")
    SCALING = "skalierung", _("Skalierung")
    REUSE = "nachnutzung", _("Nachnutzung")


class NetworkFact(Sourced):
    """What is known of the network as a whole: how long the programme runs, who takes part in it."""

    topic = models.CharField(_("Thema"), max_length=20, choices=NetworkTopic)
    text = models.CharField(_("Angabe"), max_length=500)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Angabe zum Netzwerk")
        verbose_name_plural = _("Angaben zum Netzwerk")
        ordering = ["topic", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["text"],
                name="projects_network_fact_once",
                violation_error_message=_("Diese Angabe gibt es schon."),
            ),
            models.CheckConstraint(
                condition=Q(topic__in=NetworkTopic.values),
                name="projects_network_fact_topic_is_known",
                violation_error_message=_("Bitte eines der Themen wählen."),
            ),
            has_source("projects_network_fact_has_source"),
        ]

    def __str__(self) -> str:
        return self.text
