"""Asking and reporting in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from asking.actions import answering
from asking.models import AnsweredBy, Helped, Kind, Question, State
from projects.models import ProjectEditor
from tests.browser import PHONE, link_in_mail, scrolls_sideways, sound
from tests.factories import MunicipalityFactory, ProjectFactory, SolutionFactory, UserFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_fingers"),
]


def fits(page) -> None:
    # Axe itself needs scripts: tests/gates/test_every_page.py asks it about all of these pages.
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(("viewport", "color_scheme"), [(PHONE, "dark")])
def test_without_scripts_from_the_question_to_whether_it_helped(no_javascript):
    page = no_javascript
    solution = SolutionFactory(project=ProjectFactory(name="Ulm"), name="Pegelnetz")
    ProjectEditor.objects.create(project=solution.project, user=UserFactory())
    MunicipalityFactory(name="Neustadt am Rübenberge", population=44_000)
    meant = MunicipalityFactory(name="Neustadt in Holstein", population=15_000)

    page.goto(solution.get_absolute_url())
    page.get_by_role("link", name="Wer kann uns dazu etwas sagen?").click()
    fits(page)
    page.get_by_role("button", name="Frage absenden").click()
    page.get_by_role("link", name="Bitte suchen Sie Ihre Kommune.").wait_for()
    fits(page)
    page.get_by_label("Wie ist Ihre Lage?").fill("Drei Bäche.")
    page.get_by_label("Was möchten Sie wissen?").fill("Wie lange hat es gedauert?")
    page.get_by_label("Ihre Kommune").fill("Neustadt")
    page.get_by_label("Ihr Name").fill("Rosa Rat")
    page.get_by_label("Ihre E-Mail-Adresse").fill("rat@neustadt.example")
    page.get_by_label("ohne meinen Namen").check()
    page.get_by_role("button", name="Frage absenden").click()
    page.get_by_label("Neustadt in Holstein").check()
    page.get_by_role("button", name="Frage absenden").click()
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()
    fits(page)

    page.goto(link_in_mail("bestaetigen"))
    fits(page)
    page.get_by_role("button", name="Frage bestätigen").click()
    page.get_by_text("Ihre Frage liegt beim Modellprojekt Ulm.").wait_for()
    fits(page)
    question = Question.objects.with_everything().get()
    assert (question.municipality, question.state) == (meant, State.WITH_PROJECT)

    answered = answering.answer(
        question, text="Zwei Monate.", by=AnsweredBy.PROJECT, now=timezone.now()
    )
    answering.publish(answered, text="Wie lange?", answer="Zwei Monate.", now=timezone.now())
    page.reload()
    page.get_by_role("link", name="Sagen, ob es geholfen hat").click()
    fits(page)
    page.get_by_label("Ja, das hilft uns weiter").check()
    page.get_by_role("button", name="Absenden").click()
    page.get_by_text("Danke.").wait_for()
    question.refresh_from_db()
    assert question.helped == Helped.YES
    page.get_by_role("link", name="auf der Seite").click()
    page.get_by_role("heading", name="Gefragt und beantwortet").wait_for()
    fits(page)

    page.get_by_role("complementary").get_by_role("link", name="Fehler melden").click()
    page.get_by_label("Was stimmt nicht?").fill("Der Preis ist veraltet.")
    fits(page)
    page.get_by_role("button", name="Fehler melden").click()
    page.get_by_role("heading", name="Danke für den Hinweis").wait_for()
    fault = Question.objects.get(kind=Kind.FAULT)
    assert (fault.page, fault.state) == (solution.get_absolute_url(), State.AT_OFFICE)


def test_what_was_typed_is_sent_once_more_where_a_cookie_was_lost(page, complaints):
    """Without going back, where Firefox shows the form empty."""
    complaints.allow("403")
    page.goto("/fragen/")
    page.get_by_label("Was möchten Sie uns fragen oder sagen?").fill(
        "Vier Bäche.\nUnd ein „Fluss“."
    )
    page.get_by_label("Ihr Name").fill("Rosa Rat")
    page.get_by_label("Ihre E-Mail-Adresse").fill("rat@neustadt.example")
    page.context.clear_cookies()
    page.get_by_role("button", name="Frage absenden").click()
    page.get_by_role("heading", name="Bitte noch einmal absenden").wait_for()
    fits(page)
    page.get_by_role("button", name="Noch einmal absenden").click()
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()
    assert Question.objects.get().text.splitlines() == ["Vier Bäche.", "Und ein „Fluss“."]


def test_the_list_while_typing_a_kommune_is_scrolled_to_the_smallest_and_says_that_there_are_more(
    page,
):
    for number in range(61):
        MunicipalityFactory(name=f"Weiler {number}", population=900 - number)
    more = "Das sind nicht alle. Tippen Sie weiter, oder geben Sie Namen und Kreis an."

    page.goto("/fragen/")
    page.get_by_label("Ihre Kommune").fill("Weiler")
    page.get_by_role("option", name="Weiler 59").wait_for()
    page.keyboard.press("ArrowUp")

    expect(page.locator(".picker [role=status]")).to_have_text(f"60 Kommunen zur Auswahl. {more}")
    expect(page.get_by_role("option", selected=True)).to_have_text(re.compile("^Weiler 59 "))
    expect(page.locator(".picker__more")).to_have_text(more)
    sound(page)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ihre Kommune")).to_have_value("Weiler 59")


def offered_while_typing(page):
    MunicipalityFactory(name="Weiler")
    page.goto("/fragen/")
    page.get_by_label("Ihre Kommune").fill("Weil")
    offered = page.get_by_role("option", name="Weiler")
    offered.wait_for()
    return offered


def test_the_list_while_typing_closes_after_a_tap_beside_it_that_is_no_click(page):
    """Safari on a telephone sends none where there is nothing to press."""
    offered = offered_while_typing(page)
    for kind in ("pointerdown", "pointerup"):
        page.locator("h1").dispatch_event(kind)
    page.get_by_label("Ihre Kommune").blur()

    expect(offered).to_be_hidden()


def test_the_list_while_typing_stays_under_a_finger_that_comes_after_two_others(page):
    offered = offered_while_typing(page)
    for kind in ("pointerdown", "pointerdown", "pointerup", "pointerup", "pointerdown"):
        page.locator("h1").dispatch_event(kind)
    page.get_by_label("Ihre Kommune").blur()

    page.wait_for_timeout(700)  # longer than a lifted finger is waited for
    expect(offered).to_be_visible()
