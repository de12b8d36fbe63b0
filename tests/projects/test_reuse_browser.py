"""Stating a reuse in a real browser: mouse, keyboard, no scripts, a small and dark screen."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mailing.models import Email
from projects import links
from projects.actions import judging
from projects.links import Purpose
from projects.models import ProjectEditor, Reuse, ReuseStatement, StatementState
from tests.browser import barriers, link_in_mail, on_two_screens, sound
from tests.factories import (
    MunicipalityFactory,
    ProjectFactory,
    ReuseStatementFactory,
    SolutionFactory,
    UserFactory,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_fingers"),
]


@pytest.fixture
def pegel():
    ulm = ProjectFactory(name="Ulm", latitude=48.4, longitude=9.99)
    return SolutionFactory(project=ulm, name="Pegelnetz", problem="Wasser über Nacht.")


@on_two_screens
def test_without_scripts_from_the_solution_to_the_withdrawn_statement(no_javascript, pegel):
    page = no_javascript
    MunicipalityFactory(name="Neustadt am Rübenberge", population=44_000)
    meant = MunicipalityFactory(name="Neustadt in Holstein", population=15_000)

    page.goto(pegel.get_absolute_url())
    page.get_by_role("link", name="Wir nutzen das auch").first.click()
    page.get_by_role("button", name="Angabe absenden").click()
    page.get_by_role("link", name="Bitte suchen Sie Ihre Kommune.").wait_for()
    page.get_by_label("Ihre Kommune").fill("Neustadt")
    page.get_by_label("Wie nutzen Sie die Lösung").fill("Im Bauhof.")
    page.get_by_label("Seit wann").fill("9/2025")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("amt@neustadt.example")
    page.get_by_role("button", name="Angabe absenden").click()
    page.get_by_label("Neustadt in Holstein").check()
    page.get_by_role("button", name="Angabe absenden").click()
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()

    page.goto(link_in_mail("bestaetigen"))
    page.get_by_role("button", name="Angabe bestätigen").click()
    page.get_by_text("Danke, Ihre Angabe ist bestätigt.").wait_for()
    statement = ReuseStatement.objects.with_everything().get()
    assert (statement.municipality, statement.state) == (meant, StatementState.AT_OFFICE)

    judging.publish(statement, now=timezone.now())
    page.reload()
    page.get_by_text("Angabe der Kommune, bestätigt am").wait_for()
    page.goto(link_in_mail("aendern"))
    page.get_by_label("Was hat es Sie gekostet?").fill("4.000 Euro im Jahr")
    page.get_by_role("button", name="Änderung speichern").click()
    page.get_by_text("Ihre Änderung ist gespeichert.").wait_for()
    published = Email.objects.filter(key__endswith="published").latest("pk")
    word = next(word for word in published.text.split() if "/zurueckziehen/" in word)
    page.goto("/" + word.split("/", 3)[3])
    page.get_by_role("button", name="Ja, zurückziehen").click()
    page.get_by_text("Ihre Angabe ist zurückgezogen.").wait_for()

    assert not Reuse.objects.exists()


def test_with_the_keyboard_alone_somebody_says_that_they_mean_to(page, pegel):
    MunicipalityFactory(name="Musterdorf")

    page.goto(pegel.get_absolute_url())
    page.get_by_role("link", name="Wir wollen das nutzen").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Ihre Kommune")
    field.focus()
    page.keyboard.type("Musterd")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Musterdorf")
    for _field in range(6):
        page.keyboard.press("Tab")
    page.keyboard.type("amt@musterdorf.example")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()

    statement = ReuseStatement.objects.get()
    assert (statement.municipality.name, statement.is_planned) == ("Musterdorf", True)


def test_with_the_mouse_an_editor_asks_and_the_municipality_answers(page, sign_in, pegel):
    statement = ReuseStatementFactory(with_project=True, solution=pegel)
    editor = UserFactory()
    ProjectEditor.objects.create(project=pegel.project, user=editor)
    sign_in(page, editor)

    page.goto("/verwaltung/")
    page.get_by_role("link", name="1 Kommune sagt, dass sie eine Ihrer Lösungen").click()
    page.get_by_role("link", name=statement.municipality.name).click()
    page.get_by_role("link", name="Nachfragen").click()
    page.get_by_label("Ihre Rückfrage").fill("Welche Version?")
    page.get_by_role("button", name="Nachfragen").click()
    page.get_by_text("Die Rückfrage ist unterwegs.").wait_for()

    page.goto(link_in_mail("aendern"))
    sound(page)
    page.get_by_label("Ihre Antwort an das Projekt").fill("Die zweite.")
    page.get_by_role("button", name="Antwort absenden").click()
    page.get_by_text("Ihre Änderung ist gespeichert.").wait_for()
    statement.refresh_from_db()
    assert (statement.state, statement.answer) == (StatementState.WITH_PROJECT, "Die zweite.")


def test_every_page_about_reuse_is_sound(page, pegel):
    now = timezone.now()
    place = {"latitude": 54.3, "longitude": 10.1, "population": 19_000}
    kiel = MunicipalityFactory(name="Kiel", **place)
    facts = {"learned": "Früh mit dem Personalrat reden.", "since": "2025-09", "how": "Im Bauhof."}
    public = ReuseStatementFactory(confirmed=True, solution=pegel, municipality=kiel, **facts)
    judging.publish(public, now=now)
    ReuseStatement.objects.filter(pk=public.pk).update(asked_at=now)
    planned = ReuseStatementFactory(confirmed=True, solution=pegel, is_planned=True)
    judging.publish(planned, now=now)
    public = ReuseStatement.objects.get(pk=public.pk)
    token = links.token_for(public, Purpose.STILL_TRUE, now=now)

    for path in (
        "/nachnutzung/",
        "/nachnutzung/?q=gibtesnicht",
        f"{pegel.get_absolute_url()}nachnutzung/?art=nutzt",
        f"{pegel.get_absolute_url()}nachnutzung/abgesendet/",
        pegel.get_absolute_url(),
        kiel.get_absolute_url(),
        links.path(Purpose.STILL_TRUE, token),
        links.path(Purpose.WITHDRAW, links.token_for(public, Purpose.WITHDRAW, now=now)),
    ):
        page.goto(path)
        page.get_by_role("heading", level=1).wait_for()
        assert barriers(page) == [], path
