"""Passkeys need a browser and a device; Chromium can pretend to be both."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import barriers
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "ein-langer-satz-2026"


@pytest.fixture
def person():
    user = UserFactory(email="kim@example.org", name="Kim", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def device(page):
    """A phone that has just been unlocked by its owner's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page):
    page.get_by_label("E-Mail-Adresse").fill("kim@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def confirm(page):
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()


def test_a_passkey_replaces_the_password_and_is_a_second_factor(page, person, device):
    page.goto(reverse("mfa_add_webauthn"))
    sign_in(page)
    confirm(page)
    page.get_by_label("Name").fill("Diensttelefon")
    page.get_by_label("Damit auch ohne Passwort anmelden").check()
    page.get_by_role("button", name="Einrichten").click()
    page.get_by_role("heading", name="Wiederherstellungscodes").wait_for()
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_role("heading", name="Diensttelefon")).to_be_visible()
    assert barriers(page) == []

    page.goto(reverse("account"))
    page.get_by_role("button", name="Abmelden").click()
    page.get_by_text("Sie sind abgemeldet.").wait_for()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.get_by_role("heading", name="Mein Konto").wait_for()

    page.get_by_role("button", name="Abmelden").click()
    page.get_by_text("Sie sind abgemeldet.").wait_for()
    page.goto(reverse("account_login"))
    sign_in(page)
    page.get_by_role("button", name="Passkey oder Schlüssel benutzen").click()
    page.get_by_role("heading", name="Mein Konto").wait_for()


def test_a_device_that_refuses_is_explained_on_the_page(page, person):
    page.goto(reverse("account_login"))
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')) }"
    )
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.get_by_text("Das hat nicht geklappt.").wait_for()


def test_without_javascript_nobody_is_offered_what_cannot_work(no_javascript):
    no_javascript.goto(reverse("account_login"))
    expect(no_javascript.get_by_text("Mit Passkey anmelden")).to_be_hidden()
    expect(no_javascript.get_by_role("button", name="Anmelden", exact=True)).to_be_visible()


def test_the_pages_of_an_account_have_no_barrier_that_a_program_can_find(page, person):
    page.goto(reverse("mfa_activate_totp"))
    sign_in(page)
    confirm(page)
    page.get_by_role("heading", name="Authentisierungs-App einrichten").wait_for()
    found = {"mfa_activate_totp": barriers(page)}
    for name in (
        "account",
        "account_name",
        "account_email",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "usersessions_list",
    ):
        page.goto(reverse(name))
        found[name] = barriers(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
