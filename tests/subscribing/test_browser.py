"""Subscribing a list in a real browser: no scripts, a small and dark screen, the keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import guard
from mailing.models import Email
from subscribing.links import Purpose
from subscribing.mail import weekly
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


@pytest.mark.parametrize(("viewport", "color_scheme"), [(PHONE, "dark")], ids=["phone"])
def test_without_scripts_from_the_list_to_the_ended_subscription(no_javascript):
    page = no_javascript
    SolutionFactory(name="Pegelnetz", kind="sensorik")

    page.goto("/loesungen/?art=sensorik")
    page.get_by_role("link", name="Diese Auswahl per E-Mail abonnieren").click()
    sound(page)
    page.get_by_role("button", name="Abonnieren").click()
    page.get_by_role("alert").wait_for()
    sound(page)
    page.get_by_label("Ihre E-Mail-Adresse").fill("eva@stadt.example")
    page.get_by_role("button", name="Abonnieren").click()
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()
    sound(page)
    page.goto(link_in(Email.objects.get(), Purpose.CONFIRM))
    sound(page)
    page.get_by_role("button", name="Abonnement bestätigen").click()
    page.get_by_role("heading", name="Ihre Abonnements").wait_for()
    sound(page)

    SolutionFactory(name="Parken", kind="sensorik")
    weekly.plan(now=timezone.now() + timedelta(days=7))
    page.goto(link_in(Email.objects.latest("pk"), Purpose.END))
    sound(page)
    page.goto(link_in(Email.objects.latest("pk"), Purpose.SEE))
    page.get_by_role("button", name="Beenden").click()
    page.get_by_role("heading", name="Schon erledigt").wait_for()
    sound(page)
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(("viewport", "color_scheme"), [(DESKTOP, "light")], ids=["desktop"])
def test_with_the_keyboard_only(page):
    SolutionFactory(name="Pegelnetz")

    page.goto("/loesungen/")
    page.get_by_role("link", name="Lösungen per E-Mail abonnieren").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Ihre E-Mail-Adresse").focus()
    page.keyboard.type("eva@stadt.example")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach").wait_for()
    page.goto(link_in(Email.objects.get(), Purpose.CONFIRM))
    page.get_by_role("button", name="Abonnement bestätigen").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ihre Abonnements").wait_for()
    sound(page)
    assert Subscription.objects.get().confirmed_at
