"""Eight real processes with one statement of reuse: one outcome, one e-mail to each."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from mailing.models import Email
from projects.actions import judging
from projects.freshness import sheets_due
from projects.models import OwnerAsk, ProjectEditor, Reuse, ReuseStatement, Revision, StatementState
from tests.factories import (
    MunicipalityFactory,
    ReuseStatementFactory,
    SolutionFactory,
    UserFactory,
)
from tests.projects import reuse_race

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
OFFICE, PROJECT, TOWN = settings.OPERATOR["email"], "eva@stadt.example", "amt@musterdorf.example"


def statement(**values) -> ReuseStatement:
    stored = ReuseStatementFactory(email=TOWN, **values)
    user = UserFactory(email=PROJECT)
    ProjectEditor.objects.create(project=stored.solution.project, user=user)
    return stored


def told() -> dict[str, int]:
    return dict(Counter(Email.objects.values_list("to", flat=True)))


def at_once(race, stored: ReuseStatement, *steps: str) -> list[str]:
    jobs = [(step, stored.pk, stored.version, NOW) for step in steps]
    return race.at_once(reuse_race.act, jobs)


def test_of_eight_who_confirm_at_once_one_does(race):
    stored = statement()

    outcomes = at_once(race, stored, *["confirm"] * 8)

    assert sorted(outcomes) == ["confirm", *["too late"] * 7]
    assert told() == {TOWN: 1, PROJECT: 1}
    stored.refresh_from_db()
    assert (stored.state, stored.version) == (StatementState.WITH_PROJECT, 2)


@pytest.mark.parametrize("_round", range(3))
def test_confirmed_and_withdrawn_at_once_it_ends_one_way(race, _round):
    stored = statement()

    outcomes = at_once(race, stored, *["confirm", "withdraw"] * 4)

    stored.refresh_from_db()
    assert Counter(outcomes)["too late"] == 7
    if "confirm" in outcomes:
        assert stored.state == StatementState.WITH_PROJECT
        assert told() == {TOWN: 1, PROJECT: 1}
    else:
        assert stored.state == StatementState.WITHDRAWN
        assert told() == {}


@pytest.mark.parametrize("_round", range(3))
def test_agreed_questioned_objected_withdrawn_at_once_one_counts(race, _round):
    stored = statement(with_project=True)

    outcomes = at_once(race, stored, *["agree", "question", "object", "withdraw"] * 2)

    stored.refresh_from_db()
    assert Counter(outcomes)["too late"] == 7
    (done,) = set(outcomes) - {"too late"}
    state, mails = {
        "agree": (StatementState.AT_OFFICE, {OFFICE: 1}),
        "object": (StatementState.AT_OFFICE, {OFFICE: 1}),
        "question": (StatementState.QUESTIONED, {TOWN: 1}),
        "withdraw": (StatementState.WITHDRAWN, {TOWN: 1, PROJECT: 1}),
    }[done]
    assert (stored.state, stored.version) == (state, 2)
    assert told() == mails


@pytest.mark.parametrize("_round", range(3))
def test_published_refused_changed_withdrawn_at_once_one_counts(race, _round):
    stored = statement(confirmed=True)

    outcomes = at_once(race, stored, *["publish", "refuse", "change", "withdraw"] * 2)

    stored.refresh_from_db()
    assert Counter(outcomes)["too late"] == 7
    (done,) = set(outcomes) - {"too late"}
    assert Reuse.objects.public().count() == (done == "publish")
    assert stored.is_public == (done == "publish")
    assert told() == ({PROJECT: 1} if done == "change" else {TOWN: 1, PROJECT: 1})


def test_two_statements_of_one_kommune_published_at_once_make_one_row(race):
    first = statement(confirmed=True)
    others = [
        ReuseStatementFactory(
            confirmed=True, solution=first.solution, municipality=first.municipality
        )
        for _number in range(7)
    ]

    outcomes = race.at_once(
        reuse_race.act, [("publish", one.pk, one.version, NOW) for one in (first, *others)]
    )

    assert sorted(outcomes) == ["publish", *["too late"] * 7]
    assert Reuse.objects.public().count() == 1
    assert ReuseStatement.objects.filter(state=StatementState.PUBLISHED).count() == 1
    assert Email.objects.count() == 2


def test_the_clock_in_eight_processes_passes_each_on_once(race):
    statement(with_project=True)
    for _number in range(4):
        ReuseStatementFactory(with_project=True)

    outcomes = race.at_once(reuse_race.run, [("pass_on", NOW + timedelta(days=30))] * 8)

    assert sum(outcomes) == 5
    assert told() == {OFFICE: 5}


def test_the_clock_in_eight_processes_asks_each_once(race):
    for _number in range(5):
        stored = ReuseStatementFactory(confirmed=True)
        judging.publish(ReuseStatement.objects.with_everything().get(pk=stored.pk), now=NOW)
    Email.objects.all().delete()

    outcomes = race.at_once(reuse_race.run, [("ask", NOW + timedelta(days=366))] * 8)

    assert sum(outcomes) == 5
    assert set(told().values()) == {1}
    assert len(told()) == 5


def test_one_form_sent_eight_times_in_two_spellings_is_one_statement(race):
    solution, town = SolutionFactory(), MunicipalityFactory()
    spellings = [TOWN, "Amt+portal@Musterdorf.example"] * 4

    keys = race.at_once(
        reuse_race.state, [(solution.pk, town.pk, address, NOW) for address in spellings]
    )

    assert len(set(keys)) == 1
    assert ReuseStatement.objects.count() == 1


def test_owners_are_asked_and_reminded_once_and_what_they_say_is_noted_once(race):
    owner = UserFactory(email=PROJECT)
    for name in ("Pegelnetz", "Parkschein"):
        solution = SolutionFactory(name=name, confirmed_on=date(2026, 1, 2))
        ProjectEditor.objects.create(project=solution.project, user=owner)

    assert sum(race.at_once(reuse_race.run, [("ask_owners", NOW)] * 8)) == 1
    later = NOW + timedelta(days=14)
    assert sum(race.at_once(reuse_race.run, [("remind_owners", later)] * 8)) == 1
    assert told() == {PROJECT: 2}

    marks = [sheet.mark for sheet in sheets_due(owner, NOW.date())]
    jobs = [(OwnerAsk.objects.get().pk, marks, NOW)] * 8
    assert sorted(race.at_once(reuse_race.still_true, jobs)) == [*[0] * 7, 2]
    changed = Revision.objects.filter(kind="geaendert").values_list("solution__name", flat=True)
    assert sorted(changed) == ["Parkschein", "Pegelnetz"]
