"""The start page lives: what changes weekly does so by a rule, and what it shows is public."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finding.versions import current
from projects.catalogue import build
from projects.models import Lesson, LessonKind, Project, Solution
from smartcities.front.page import case_of, lessons_of, news
from smartcities.front.pinned import PinnedCase
from smartcities.front.week import number_of, of_week
from tests.factories import ProjectFactory, SolutionFactory, ThemeFactory
from tests.factories.communities import ResultFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)


def case(name: str, **facts) -> Solution:
    solution = SolutionFactory(name=name, problem="Stau", description="Weniger Autos", **facts)
    Lesson.objects.create(
        solution=solution, kind=LessonKind.PITFALL, text=f"Zu spät: {name}", source="Bericht 2024"
    )
    return solution


def shown():
    return build(current())


def test_a_week_goes_from_monday_to_sunday():
    weeks = [number_of(MONDAY + timedelta(days=day)) for day in range(-1, 8)]

    assert [week - weeks[0] for week in weeks] == [0, 1, 1, 1, 1, 1, 1, 1, 2]


def test_each_thing_has_its_turn_and_the_same_week_shows_the_same():
    weeks = [of_week("abcd", MONDAY + number * WEEK)[0] for number in range(4)]

    assert sorted(weeks) == ["a", "b", "c", "d"]
    assert of_week("abcd", MONDAY) == of_week("abcd", MONDAY + timedelta(days=6))
    assert of_week([], MONDAY) == []
    assert of_week("a", MONDAY, 3) == ["a"]


def test_the_case_changes_with_the_week_and_is_one_that_tells_something():
    for number in range(3):
        case(f"Fall {number}")
    SolutionFactory(name="Ohne Text")
    case("Geheim", project=ProjectFactory(is_public=False))
    catalogue = shown()

    cases = {case_of(catalogue, MONDAY + number * WEEK).entry.name for number in range(6)}

    assert cases == {"Fall 0", "Fall 1", "Fall 2"}


def test_editors_pin_a_case_for_some_days(client):
    for number in range(3):
        case(f"Fall {number}")
    pinned = SolutionFactory(name="Angeheftetes", description="Kurz gesagt")
    today = timezone.localdate()
    assert "Angeheftetes" not in client.get("/").text.partition('id="neues"')[0]

    PinnedCase.objects.create(solution=pinned, begins_on=today, ends_on=today)

    html = client.get("/").text.partition('id="neues"')[0]
    assert "Von der Redaktion ausgewählt" in html
    assert "Angeheftetes" in html
    assert case_of(shown(), today + timedelta(days=1)).is_pinned is False


def test_what_is_pinned_and_not_public_is_not_shown():
    case("Fall")
    secret = SolutionFactory(name="Geheim", project__is_public=False)
    PinnedCase.objects.create(solution=secret, begins_on=MONDAY, ends_on=MONDAY)

    assert case_of(shown(), MONDAY).entry.name == "Fall"


def test_the_case_tells_only_what_is_sure():
    solution = case("Fall")
    assert case_of(shown(), MONDAY).pitfall.text == "Zu spät: Fall"
    solution.lessons.update(is_certain=False, note="Nur eine Quelle")

    assert case_of(shown(), MONDAY).pitfall is None


def test_a_pin_that_ends_before_it_begins_is_refused():
    with pytest.raises(IntegrityError, match="ends_after_it_begins"):
        PinnedCase.objects.create(
            solution=SolutionFactory(), begins_on=MONDAY, ends_on=MONDAY - timedelta(days=1)
        )


def test_lessons_change_weekly_and_only_sure_and_public_ones_are_shown():
    for number in range(6):
        case(f"Fall {number}")
    hidden = case("Geheim", project=ProjectFactory(is_public=False))
    doubt = case("Zweifelhaft")
    doubt.lessons.update(is_certain=False, note="Nur eine Quelle")

    this, next_week = lessons_of(MONDAY), lessons_of(MONDAY + WEEK)

    assert len(this) == len(next_week) == 3
    told = {lesson.text for lesson in [*this, *next_week]}
    assert told == {f"Zu spät: Fall {number}" for number in range(6)}
    assert {hidden.lessons.get().text, doubt.lessons.get().text} & told == set()


def test_the_first_load_is_no_news_and_a_later_change_is():
    first = SolutionFactory(name="Erste", description="Text", maturity_as_of="2024-05")
    later = SolutionFactory(name="Spätere")
    moment = timezone.now() - timedelta(days=30)
    Solution.objects.update(created_at=moment, updated_at=moment)

    assert [(one.name, one.at, one.as_of) for one in news(shown())] == [("Erste", None, "2024-05")]

    Solution.objects.filter(pk=later.pk).update(updated_at=moment + timedelta(days=2))
    assert [(one.name, one.is_new) for one in news(shown())] == [("Spätere", False)]
    Solution.objects.filter(pk=first.pk).update(
        created_at=moment - timedelta(days=2), updated_at=moment - timedelta(days=2)
    )
    Solution.objects.filter(pk=later.pk).update(updated_at=moment)
    assert [(one.name, one.is_new) for one in news(shown())] == [("Spätere", True)]


def test_news_of_all_kinds_stand_by_the_time_at_which_they_came():
    long_ago = timezone.now() - timedelta(days=30)
    solutions = SolutionFactory.create_batch(3)
    for model in (Project, Solution):
        model.objects.update(created_at=long_ago, updated_at=long_ago)
    latest = [solutions[0], solutions[1].project, solutions[2], solutions[0].project]
    for days, row in enumerate(reversed(latest), start=2):
        type(row).objects.filter(pk=row.pk).update(updated_at=long_ago + timedelta(days=days))
    result = ResultFactory(published_at=long_ago + timedelta(days=9))

    assert [one.name for one in news(shown())] == [result.title, *(row.name for row in latest)]


def test_the_start_page_costs_one_query_and_as_many_to_make_for_few_as_for_many(
    client, django_assert_num_queries
):
    def count_making() -> int:
        ThemeFactory()
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        with django_assert_num_queries(1):
            client.get("/")
        return len(queries)

    case("Fall", themes=[ThemeFactory()])
    few = count_making()
    for number in range(60):
        case(f"Weiterer {number}")
    assert count_making() == few


def test_the_map_shows_every_project_that_has_a_place(client):
    ProjectFactory(name="Ulm4Clever", latitude=48.4, longitude=9.99)
    ProjectFactory(name="Nirgends")

    html = client.get("/").text

    assert "<title>Ulm4Clever</title>" in html
    assert "<title>Nirgends</title>" not in html
    assert "/projekte/?land=BY" in html
