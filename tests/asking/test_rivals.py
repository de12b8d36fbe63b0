"""Eight real processes with one question: one outcome, one e-mail to each."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction

from asking.mail import questions as mails
from asking.models import PublicAnswer, Question, State
from consulting.models import ConsultationRequest
from mailing.models import Email
from projects.models import ProjectEditor
from tests.asking import race as steps
from tests.factories import MunicipalityFactory, ProjectFactory, UserFactory
from tests.factories.asking import QuestionFactory

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
OFFICE, PROJECT, TOWN = settings.OPERATOR["email"], "eva@stadt.example", "amt@musterdorf.example"


def question(**values) -> Question:
    stored = QuestionFactory(email=TOWN, may_publish=True, **values)
    user = UserFactory(email=PROJECT)
    ProjectEditor.objects.create(project=stored.project, user=user)
    return stored


def told() -> dict[str, int]:
    return dict(Counter(Email.objects.values_list("to", flat=True)))


def at_once(race, stored: Question, *what: str) -> set[str]:
    """What was done, by exactly one of the eight; they may not all have been too late."""
    jobs = [(step, stored.pk, stored.version, NOW) for step in what]
    outcomes = race.at_once(steps.act, jobs)
    assert Counter(outcomes)["too late"] == 7
    stored.refresh_from_db()
    assert stored.version == 2
    return next(iter(set(outcomes) - {"too late"}))


@pytest.mark.parametrize("_round", range(2))
def test_confirmed_and_withdrawn_at_once_it_ends_one_way(race, _round):
    stored = question()

    if at_once(race, stored, *["confirm", "confirm", "confirm", "withdraw"] * 2) == "confirm":
        assert stored.state == State.WITH_PROJECT
        assert told() == {TOWN: 1, PROJECT: 1}
    else:
        assert stored.state == State.WITHDRAWN
        assert told() == {}


@pytest.mark.parametrize("_round", range(2))
def test_answered_called_withdrawn_made_a_request_at_once_one_counts(race, _round):
    stored = question(waiting=True)
    with transaction.atomic():
        mails.tell_others(stored, now=NOW)
    Email.objects.update(sent_at=NOW)

    done = at_once(race, stored, *["answer", "call", "withdraw", "advice"] * 2)

    state, all_mails = {
        # The project was asked already.
        "answer": (State.ANSWERED, {PROJECT: 1, TOWN: 1}),
        "call": (State.ANSWERED, {PROJECT: 1, TOWN: 1}),
        "withdraw": (State.WITHDRAWN, {PROJECT: 2, TOWN: 1}),
        # Ours, that of Start Smart, and Start Smart's own to its office.
        "advice": (State.TO_ADVICE, {PROJECT: 2, TOWN: 2, OFFICE: 1}),
    }[done]
    assert stored.state == state
    assert told() == all_mails
    assert ConsultationRequest.objects.count() == (done == "advice")


def test_published_rated_withdrawn_at_once_one_counts(race):
    stored = question(answered=True)

    done = at_once(race, stored, *["publish", "publish", "rate", "withdraw"] * 2)

    assert PublicAnswer.objects.count() == (done == "publish")
    assert told() == ({} if done == "rate" else {TOWN: 1})


def test_the_clock_in_eight_processes_reminds_and_passes_on_each_once(race):
    question(waiting=True)
    for _number in range(4):
        QuestionFactory(waiting=True)

    outcomes = race.at_once(steps.clock, [(NOW + timedelta(days=8),)] * 8)
    assert sum(reminded for reminded, _passed in outcomes) == 5
    assert told() == {PROJECT: 1}
    Email.objects.update(sent_at=NOW)
    outcomes = race.at_once(steps.clock, [(NOW + timedelta(days=15),)] * 8)

    assert sum(passed for _reminded, passed in outcomes) == 5
    assert told() == {PROJECT: 1, OFFICE: 5}


def test_one_form_sent_eight_times_in_two_spellings_is_one_question(race):
    project, town = ProjectFactory(), MunicipalityFactory()
    spellings = [TOWN, "Amt+portal@Musterdorf.example"] * 4

    keys = race.at_once(steps.ask, [(project.pk, town.pk, address, NOW) for address in spellings])

    assert len(set(keys)) == 1
    assert Question.objects.count() == 1
