"""A person's way through their account, as they see it."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mailing.models import Email
from tests.factories import SolutionFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langer-satz-2026"
NEW = {
    "name": "Erika Muster",
    "email": "erika@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture
def person():
    user = UserFactory(email="kim@example.org", name="Kim", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


@pytest.fixture
def asked_again(signed_in):
    """Signed in, and has just proved it once more, as changes to one's security ask for."""
    signed_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return signed_in


def current_code(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def link_in(email):
    return re.search(r"http://testserver(/konto/\S+)", email.text)[1]


class TestSigningUp:
    def test_the_address_counts_only_after_its_owner_confirmed_it(self, client):
        response = client.post(reverse("account_signup"), NEW, follow=True)
        assert "Bitte bestätigen Sie Ihre E-Mail-Adresse" in response.content.decode()
        user = User.objects.get()
        assert (user.name, user.email) == ("Erika Muster", "erika@example.org")

        email = Email.objects.get()
        assert (email.to, email.subject) == (user.email, "Bitte bestätigen Sie Ihre E-Mail-Adresse")
        link = link_in(email)
        client.get(link)  # a mail scanner looks at it
        assert not EmailAddress.objects.get().verified
        client.post(link)
        assert EmailAddress.objects.get().verified

    def test_in_another_browser_the_mailbox_alone_confirms_nothing(self, client):
        client.post(reverse("account_signup"), NEW)
        link, other = link_in(Email.objects.get()), Client()

        assert 'type="password"' in other.get(link).content.decode()
        for typed in ({}, {"password": "geraten-und-falsch"}):
            answer = other.post(link, typed)
            assert answer.status_code == 200
            assert not EmailAddress.objects.get().verified
        other.post(link, {"password": PASSWORD})
        assert EmailAddress.objects.get().verified
        assert "_auth_user_id" not in other.session

    def test_nobody_learns_who_has_an_account(self, client, person):
        unknown = client.post(reverse("account_signup"), NEW)
        known = client.post(reverse("account_signup"), NEW | {"email": person.email})
        assert (known.status_code, known.headers["Location"]) == (
            unknown.status_code,
            unknown.headers["Location"],
        )
        told = Email.objects.get(to=person.email)
        assert told.subject == "Sie haben schon ein Konto"
        assert "/konto/password/reset/" in told.text

    def test_two_different_passwords_are_said_in_plain_words(self, client):
        response = client.post(reverse("account_signup"), NEW | {"password2": "anders"})
        html = response.content.decode()
        assert "Bitte geben Sie zweimal dasselbe Passwort ein." in html
        assert "<title>Fehler: Konto anlegen" in html
        assert 'value="Erika Muster"' in html  # nothing typed is lost
        assert PASSWORD not in html
        assert not User.objects.exists()

    def test_a_name_is_needed(self, client):
        client.post(reverse("account_signup"), NEW | {"name": " "})
        assert not User.objects.exists()


class TestSigningIn:
    def test_a_wrong_password_does_not_say_which_part_is_wrong(self, client, person):
        def answer(email):
            data = {"login": email, "password": "falsch"}
            return client.post(reverse("account_login"), data).context["form"].errors.as_data()

        known, unknown = answer(person.email), answer("niemand@example.org")
        assert str(known) == str(unknown)
        assert "E-Mail-Adresse oder Passwort stimmen nicht." in str(known)

    def test_the_account_page_sends_strangers_to_the_sign_in_and_back(self, client, person):
        response = client.get(reverse("account"))
        assert response.headers["Location"] == "/konto/login/?next=/konto/"
        data = {"login": person.email, "password": PASSWORD, "next": "/konto/"}
        assert client.post(reverse("account_login"), data).headers["Location"] == "/konto/"

    def test_too_many_attempts_lead_to_a_pause(self, client, person):
        data = {"login": person.email, "password": "falsch"}
        for _attempt in range(10):
            response = client.post(reverse("account_login"), data)
        assert "Zu viele Anmeldeversuche." in response.content.decode()

    def test_a_new_password_comes_by_mail_only(self, client, person):
        for email in (person.email, "niemand@example.org"):
            response = client.post(reverse("account_reset_password"), {"email": email})
            assert response.headers["Location"] == reverse("account_reset_password_done")
        assert Email.objects.get(to=person.email).subject == "Neues Passwort festlegen"
        assert Email.objects.get(to="niemand@example.org").subject == (
            "Zu dieser Adresse gibt es kein Konto"
        )
        form = client.get(link_in(Email.objects.get(to=person.email)), follow=True)
        client.post(
            form.request["PATH_INFO"],
            {"password1": "noch-ein-langer-satz", "password2": "noch-ein-langer-satz"},
        )
        person.refresh_from_db()
        assert person.check_password("noch-ein-langer-satz")


class TestSecondFactor:
    def test_being_signed_in_is_not_enough_to_change_it(self, signed_in):
        response = signed_in.get(reverse("mfa_activate_totp"))
        assert response.headers["Location"].startswith(reverse("account_reauthenticate"))

    def switch_on(self, client):
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        response = client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})
        assert response.status_code == 302, response.context["form"].errors
        return secret

    def test_after_it_is_set_up_a_password_alone_does_not_get_in(
        self, asked_again, person, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            self.switch_on(asked_again)
        assert "Zweiter Faktor eingerichtet" in Email.objects.values_list("subject", flat=True)
        asked_again.post(reverse("account_logout"))

        data = {"login": person.email, "password": PASSWORD}
        response = asked_again.post(reverse("account_login"), data)
        assert response.headers["Location"] == reverse("mfa_authenticate")
        assert "_auth_user_id" not in asked_again.session
        wrong = asked_again.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "Dieser Code stimmt nicht." in wrong.content.decode()

        codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
        asked_again.post(reverse("mfa_authenticate"), {"code": codes.wrap().get_unused_codes()[0]})
        assert asked_again.session["_auth_user_id"] == str(person.pk)

    def test_a_recovery_code_is_shown_and_can_be_taken_along(self, asked_again):
        self.switch_on(asked_again)
        shown = asked_again.get(reverse("mfa_view_recovery_codes")).content.decode()
        codes = re.findall(r"<li><code>(\w+)</code></li>", shown)
        assert len(codes) == 10
        download = asked_again.get(reverse("mfa_download_recovery_codes")).content.decode()
        assert download.split() == codes


class TestOwnPage:
    def test_it_shows_what_one_can_change(self, signed_in, person):
        html = signed_in.get(reverse("account")).content.decode()
        for name in (
            "account_name",
            "account_email",
            "account_change_password",
            "mfa_index",
            "usersessions_list",
            "account_logout",
        ):
            assert reverse(name) in html
        assert person.email in html
        assert reverse("admin:index") not in html

    def test_people_of_the_office_find_their_way_to_it(self, signed_in, person):
        person.is_staff = True
        person.save()
        assert reverse("admin:index") in signed_in.get(reverse("account")).content.decode()

    def test_a_new_address_counts_only_after_it_is_confirmed(self, asked_again, person):
        data = {"email": "neu@example.org", "action_add": ""}
        asked_again.post(reverse("account_email"), data)
        html = asked_again.get(reverse("account")).content.decode()
        assert "Neu, noch nicht bestätigt: neu@example.org" in html
        person.refresh_from_db()
        assert person.email == "kim@example.org"
        asked_again.post(link_in(Email.objects.get(to="neu@example.org")))
        person.refresh_from_db()
        assert person.email == "neu@example.org"
        assert Email.objects.filter(subject="Ihre E-Mail-Adresse wurde geändert").exists()

    def test_a_stranger_does_not_confirm_ones_account_their_address(self, asked_again, person):
        asked_again.post(reverse("account_email"), {"email": "opfer@example.org", "action_add": ""})
        link = link_in(Email.objects.get(to="opfer@example.org"))
        Client().post(link)
        stranger = UserFactory(email="fremd@example.org", password=PASSWORD)
        signed_in = Client()
        signed_in.force_login(stranger)
        signed_in.post(link)
        person.refresh_from_db()
        assert person.email == "kim@example.org"
        assert not EmailAddress.objects.filter(email="opfer@example.org", verified=True).exists()

    def test_right_after_signing_in_a_new_address_asks_for_no_password_and_the_rest_does(
        self, signed_in, monkeypatch
    ):
        pages = (reverse("mfa_activate_totp"), reverse("own_data_erase"))
        again = reverse("account_reauthenticate")
        for page in pages:
            assert signed_in.post(page, {"sure": "on"}).url.startswith(again)
        new = {"email": "kim.neu@example.org", "action_add": ""}
        assert signed_in.post(reverse("account_email"), new).url == reverse("account_email")
        assert Email.objects.filter(to="kim.neu@example.org").exists()

        later = time.time() + 301
        monkeypatch.setattr("time.time", lambda: later)
        other = {"email": "kim.anders@example.org", "action_add": ""}
        assert signed_in.post(reverse("account_email"), other).url.startswith(again)
        assert not Email.objects.filter(to="kim.anders@example.org").exists()

    def test_changing_the_password_is_told_by_mail(self, signed_in, person):
        data = {
            "oldpassword": PASSWORD,
            "password1": "noch-ein-langer-satz",
            "password2": "noch-ein-langer-satz",
        }
        signed_in.post(reverse("account_change_password"), data)
        person.refresh_from_db()
        assert person.check_password("noch-ein-langer-satz")
        told = Email.objects.get(to=person.email)
        assert told.subject == "Ihr Passwort wurde geändert"
        assert "Waren Sie das nicht?" in told.text

    def test_leaving_takes_a_click(self, signed_in):
        signed_in.get(reverse("account_logout"))
        assert "_auth_user_id" in signed_in.session
        signed_in.post(reverse("account_logout"))
        assert "_auth_user_id" not in signed_in.session


PAGES = [
    "account",
    "account_name",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
]
ENTRANCE = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_inactive",
]
# allauth's own wording, and the form of address the portal does not use.
FOREIGN = re.compile(
    r"\b(Sign (In|Out|Up)|Email|Password|Code expires|[Dd]ein(e|en|em|er)?|[Dd]u|[Dd]ir)\b"
)


@pytest.mark.parametrize("name", PAGES + ENTRANCE)
def test_every_page_speaks_the_portals_language(client, person, name, request):
    visitor = request.getfixturevalue("asked_again") if name in PAGES else client
    html = visitor.get(reverse(name)).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    text = re.sub(r"<[^>]+>", " ", main)
    assert FOREIGN.findall(text) == []
    assert len(re.findall(r"<h1", main)) == 1
    assert "placeholder=" not in main


@pytest.mark.parametrize("user", [None, {"email": "kaya@stadt.example", "name": "Kaya Kundig"}])
def test_public_forms_know_who_is_signed_in_and_nothing_of_anybody_else(user, client):
    solution = SolutionFactory(slug="pegelnetz")
    if user:
        client.force_login(UserFactory(**user))
    pages = {
        f"/fragen/loesung/{solution.slug}/": {"name", "email"},
        f"/loesungen/{solution.slug}/nachnutzung/": {"email"},
        "/abonnements/liste/loesungen/": {"email"},
    }
    for address, names in pages.items():
        form = client.get(address).context["form"]
        filled = {name: form[name].value() or "" for name in names}
        assert filled == {name: user[name] if user else "" for name in names}, address
    assert not client.get("/fragen/fehler/").context["form"]["email"].value()  # is voluntary there
