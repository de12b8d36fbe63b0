"""The journeys through a registration in a real browser: mouse, keyboard, no scripts, a small screen."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.guard import Guard
from events import actions, links
from events.links import Purpose
from events.models import Mode, Registration, RegistrationState, Seats
from mailing.models import Email
from tests.browser import PHONE, in_light_and_dark, sound
from tests.events.counters import assert_counters_tell_the_truth
from tests.factories import MunicipalityFactory
from tests.factories.events import AgendaItemFactory, EventFactory, SeatsFactory

pytestmark = pytest.mark.django_db(transaction=True)

EVA = "eva@musterdorf.example"


@pytest.fixture
def seats(monkeypatch) -> Seats:
    # Nobody is that fast; the trap for programs would hold the journey up.
    shown = Guard.stamp
    monkeypatch.setattr(
        Guard, "stamp", lambda self, *, now, **_again: shown(self, now=now - timedelta(minutes=1))
    )
    MunicipalityFactory(name="Musterdorf", population=4321)
    event = EventFactory(
        takes_registrations=True, has_participants_list=True, format="hybrid", title="Werkstatt"
    )
    AgendaItemFactory(event=event, title="Datenplattform", needs_choice=True, capacity=9)
    SeatsFactory(event=event, mode=Mode.ONLINE, capacity=1)
    return SeatsFactory(event=event, capacity=1, waiting_limit=5)


def link_in_newest_email(purpose: Purpose, to: str = EVA) -> str:
    text = Email.objects.filter(to=to).latest("pk").text
    return re.search(rf"/veranstaltungen/anmeldung/{purpose}/\S+/", text)[0]


def somebody_has(seats: Seats) -> Registration:
    """The only seat is taken by somebody else."""
    person = actions.Person("Ali Beispiel", "ali@musterdorf.example")
    now = timezone.now()
    result = actions.register(seats.event, [person], Mode(seats.mode), submission="6" * 32, now=now)
    return actions.confirm(result.people[0], now=now)


def stored() -> Registration:
    return Registration.objects.select_related("event").get(email=EVA)


def send(page) -> None:
    page.get_by_role("button", name="Verbindlich anmelden").click()


def test_with_the_mouse_from_the_event_through_everything(page, seats):
    ali = somebody_has(seats)
    page.goto(seats.event.get_absolute_url())
    page.get_by_role("link", name="Jetzt anmelden").click()
    page.get_by_label("Ihr Name").wait_for()
    sound(page)
    page.get_by_label("Ihr Name").fill("Eva Beispiel")
    page.get_by_label("Ihre E-Mail-Adresse").fill(EVA)
    page.get_by_label("Ihre Kommune").press_sequentially("Muster")
    page.get_by_role("option", name="Musterdorf").click()
    page.get_by_label("vor Ort – ausgebucht, Warteliste möglich").check()
    page.get_by_label("stufenloser Zugang").check()
    send(page)
    page.get_by_role("heading", name="Bitte bestätigen Sie Ihre Anmeldung").wait_for()
    sound(page)
    page.goto(link_in_newest_email(Purpose.CONFIRM))
    sound(page)
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    page.get_by_text("Platz 1 auf der Warteliste").wait_for()
    sound(page)
    actions.cancel(ali, now=timezone.now())
    page.goto(link_in_newest_email(Purpose.SEE))
    page.get_by_text("Sie haben einen Platz").wait_for()
    sound(page)
    page.get_by_role("link", name="Ändern").click()
    page.get_by_label("Ihr Name").wait_for()
    sound(page)
    page.get_by_label("Ihr Name").fill("Eva Muster")
    page.get_by_label("Datenplattform").check()
    page.get_by_role("button", name="Änderungen speichern").click()
    page.get_by_text("Ihre Änderungen sind gespeichert.").wait_for()
    page.get_by_role("link", name="Ändern").click()
    page.get_by_role("button", name="Zu „online“ wechseln").click()
    page.get_by_text("Sie nehmen jetzt online teil.").wait_for()
    sound(page)
    page.get_by_role("link", name="Abmelden").click()
    page.get_by_role("button", name="Ja, abmelden").wait_for()
    sound(page)
    page.get_by_role("button", name="Ja, abmelden").click()
    page.get_by_text("Sie sind abgemeldet.").wait_for()
    sound(page)
    assert stored().state == RegistrationState.CANCELLED
    assert_counters_tell_the_truth()


def test_with_the_keyboard_only(page, seats):
    page.goto(f"{seats.event.get_absolute_url()}anmelden/")
    keys(page, "Ihr Name", text="Eva Beispiel")
    keys(page, "Ihre E-Mail-Adresse", text=EVA)
    keys(page, "Ihre Kommune", text="Muster")
    page.get_by_role("option", name="Musterdorf").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    keys(page, "vor Ort", key="Space")
    keys(page, "Kolleginnen und Kollegen mit anmelden", key="Enter")
    keys(page, "Name", text="Ali Beispiel")
    keys(page, "E-Mail-Adresse", text="ali@musterdorf.example")
    keys(page, "Verbindlich anmelden", key="Enter")
    # Two people, one seat: what to do about it is said where the focus is.
    page.locator(".error-summary").wait_for()
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_text("nur noch wenige Plätze frei, nicht genug").first.wait_for()
    Seats.objects.filter(pk=seats.pk).update(capacity=2)
    keys(page, "Verbindlich anmelden", key="Enter")
    page.get_by_role("heading", name="Bitte bestätigen Sie Ihre Anmeldung").wait_for()
    page.goto(link_in_newest_email(Purpose.CONFIRM))
    keys(page, "Anmeldung bestätigen", key="Enter")
    page.get_by_text("Sie haben einen Platz").wait_for()
    keys(page, "Abmelden", key="Enter")
    page.get_by_role("heading", name="Abmelden").wait_for()
    keys(page, "Ja, abmelden", key="Enter")
    page.get_by_text("Sie sind abgemeldet.").wait_for()
    page.goto(link_in_newest_email(Purpose.CONFIRM, to="ali@musterdorf.example"))
    page.get_by_text("Angemeldet hat Sie Eva Beispiel").wait_for()
    keys(page, "Anmeldung bestätigen", key="Enter")
    page.get_by_text("Sie haben einen Platz").wait_for()
    assert_counters_tell_the_truth()


def keys(page, name: str, *, key: str = "", text: str = "") -> None:
    """Go with Tab to the control of this name, then press or type."""
    said = "e => [e.getAttribute('aria-label') || '', ...(e.labels || [])].map(l => l.textContent || l)"
    for _press in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement")
        labels = [*focused.evaluate(said), focused.evaluate("e => e.textContent")]
        if any(label.strip().startswith(name) for label in labels):
            page.keyboard.type(text) if text else page.keyboard.press(key)
            return
    pytest.fail(f"Tab never came to {name}")


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_without_scripts_on_a_small_screen(no_javascript, seats):
    page = no_javascript
    ali = somebody_has(seats)
    page.goto(f"{seats.event.get_absolute_url()}anmelden/")
    page.get_by_label("Ihr Name").fill("Eva Beispiel")
    page.get_by_label("Ihre E-Mail-Adresse").fill(EVA)
    page.get_by_label("Ihre Kommune").fill("Musterdorf")
    page.get_by_label("vor Ort").check()
    page.get_by_label("Was brauchen Sie noch?").fill("Wasser")
    send(page)
    page.get_by_label("Musterdorf –").check()
    expect(page.get_by_label("Was brauchen Sie noch?")).to_have_value("Wasser")
    send(page)
    page.get_by_role("heading", name="Bitte bestätigen Sie Ihre Anmeldung").wait_for()
    page.goto(link_in_newest_email(Purpose.CONFIRM))
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    page.get_by_text("Platz 1 auf der Warteliste").wait_for()
    actions.cancel(ali, now=timezone.now())
    page.goto(link_in_newest_email(Purpose.CHANGE))
    page.get_by_label("Ihr Name").fill("Eva Muster")
    page.get_by_role("button", name="Änderungen speichern").click()
    page.get_by_text("Sie haben einen Platz").wait_for()
    page.get_by_role("link", name="Abmelden").click()
    page.get_by_role("button", name="Ja, abmelden").click()
    page.get_by_text("Sie sind abgemeldet.").wait_for()
    assert (stored().name, stored().state) == ("Eva Muster", RegistrationState.CANCELLED)


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_who_waits_leaves_with_one_press(no_javascript, seats):
    somebody_has(seats)
    person = actions.Person("Eva Beispiel", EVA)
    result = actions.register(
        seats.event, [person], Mode.ON_SITE, submission="7" * 32, now=timezone.now()
    )
    waiting = actions.confirm(result.people[0], now=timezone.now())
    page = no_javascript
    page.goto(links.path(waiting, Purpose.SEE))
    page.get_by_role("button", name="Warteliste verlassen").click()
    page.get_by_text("Sie stehen nicht mehr auf der Warteliste.").wait_for()
    assert stored().state == RegistrationState.CANCELLED
    assert_counters_tell_the_truth()


@in_light_and_dark
@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_the_form_is_accessible_with_everything_open_and_everything_wrong(page, seats):
    page.goto(f"{seats.event.get_absolute_url()}anmelden/")
    page.get_by_text("Kolleginnen und Kollegen mit anmelden").click()
    sound(page)
    page.get_by_label(re.compile("^Name")).first.fill("Ali")
    page.get_by_label("Ihre Kommune").fill("Musterdorf")
    send(page)
    page.locator(".error-summary").wait_for()
    expect(page.locator(".error-summary")).to_be_focused()
    sound(page)
