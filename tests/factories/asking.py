from datetime import UTC, date, datetime

import factory

from asking.models import AnsweredBy, Kind, PublicAnswer, Question, State
from tests.factories.projects import MunicipalityFactory, ProjectFactory, SolutionFactory


class QuestionFactory(factory.django.DjangoModelFactory):
    """A question about a solution that nobody has confirmed yet; the traits take it further."""

    class Meta:
        model = Question

    class Params:
        waiting = factory.Trait(
            confirmed_at=factory.SelfAttribute("asked_at"),
            state=State.WITH_PROJECT,
            due_on=date(2026, 11, 26),
        )
        at_office = factory.Trait(
            confirmed_at=factory.SelfAttribute("asked_at"),
            state=State.AT_OFFICE,
            due_on=date(2026, 11, 26),
        )
        answered = factory.Trait(
            confirmed_at=factory.SelfAttribute("asked_at"),
            state=State.ANSWERED,
            answer="Zwei Monate, mit einer halben Stelle.",
            answered_by=AnsweredBy.PROJECT,
            answered_at=factory.SelfAttribute("asked_at"),
        )
        fault = factory.Trait(
            kind=Kind.FAULT,
            solution=None,
            project=None,
            municipality=None,
            name="",
            situation="",
            page="/loesungen/pegelnetz/",
            text="Der Link führt ins Leere.",
            confirmed_at=factory.SelfAttribute("asked_at"),
            state=State.AT_OFFICE,
            due_on=date(2026, 11, 26),
        )

    kind = Kind.PEER
    solution = factory.SubFactory(SolutionFactory)
    project = factory.LazyAttribute(lambda question: question.solution.project)
    municipality = factory.SubFactory(MunicipalityFactory)
    situation = "Wir haben drei Bäche und keinen Pegel."
    text = "Wie lange hat die Einführung gedauert?"
    name = "Rosa Rat"
    email = factory.Sequence(lambda number: f"rat-{number}@musterdorf.example")
    asked_at = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
    changed_at = factory.SelfAttribute("asked_at")


class PublicAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PublicAnswer

    project = factory.SubFactory(ProjectFactory)
    text = "Wie lange dauert die Einführung?"
    answer = "Etwa zwei Monate."
    answered_by = AnsweredBy.PROJECT
    published_on = date(2026, 11, 20)
