"""A session that ended while somebody wrote loses nothing."""

import re
from html import unescape
from time import time

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseRedirect, QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts import held
from accounts.held import COOKIE, HeldText
from finding.models import Synonyms
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ADD = "/verwaltung/finding/synonyms/add/"
GO_ON = "/konto/weiter/"
WORDS = "Rad, „Fahrrad“ & <Bike>"


@pytest.fixture
def user():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def browser(user) -> Client:
    """With a form open, and signed out meanwhile."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    client.token = token(client.get(ADD).text)
    Session.objects.all().delete()
    return client


def token(page: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def hidden(page: str) -> dict[str, str]:
    form = page.rpartition("<form")[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def sign_in(client: Client, user) -> None:
    """In another window: the browser gets a new session and a new token for forms."""
    client.force_login(user)
    client.cookies["csrftoken"] = "a" * 32


def test_who_was_signed_out_while_writing_signs_in_and_finds_the_form_filled(browser, user):
    sent = {"csrfmiddlewaretoken": browser.token, "words": WORDS, "narrower": "", "_save": "x"}
    kept = browser.post(ADD, sent)

    assert kept.status_code == 403
    assert "Sie sind nicht mehr angemeldet" in kept.text
    assert 'target="_blank"' in kept.text
    assert "no-store" in kept["Cache-Control"]
    # Nothing lies on the server, and the page says it to no script and no other site.
    assert WORDS not in str(Session.objects.values())
    assert browser.cookies[COOKIE]["httponly"] is True
    assert browser.cookies[COOKIE]["samesite"] == "Strict"

    again = browser.post(GO_ON, hidden(kept.text))
    assert "Sie sind noch nicht wieder angemeldet." in again.text

    sign_in(browser, user)
    back = browser.post(GO_ON, hidden(again.text))
    assert f'action="{ADD}"' in back.text
    form = browser.post(ADD, hidden(back.text))

    assert form.status_code == 200
    assert form.context["adminform"].form["words"].value() == WORDS
    assert "Gespeichert ist er noch nicht: Bitte prüfen und speichern Sie." in form.text
    assert Synonyms.objects.count() == 0
    saved = browser.post(ADD, {"csrfmiddlewaretoken": token(form.text), "words": WORDS, "_save": 1})
    assert saved.status_code == 302
    assert Synonyms.objects.get().words == WORDS


def test_a_form_of_the_account_goes_on_too(user):
    client = Client()
    kept = client.post(reverse("account_name"), {"name": "Erika Muster"})
    assert kept.status_code == 403

    client.force_login(user)
    back = client.post(GO_ON, hidden(kept.text))
    done = client.post(reverse("account_name"), hidden(back.text))

    user.refresh_from_db()
    assert (done.status_code, user.name) == (302, "Erika Muster")


def test_another_browser_gets_nothing_of_it(browser, user):
    kept = browser.post(ADD, {"csrfmiddlewaretoken": browser.token, "words": WORDS})
    carried = hidden(kept.text)
    stranger = Client()
    stranger.force_login(user)

    assert stranger.post(GO_ON, carried).status_code == 404
    stranger.cookies[COOKIE] = "geraten"
    assert stranger.post(GO_ON, carried).status_code == 404
    assert browser.post(GO_ON, {"held": carried["held"][:-3] + "abc"}).status_code == 404
    assert browser.post(GO_ON).status_code == 404
    assert browser.get(GO_ON).status_code == 405


def test_it_goes_on_for_a_day_and_only_where_signing_in_leads_back_to_the_page(user, monkeypatch):
    client = Client()
    carried = hidden(client.post(ADD, {"words": WORDS}).text)
    client.force_login(user)
    sent_at = time()
    for hours, status in ((23, 200), (25, 404)):
        monkeypatch.setattr(signing.time, "time", lambda hours=hours: sent_at + hours * 3600)
        assert client.post(GO_ON, carried).status_code == status

    elsewhere = HttpResponseRedirect(f"{reverse('account_login')}?next=/verwaltung/")
    request = RequestFactory().post(ADD, {"words": WORDS})
    request.user = AnonymousUser()
    assert HeldText(lambda _request: elsewhere)(request) is elsewhere


def test_files_are_asked_for_again_and_passwords_are_never_carried():
    client = Client()
    file = SimpleUploadedFile("Plan.pdf", b"x")
    kept = client.post(ADD, {"words": "Rad", "file": file})
    assert "Bitte wählen Sie sie danach wieder aus." in kept.text

    secret = {"oldpassword": "geheim", "password1": "neues geheimnis", "password2": "x"}
    for url, sent in (
        (reverse("account_change_password"), secret),
        (ADD, {"words": "", "csrfmiddlewaretoken": "x"}),
    ):
        answer = client.post(url, sent)
        assert (answer.status_code, COOKIE in answer.cookies) == (302, False)
        assert "geheim" not in answer.text


HERE = {"origin": "http://testserver"}


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://boese.example"}, {"origin": "null"}, {"origin": "https://testserver"}],
    ids=["none", "another site", "hidden", "another scheme"],
)
def test_what_another_website_sends_is_neither_shown_nor_sent(headers):
    refused = Client(enforce_csrf_checks=True).post("/fragen/", {"text": WORDS}, headers=headers)

    assert refused.status_code == 403
    assert "Fahrrad" not in refused.text
    assert "Noch einmal absenden" not in refused.text
    assert "füllen Sie es noch einmal aus" in refused.text


def test_a_form_whose_token_is_old_is_filled_again_with_a_good_one(user):
    """As after signing in again in another window. No browser needs to bring back what was typed."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    old = token(client.get(ADD).text)
    client.cookies["csrftoken"] = "a" * 32
    sent = {"csrfmiddlewaretoken": old, "words": WORDS, "narrower": "", "_save": "x"}
    refused = client.post(ADD, sent, headers=HERE)

    assert refused.status_code == 403
    assert refused["Cache-Control"] == "no-store, private"
    assert f'action="{ADD}"' in refused.text
    form = client.post(ADD, hidden(refused.text), headers=HERE)
    assert form.status_code == 200
    assert form.context["adminform"].form["words"].value() == WORDS
    assert "Gespeichert ist er noch nicht: Bitte prüfen und speichern Sie." in form.text


def test_a_refused_form_asks_for_files_again_and_never_carries_a_password():
    client = Client(enforce_csrf_checks=True)
    file = SimpleUploadedFile("Plan.pdf", b"x")
    refused = client.post("/fragen/", {"text": WORDS, "file": file}, headers=HERE)
    assert "Ausgewählte Dateien sind nicht dabei." in refused.text


@pytest.mark.parametrize(
    ("route", "secret"),
    [
        ("account_login", {"login": "rat@neustadt.example", "password": "geheim"}),
        ("admin:login", {"username": "rat@neustadt.example", "password": "geheim"}),
        ("account_reset_password_from_key", {"password1": "geheim", "password2": "geheim"}),
        ("mfa_authenticate", {"code": "geheim"}),
        ("mfa_reauthenticate", {"code": "geheim"}),
        ("mfa_activate_totp", {"code": "geheim"}),
        ("mfa_login_webauthn", {"credential": "geheim"}),
        ("mfa_add_webauthn", {"name": "Telefon", "credential": "geheim"}),
    ],
)
def test_what_opens_doors_is_never_carried_only_the_way_back_to_its_form(route, secret):
    needs_key = route == "account_reset_password_from_key"
    url = reverse(route, args=["x", "y"] if needs_key else [])
    refused = Client(enforce_csrf_checks=True).post(f"{url}?next=/konto/", secret, headers=HERE)

    assert refused.status_code == 403
    assert "geheim" not in refused.text
    assert "Noch einmal absenden" not in refused.text
    assert f'<a class="kern-link" href="{url}?next=/konto/">neu auf</a>' in refused.text


def test_every_field_of_an_account_that_opens_doors_is_known_as_such():
    paths = {**settings.ACCOUNT_FORMS, **settings.MFA_FORMS}.values()
    fields = {
        name
        for path in paths
        for name, field in import_string(path).base_fields.items()
        if isinstance(field.widget, forms.PasswordInput)
        or field.widget.attrs.get("autocomplete") == "one-time-code"
        or name == "credential"
    }

    assert {"code", "credential", "password1"} <= fields
    assert [name for name in fields if not held._is_secret(QueryDict(f"{name}=x"))] == []


def test_a_button_without_a_form_can_be_pressed_once_more_and_says_for_whom(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    refused = client.post(reverse("account_logout"), headers=HERE)

    assert f"noch einmal, mit dem Konto {user.email}." in refused.text
    done = client.post(reverse("account_logout"), hidden(refused.text), headers=HERE)
    assert (done.status_code, "_auth_user_id" in client.session) == (302, False)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", "&".join(f"a{n}=1" for n in range(1001))),
        ("application/x-www-form-urlencoded", "text=" + "x" * 2_700_000),
        ("multipart/form-data; boundary=x", "--x--y"),
        ("application/json", "{}"),
    ],
    ids=["too many fields", "too long", "broken", "no form"],
)
def test_what_cannot_be_read_is_refused_without_words(content_type, body):
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/fragen/", body, content_type=content_type, headers=HERE)

    assert refused.status_code == 403
    assert "xxx" not in refused.text


def test_who_is_torn_off_on_the_way_breaks_nothing(caplog):
    class TornOff:
        def read(self, *_size: int) -> bytes:
            raise OSError("connection reset")

    request = RequestFactory().post("/fragen/", {"text": WORDS}, headers=HERE)
    request._stream = request.environ["wsgi.input"] = TornOff()
    request.user = AnonymousUser()

    assert held.refused(request).status_code == 403
    assert caplog.text == ""


def test_a_form_goes_on_at_its_whole_address_on_the_portal_as_people_reach_it():
    """What stands behind the „?“ says what a form is about, and the portal is reached by https."""
    page = f"{ADD}?words=Rad"
    sent = {"data": {"narrower": WORDS}, "secure": True}
    refused = Client(enforce_csrf_checks=True).post(
        page, **sent, headers={"origin": "https://testserver"}
    )
    assert "Noch einmal absenden" in refused.text
    assert f'action="{page}"' in refused.text

    client = Client()
    kept = client.post(page, **sent)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    back = client.post(GO_ON, hidden(kept.text), secure=True)
    assert f'action="{page}"' in back.text
