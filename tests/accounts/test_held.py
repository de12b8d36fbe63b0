"""A session that ended while somebody wrote loses nothing."""

import re
from html import unescape
from time import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse

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
    held = hidden(kept.text)
    stranger = Client()
    stranger.force_login(user)

    assert stranger.post(GO_ON, held).status_code == 404
    stranger.cookies[COOKIE] = "geraten"
    assert stranger.post(GO_ON, held).status_code == 404
    assert browser.post(GO_ON, {"held": held["held"][:-3] + "abc"}).status_code == 404
    assert browser.post(GO_ON).status_code == 404
    assert browser.get(GO_ON).status_code == 405


def test_it_goes_on_for_a_day_and_only_where_signing_in_leads_back_to_the_page(user, monkeypatch):
    client = Client()
    held = hidden(client.post(ADD, {"words": WORDS}).text)
    client.force_login(user)
    sent_at = time()
    for hours, status in ((23, 200), (25, 404)):
        monkeypatch.setattr(signing.time, "time", lambda hours=hours: sent_at + hours * 3600)
        assert client.post(GO_ON, held).status_code == status

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

    secret = {"login": "rat@neustadt.example", "password": "geheim"}
    refused = client.post(reverse("account_login"), secret, headers=HERE)
    assert refused.status_code == 403
    assert "geheim" not in refused.text
    assert "Noch einmal absenden" not in refused.text
