"""Subscribing a list in a real browser: no scripts, a small and dark screen, the keyboard alone."""

import pytest
from django.conf import settings

from mailing.models import Email
from subscribing import links
from subscribing.links import Purpose
from subscribing.models import Subscriber, Subscription
from tests.browser import on_two_screens, sound
from tests.factories import SolutionFactory
from tests.subscribing.test_pages import link_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_fingers"),
]


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


@on_two_screens
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
