from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.solution import Solution
from projects.models.sourced import PartialDateField, Sourced, has_source, is_partial_date


class ScalingPhase(models.TextChoices):
    """The network's roadmap of scaling; P4 and P5 may run side by side."""

    P1 = "p1", _("P1 Ideenfindung")
    P2 = "p2", _("P2 Konzept und Prototyp")
    P3 = "p3", _("P3 Pilot")
    P4 = "p4", _("P4 Verstetigung")
    P5 = "p5", _("P5 Transfer")

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


SCALING_SOURCE = "https://skalierung.smart-city-dialog.de/roadmap-interesse-an-phase"
_MEANINGS = {
    ScalingPhase.P1: (
        "Eine Idee an einer konkreten Aufgabe ausrichten, Wert und Machbarkeit nachweisen, "
        "Zielgruppen einbeziehen, in andere Kommunen blicken."
    ),
    ScalingPhase.P2: (
        "Umsetzungsplan mit Zielen und Meilensteinen, Prototyp, Überlegungen zum Betreibermodell."
    ),
    ScalingPhase.P3: "Ausgereifter Pilot, der auch Verstetigung und Übertragung prüft.",
    ScalingPhase.P4: "Der Mehrwert ist nachgewiesen, die Lösung geht in den laufenden Betrieb über.",
    ScalingPhase.P5: (
        "Übertragung in andere Kommunen mit Anpassungen; die Grundlagen sind früher gelegt."
    ),
}


class ReachedPhase(Sourced):
    """That a solution has reached a phase, with what shows it."""

    solution = models.ForeignKey(
        Solution, models.CASCADE, related_name="phases", verbose_name=_("Lösung")
    )
    phase = models.CharField(_("Phase"), max_length=2, choices=ScalingPhase)
    evidence = models.CharField(
        _("Beleg"), max_length=400, help_text=_("Woran man erkennt, dass die Phase erreicht ist.")
    )
    as_of = PartialDateField(_("Stand"))

    class Meta:
        verbose_name = _("Skalierungsphase")
        verbose_name_plural = _("Skalierungsphasen")
        ordering = ["phase", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "phase"],
                name="projects_phase_once_per_solution",
                violation_error_message=_("Diese Phase ist schon genannt."),
            ),
            models.CheckConstraint(
                condition=Q(phase__in=ScalingPhase.values),
                name="projects_scaling_phase_is_known",
                violation_error_message=_("Bitte eine der Phasen P1 bis P5 wählen."),
            ),
            models.CheckConstraint(
                condition=~Q(evidence=""),
                name="projects_scaling_phase_has_evidence",
                violation_error_message=_("Bitte sagen, woran man die Phase erkennt."),
            ),
            is_partial_date("as_of", "projects_scaling_as_of_is_a_date"),
            has_source("projects_scaling_has_source"),
        ]

    def __str__(self) -> str:
        return self.get_phase_display()
