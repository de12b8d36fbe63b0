"""What becomes of a person's address and words once they are not needed or not wanted any more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.own_data import Person
from ground.signed_links import Outcome
from mailing.models import Email
from projects import links, retention
from projects.actions import judging, stating
from projects.links import Purpose
from projects.models import Reuse, ReuseStatement, StatementState
from smartcities import own_data
from tests.factories import (
    MunicipalityFactory,
    ReuseStatementFactory,
    SolutionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SPELLING, OTHER_SPELLING = "amt@musterdorf.example", "Amt+smart@Musterdorf.example"


def published(**values) -> ReuseStatement:
    stored = ReuseStatementFactory(confirmed=True, email=OTHER_SPELLING, **values)
    judging.publish(stored, now=NOW)
    return ReuseStatement.objects.with_everything().get(pk=stored.pk)


def test_two_years_after_the_last_word_the_address_goes_and_the_page_says_so():
    statement = published(stated_at=NOW - timedelta(days=731))
    fresh = published(stated_at=NOW - timedelta(days=729))
    LogEntry.objects.create(
        user=UserFactory(),
        content_type=ContentType.objects.get_for_model(ReuseStatement),
        object_id=str(statement.pk),
        object_repr=SPELLING,
        action_flag=CHANGE,
        change_message=SPELLING,
    )
    tokens = [(links.token_for(statement, one, now=NOW), one) for one in Purpose]

    changed = retention.carry_out(now=NOW)

    assert changed == {
        "unconfirmed": 0,
        "over": 0,
        "undecided": 0,
        "not-said-again": 1,
        "owners-asked": 0,
    }
    statement.refresh_from_db()
    assert (statement.email, statement.mailbox) == ("", "")
    assert not LogEntry.objects.filter(change_message__contains=SPELLING).exists()
    reuse = Reuse.objects.public().get(statement=statement)
    assert not reuse.is_certain
    assert reuse.note.startswith("Seit dem ")
    assert Reuse.objects.get(statement=fresh).is_certain
    assert retention.carry_out(now=NOW)["not-said-again"] == 0
    opened = [links.open_token(token, one, now=NOW).outcome for token, one in tokens]
    assert opened == [Outcome.EXPIRED] * 4
    Email.objects.all().delete()
    assert stating.ask_whether_still_true(now=NOW) == 1
    assert Email.objects.get().to == fresh.email


def test_the_page_names_the_day_of_the_last_word_as_the_kommune_knows_it():
    statement = published()
    # Half past midnight on the first of July in Germany.
    said_at = datetime(2024, 6, 30, 22, 30, tzinfo=UTC)
    ReuseStatement.objects.filter(pk=statement.pk).update(confirmed_at=said_at)

    retention.carry_out(now=said_at + timedelta(days=730))

    note = Reuse.objects.get(statement=statement).note
    assert note == "Seit dem 1. Juli 2024 hat die Kommune das nicht mehr bestätigt."


def test_a_change_that_nobody_decides_about_does_not_take_the_public_words_away():
    statement = published()
    stating.change(statement, statement.facts | {"how": "Anders."}, now=NOW)

    assert retention.carry_out(now=NOW + timedelta(days=500))["undecided"] == 0
    assert Reuse.objects.public().exists()


def test_a_change_that_nobody_decides_about_keeps_the_address_no_longer():
    statement = published(how="Im Bauhof.")
    stating.change(statement, statement.facts | {"how": "Anders."}, now=NOW)

    later = NOW + timedelta(days=730)
    assert retention.carry_out(now=later - timedelta(minutes=1))["not-said-again"] == 0
    with CaptureQueriesContext(connection) as asked:
        assert retention.carry_out(now=later)["not-said-again"] == 1
    # No decision of the office can come between reading what is public and writing it back.
    first, *_others = (query["sql"] for query in asked if '"reuse_id" IS NOT NULL' in query["sql"])
    assert "FOR NO KEY UPDATE" in first

    statement.refresh_from_db()
    assert (statement.email, statement.state, statement.how) == (
        "",
        StatementState.PUBLISHED,
        "Im Bauhof.",
    )
    assert not Reuse.objects.public().get(statement=statement).is_certain


def test_what_came_to_nothing_is_deleted_with_everything_in_it():
    withdrawn = stating.withdraw(published(), now=NOW)
    never_confirmed = stating.withdraw(ReuseStatementFactory(), now=NOW)

    retention.carry_out(now=NOW + timedelta(days=3))
    assert set(ReuseStatement.objects.all()) == {withdrawn}
    retention.carry_out(now=NOW + timedelta(days=31))
    assert not ReuseStatement.objects.filter(pk__in=[withdrawn.pk, never_confirmed.pk]).exists()


def test_a_person_takes_along_and_erases_what_two_spellings_of_the_mailbox_stated():
    public = published()
    changed = stating.change(public, public.facts | {"how": "Doch anders."}, now=NOW)
    waiting = ReuseStatementFactory(with_project=True, email=SPELLING)
    others = ReuseStatementFactory(with_project=True)
    person = Person.of_address(SPELLING)

    [part] = [one for one in own_data.parts(person) if one.model == "projects.ReuseStatement"]
    assert {row["id"] for row in part.rows} == {public.pk, waiting.pk}
    own_data.erase(person, now=NOW)

    assert set(ReuseStatement.objects.values_list("pk", flat=True)) == {public.pk, others.pk}
    kept = ReuseStatement.objects.get(pk=public.pk)
    assert (kept.email, kept.mailbox, kept.state) == ("", "", StatementState.PUBLISHED)
    # What the municipality said stays; a change of it that nobody has decided about goes.
    assert changed.how != kept.how == Reuse.objects.public().get().how
    assert not Email.objects.exclude(text="").filter(to__iexact=OTHER_SPELLING).exists()


def test_what_is_stated_once_more_waits_as_long_as_its_newest_link():
    solution, municipality = SolutionFactory(), MunicipalityFactory()
    facts = {"is_planned": False, "how": "Im Bauhof."}
    monday = datetime(2026, 11, 16, 9, tzinfo=UTC)
    for hours in (0, 31):
        now = monday + timedelta(hours=hours)
        stated = stating.Stated(
            solution=solution, municipality=municipality, written="", email=SPELLING, facts=facts
        )
        statement = stating.state(stated, now=now)
    token = links.token_for(statement, Purpose.CONFIRM, now=now)

    wednesday = monday + timedelta(hours=49)
    assert retention.carry_out(now=wednesday)["unconfirmed"] == 0
    opened = links.open_token(token, Purpose.CONFIRM, now=wednesday)
    assert opened.outcome == Outcome.VALID
    assert stating.confirm(opened.row, now=wednesday).confirmed_at == wednesday
