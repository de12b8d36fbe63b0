from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.registration import Registration

# A form that asks for more is not filled in.
MOST_QUESTIONS = 5


class QuestionKind(models.TextChoices):
    TEXT = "text", _("freie Antwort")
    CHOICE = "auswahl", _("eine Antwort zur Auswahl")


class EventQuestionQuerySet(models.QuerySet["EventQuestion"]):
    def still_for(self, registration: Registration) -> Self:
        """What a person should still be asked: all that nobody asked them, else what must be answered.

        Whom a colleague has registered has seen no form; a caller may have hung up before the questions.
        """
        open_ones = self.filter(event=registration.event_id).exclude(
            answers__registration=registration
        )
        was_asked = registration.registered_by_id is None or registration.answers.exists()
        return open_ones.filter(is_required=True) if was_asked else open_ones


class EventQuestion(models.Model):
    """What the hosts of one event want to know from those who register."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="questions", verbose_name=_("Veranstaltung")
    )
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), choices=[(number, number) for number in range(1, MOST_QUESTIONS + 1)]
    )
    text = models.CharField(
        _("Frage"),
        max_length=200,
        help_text=_(
            "Fragen Sie nur, was Sie für diese Veranstaltung brauchen, und nichts über die Gesundheit: "
            "Danach fragt das Formular schon selbst, und es löscht diese Angaben früher."
        ),
    )
    kind = models.CharField(
        _("Antwort"), max_length=10, choices=QuestionKind, default=QuestionKind.TEXT
    )
    options = models.TextField(
        _("Auswahl"),
        max_length=1000,
        blank=True,
        help_text=_("Nur bei einer Auswahl: jede Antwort in eine eigene Zeile."),
    )
    is_required = models.BooleanField(_("muss beantwortet werden"), default=False)

    objects = EventQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("eigene Frage")
        verbose_name_plural = _("eigene Fragen an alle, die sich anmelden")
        ordering = ["event", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "position"],
                name="events_question_has_its_place",
                violation_error_message=_("An dieser Stelle steht schon eine Frage."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_QUESTIONS),
                name="events_few_questions",
                violation_error_message=_("Mehr als fünf eigene Fragen sind nicht möglich."),
            ),
            models.CheckConstraint(
                condition=Q(kind="text", options="") | Q(kind="auswahl") & ~Q(options=""),
                name="events_question_offers_answers",
                violation_error_message=_(
                    "Eine Auswahl braucht Antworten, eine freie Antwort hat keine."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        super().clean()
        self.options = "\n".join(self.choices)
        longest = EventAnswer._meta.get_field("text").max_length
        if any(len(one) > longest for one in self.choices):
            raise ValidationError({"options": _("Bitte kürzere Antworten, je eine Zeile.")})

    @property
    def choices(self) -> list[str]:
        """The answers on offer, each once, as they stand one below the other."""
        lines = (line.strip() for line in self.options.splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class EventAnswer(models.Model):
    """What a person has answered; it is kept as long as their registration names them."""

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="answers", verbose_name=_("Anmeldung")
    )
    # A question that was answered is not taken away with what people said.
    question = models.ForeignKey(
        EventQuestion, models.PROTECT, related_name="answers", verbose_name=_("Frage")
    )
    text = models.CharField(_("Antwort"), max_length=300)

    class Meta:
        verbose_name = _("Antwort auf eine eigene Frage")
        verbose_name_plural = _("Antworten auf eigene Fragen")
        ordering = ["question__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"],
                name="events_question_answered_once",
                violation_error_message=_("Diese Frage ist schon beantwortet."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="events_answer_says_something",
                violation_error_message=_("Eine Antwort ohne Worte ist keine."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
