"""Subscribing a list in a real browser: no scripts, a small and dark screen, the keyboard alone."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts import guard
from mailing.models import Email
from subscribing import links
from subscribing.links import Purpose
from subscribing.models import Subscriber, Subscription
from tests.browser import DESKTOP, PHONE, axe, scrolls_sideways
from tests.factories import SolutionFactory
from tests.subscribing.test_pages import link_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_fingers(monkeypatch):
    # The trap for programs would hold every journey up by seconds.
    monkeypatch.setattr(guard, "FASTEST", timedelta(0))


def sound(page) -> None:
    assert axe(page) == []
    assert not scrolls_sideways(page)


def test_without_scripts_from_the_list_to_the_ended_subscription(no_javascript):
    page = no_javascript
    SolutionFactory(name="Pegelnetz", kind="sensorik")

    page.goto("/loesungen/?art=sensorik")
    page.get_by_role("link", name="Diese Auswahl per E-Mail abonnieren").click()
    page.get_by_role("button", name="Abonnieren").click()
    page.get_by_role("link", name="Bitte geben Sie Ihre E-Mail-Adresse an.").wait_for()
    page.get_by_label("Ihre E-Mail-Adresse").fill("eva@stadt.example")
    page.get_by_role("button", name="Abonnieren").click()
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()
    page.goto(link_in(Email.objects.get(), Purpose.CONFIRM))
    page.get_by_role("button", name="Abonnement bestätigen").click()
    page.get_by_role("heading", name="Ihre Abonnements").wait_for()
    page.get_by_role("button", name="Beenden").click()
    page.get_by_role("heading", name="Alles beendet").wait_for()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("viewport", "color_scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"]
)
def test_with_the_keyboard_only(page):
    SolutionFactory(name="Pegelnetz")

    page.goto("/loesungen/")
    page.get_by_role("link", name="Lösungen per E-Mail abonnieren").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Ihre E-Mail-Adresse")
    field.focus()
    sound(page)
    page.keyboard.type("eva@stadt.example")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()
    sound(page)
    page.goto(link_in(Email.objects.get(), Purpose.CONFIRM))
    sound(page)
    page.get_by_role("button", name="Abonnement bestätigen").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ihre Abonnements").wait_for()
    sound(page)
    subscription = Subscription.objects.get()
    assert subscription.confirmed_at
    page.goto(
        links.address(subscription.subscriber_id, Purpose.END).removeprefix(settings.SITE_URL)
    )
    sound(page)
