"""The journeys through the request in a real browser: mouse, keyboard, no scripts, a small screen."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consulting import links
from consulting.links import Purpose
from consulting.models import ConsultationRequest, Draft, State
from tests.browser import PHONE, sound
from tests.factories import AdvisorFactory, MunicipalityFactory, SlotFactory, ThemeFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offered():
    ThemeFactory(name="Mobilität")
    advisor = AdvisorFactory()
    start = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7)
    times = [SlotFactory(advisor=advisor, starts_at=start + timedelta(hours=n)) for n in range(3)]
    MunicipalityFactory(name="Musterdorf", population=4321)
    return times


def press_on(page) -> None:
    page.get_by_role("button", name="Weiter", exact=True).click()


def fill_in_wish(page) -> None:
    page.get_by_label("Initialberatung").check()
    page.get_by_label("Wir stehen am Anfang").check()
    page.get_by_label("Ihr Anliegen").fill("Womit fangen wir an?")


def fill_in_contact(page) -> None:
    page.get_by_label("Ihr Name").fill("Eva Beispiel")
    page.get_by_label("Ihre Funktion").fill("Digitalisierung")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("eva@musterdorf.example")


def read_calmly(page) -> None:
    """Five minutes over the summary: nobody is as fast as we are, and the trap for programs knows it."""
    page.get_by_role("heading", name="Prüfen und absenden").wait_for()
    Draft.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    page.reload()


def send(page) -> None:
    read_calmly(page)
    page.get_by_role("button", name="Anfrage absenden").click()
    page.get_by_role("heading", name="Bitte bestätigen Sie Ihren Termin").wait_for()


def test_with_the_mouse_from_the_offer_to_the_confirmed_date(page, offered):
    page.goto("/start-smart/")
    sound(page)
    page.get_by_role("main").get_by_role("link", name="Beratung anfragen").click()
    page.get_by_label("Ihre Kommune").press_sequentially("Muster")
    page.get_by_role("option", name="Musterdorf").click()
    press_on(page)
    fill_in_wish(page)
    press_on(page)
    day = page.get_by_role("group", name=offered[1].day_in_full)
    day.get_by_label(offered[1].within_day).check()
    press_on(page)
    fill_in_contact(page)
    press_on(page)
    send(page)
    sound(page)
    stored = ConsultationRequest.objects.get()
    until = timezone.now() + timedelta(hours=1)
    page.goto(f"/start-smart/bestaetigen/{links.token_for(stored, Purpose.CONFIRM, until=until)}/")
    sound(page)
    page.get_by_role("button", name="Termin bestätigen").click()
    page.get_by_text("Ihr Termin ist bestätigt").wait_for()
    sound(page)
    stored.refresh_from_db()
    assert stored.state == State.CONFIRMED


def test_with_the_keyboard_only(page, offered):
    page.goto("/start-smart/anfrage/")
    page.get_by_label("Ihre Kommune").focus()
    page.keyboard.type("Muster")
    page.get_by_role("option", name="Musterdorf").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Anliegen").wait_for()
    expect(page.get_by_label("Initialberatung")).to_be_checked()
    keys(page, "Wir stehen am Anfang", "Space")
    keys(page, "Ihr Anliegen", text="Womit fangen wir an?")
    keys(page, "Weiter", "Enter")
    page.get_by_role("heading", name="Termin", exact=False).first.wait_for()
    keys(page, offered[0].within_day, "Space")
    keys(page, "Weiter", "Enter")
    page.get_by_role("heading", name="Kontakt").wait_for()
    keys(page, "Ihr Name", text="Eva Beispiel")
    keys(page, "Ihre Funktion", text="Digitalisierung")
    keys(page, "Dienstliche E-Mail-Adresse", text="eva@musterdorf.example")
    page.keyboard.press("Enter")
    read_calmly(page)
    keys(page, "Anfrage absenden", "Enter")
    page.get_by_role("heading", name="Bitte bestätigen Sie Ihren Termin").wait_for()


def keys(page, name: str, key: str = "", *, text: str = "") -> None:
    """Go with Tab to the control of this name, then press or type."""
    said = "e => [e.getAttribute('aria-label') || '', ...(e.labels || [])].map(l => l.textContent || l)"
    for _press in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement")
        labels = [*focused.evaluate(said), focused.evaluate("e => e.textContent")]
        if any(label.strip().startswith(name) for label in labels):
            page.keyboard.type(text) if text else page.keyboard.press(key)
            return
    pytest.fail(f"Tab never came to {name}")


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_without_scripts_on_a_small_screen(no_javascript, offered):
    page = no_javascript
    page.goto("/start-smart/anfrage/")
    page.get_by_label("Ihre Kommune").fill("Musterdo")
    press_on(page)
    # A question, not an error, and its answer is chosen already.
    page.get_by_text("Meinen Sie diese Kommune?").wait_for()
    expect(page.locator(".error-summary, .kern-error")).to_have_count(0)
    expect(page.get_by_label("Musterdorf –")).to_be_checked()
    press_on(page)
    fill_in_wish(page)
    press_on(page)
    page.get_by_label("Kein Termin passt").check()
    page.get_by_label("Ihre Terminwünsche").fill("Dienstags")
    press_on(page)
    fill_in_contact(page)
    press_on(page)
    read_calmly(page)
    page.get_by_role("button", name="Anfrage absenden").click()
    page.get_by_role("heading", name="Ihre Anfrage ist bei uns").wait_for()


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_every_step_is_accessible_with_and_without_errors(page, offered):
    page.goto("/start-smart/anfrage/")
    for fill in (choose_municipality, fill_in_wish, choose_time, fill_in_contact):
        sound(page)
        press_on(page)
        page.locator(".error-summary").wait_for()
        expect(page.locator(".error-summary")).to_be_focused()
        sound(page)
        fill(page)
        press_on(page)
        page.locator(".error-summary").wait_for(state="detached")
    page.get_by_role("heading", name="Prüfen und absenden").wait_for()
    sound(page)


def choose_municipality(page) -> None:
    page.get_by_label("Ihre Kommune").fill("Musterdo")
    press_on(page)
    page.get_by_label("Musterdorf –").check()


def choose_time(page) -> None:
    page.get_by_role("radio").first.check()


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_a_kommune_that_no_list_names_is_taken_with_the_keyboard_alone(page, offered):
    page.goto("/start-smart/anfrage/")
    page.get_by_label("Ihre Kommune").focus()
    page.keyboard.type("Zweckverband Abwasser")
    page.keyboard.press("Enter")
    page.get_by_text("Stimmt sie, senden Sie einfach noch einmal ab").wait_for()
    expect(page.get_by_label("„Zweckverband Abwasser“ so übernehmen")).to_be_checked()
    sound(page)
    page.get_by_label("Land", exact=True).select_option("HE")
    keys_back_to_the_button(page)
    page.get_by_role("heading", name="Anliegen").wait_for()
    assert Draft.objects.get().data["kommune"]["q"] == "Zweckverband Abwasser"


def keys_back_to_the_button(page) -> None:
    page.get_by_label("Land", exact=True).focus()
    keys(page, "Weiter", "Enter")


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_the_themes_can_be_searched(page, offered):
    for name in ("Bauen & Wohnen", "Energie", "Gesundheit"):
        ThemeFactory(name=name)
    page.goto("/start-smart/anfrage/")
    page.get_by_label("Ihre Kommune").press_sequentially("Muster")
    page.get_by_role("option", name="Musterdorf").click()
    press_on(page)
    page.get_by_label("Energie").check()
    page.get_by_label("In dieser Liste suchen").fill("mobil")
    sound(page)
    expect(page.get_by_label("Mobilität")).to_be_visible()
    expect(page.get_by_label("Energie")).to_be_visible()  # it is chosen
    expect(page.get_by_label("Gesundheit")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_label("Mobilität").check()
    page.get_by_label("In dieser Liste suchen").fill("")
    expect(page.get_by_label("Gesundheit")).to_be_visible()
    fill_in_wish(page)
    press_on(page)
    page.get_by_role("heading", name="Termin", exact=False).first.wait_for()
    assert len(Draft.objects.get().data["anliegen"]["themes"]) == 2


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_turning_to_later_times_is_no_error(page, offered):
    start = offered[0].starts_at
    for day in range(1, 6):
        for hour in range(4):
            begin = start + timedelta(days=day, hours=hour)
            SlotFactory(advisor=offered[0].advisor, starts_at=begin)
    page.goto("/start-smart/anfrage/")
    choose_municipality(page)
    press_on(page)
    fill_in_wish(page)
    press_on(page)
    page.get_by_role("button", name="Spätere Termine").click()
    page.get_by_role("button", name="Frühere Termine").wait_for()
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator("#termine")).to_be_focused()
    expect(page.locator("#termine")).to_have_text("Freie Termine, Seite 2 von 2")
    expect(page).to_have_title(re.compile("Termin, Seite 2 – Start Smart"))
    sound(page)
    choose_time(page)
    press_on(page)
    page.get_by_role("heading", name="Kontakt").wait_for()
