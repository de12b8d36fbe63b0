"""Headers, limits and doors: what keeps strangers from doing more than reading."""

import importlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, clear_url_caches, get_resolver, reverse

import smartcities.urls
from smartcities.operations.headers import Copies
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PLACES = [
    "/",
    "/projekte/",
    "/start-smart/",
    "/start-smart/anfrage/kommune/",
    "/start-smart/ansehen/falsch/",
    "/konto/login/",
    "/verwaltung/",
    "/healthz",
    "/robots.txt",
    "/gibt/es/nicht/",
    "/static/css/portal.css",
]


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_says_what_the_browser_must_not_do(client, path):
    answer = client.get(path)
    answer.close()  # a file, with whitenoise

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Permissions-Policy"]
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy.split(", "))


@pytest.mark.parametrize("path", [path for path in PLACES if not path.startswith("/static/")])
def test_a_page_may_load_and_send_nothing_elsewhere_and_run_nothing_inline(client, path):
    answer = client.get(path)

    directives = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
    )
    assert directives == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert answer["X-Frame-Options"] == "DENY"


def _breaks(client: Client, monkeypatch: pytest.MonkeyPatch) -> HttpResponse:
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("allauth.account.views.LoginView.dispatch", fail)
    client.raise_request_exception = False
    return client.get("/konto/login/")


def _unchanged(client: Client, _monkeypatch: pytest.MonkeyPatch) -> HttpResponse:
    return client.get("/projekte/", headers={"If-None-Match": client.get("/projekte/")["ETag"]})


# Of each status that the portal has, one way to come by it.
OTHER_ANSWERS = {
    301: lambda client, _: client.get("/projekte"),
    302: lambda client, _: client.get("/konto/"),
    304: _unchanged,
    400: lambda client, _: client.get("/", headers={"Host": "boese.example"}),
    403: lambda client, _: Client(enforce_csrf_checks=True).post("/konto/login/"),
    404: lambda client, _: client.get("/gibt/es/nicht/"),
    405: lambda client, _: client.post("/projekte/"),
    500: _breaks,
}


@pytest.mark.parametrize("status", OTHER_ANSWERS)
def test_errors_and_redirects_say_what_may_run_just_as_pages_do(client, monkeypatch, status):
    answer = OTHER_ANSWERS[status](client, monkeypatch)

    assert answer.status_code == status
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_that_nothing_has_changed_varies_by_what_the_page_varies_by(client):
    """Else a proxy would give what it keeps packed to who cannot unpack it."""
    page = client.get("/projekte/", headers={"Accept-Encoding": "gzip"})
    unchanged = {"Accept-Encoding": "gzip", "If-None-Match": page["ETag"]}
    again = client.get("/projekte/", headers=unchanged)

    assert again.status_code == 304
    assert set(again["Vary"].split(", ")) == set(page["Vary"].split(", "))
    assert "Accept-Encoding" in again["Vary"]


def test_security_txt_names_somebody_and_ends_in_the_future_but_within_a_year(client):
    text = client.get("/.well-known/security.txt").content.decode()

    fields = dict(line.split(": ", 1) for line in text.splitlines())
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)
    assert fields["Contact"] == "mailto:betreiber@example.org"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"


# The ceiling for everything that is sent ----------------------------------------------------------


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """An address for every route, the administration's included, with made-up values in it."""
    for entry in (resolver or get_resolver()).url_patterns:
        part = getattr(entry.pattern, "_route", None)
        if part is None:
            part = str(entry.pattern).lstrip("^").rstrip("$").replace(r"\Z", "")
            part = re.sub(r"\(\?P<\w+>[^()]*(\([^()]*\))?[^()]*\)", "1", part)
        else:
            for name, converter in entry.pattern.converters.items():
                sample = "1" if converter.regex != "[-a-zA-Z0-9_]+" else "x"
                if "|" in converter.regex:
                    sample = converter.regex.split("|")[0]
                part = re.sub(rf"<(\w+:)?{name}>", sample, part)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + part)
        elif isinstance(entry, URLPattern):
            yield prefix + part


@pytest.fixture
def ceiling(settings) -> Iterator[int]:
    settings.POSTS_A_MINUTE = 3
    yield settings.POSTS_A_MINUTE
    cache.clear()


def test_no_form_is_without_the_ceiling(client, ceiling, time_machine):
    """Whatever is mounted: after the third one from a network, nothing is taken for a while."""
    # Asking for all of them may take beyond a minute, after which three more are taken.
    time_machine.move_to("2026-03-02T09:00:10Z", tick=False)
    for _number in range(ceiling):
        assert client.post("/suche/").status_code == 405

    everything = sorted(set(addresses()))
    assert {"/konto/login/", "/start-smart/absagen/1/", "/verwaltung/accounts/user/add/"} <= set(
        everything
    )
    open_doors = [path for path in everything if client.post(path).status_code != 429]

    assert open_doors == []
    assert client.get("/").status_code == 200


def test_who_sent_too_much_is_told_so_and_may_go_on_a_minute_later(client, ceiling, time_machine):
    time_machine.move_to("2026-03-02T09:00:10Z", tick=False)
    answers = [client.post("/konto/login/") for _number in range(ceiling + 1)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Das waren viele Versuche" in answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "60"
    assert answers[-1]["X-Request-ID"]
    time_machine.move_to("2026-03-02T09:01:00Z", tick=False)
    assert client.post("/konto/login/").status_code == 200


def test_others_go_on(client, ceiling, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def status(address: str) -> int:
        # What stands further left was written by the visitor: a new one each time helps nobody.
        header = {"X-Forwarded-For": f"198.51.100.{status.calls}, {address}"}
        status.calls += 1
        return client.post("/suche/", headers=header).status_code

    status.calls = 1
    assert [status("192.0.2.7") for _number in range(4)] == [405, 405, 405, 429]
    assert status("192.0.2.8") == 405
    # One household has many addresses of IPv6.
    assert [status(f"2001:db8:0:1::{number}") for number in range(4)] == [405, 405, 405, 429]
    assert status("2001:db8:0:2::1") == 405
    assert status("unknown:80") == 405


def test_who_is_signed_in_is_counted_apart_from_the_colleagues(client, ceiling):
    for _number in range(ceiling + 1):
        client.post("/suche/")
    client.force_login(UserFactory())

    assert client.post("/suche/").status_code == 405


# Signing in ---------------------------------------------------------------------------------------


def test_the_answer_that_begins_a_session_is_stored_nowhere_whatever_the_page_says(settings):
    """The browser brings no cookie along yet, and takes the key to the session out of this answer."""

    def begins(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse(headers={"Cache-Control": "public, max-age=60"})
        response.set_cookie(settings.SESSION_COOKIE_NAME, "x")
        return response

    answer = Copies(begins)(RequestFactory().get("/"))

    assert answer["Cache-Control"] == "no-store, private"


def test_the_counts_of_the_limits_tell_no_address(client, settings):
    settings.POSTS_A_MINUTE = 10
    client.post(
        "/konto/login/",
        {"login": "erika@example.org", "password": "falsch"},
        REMOTE_ADDR="192.0.2.77",
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM django_cache")
        rows = cursor.fetchall()
    assert len(rows) >= 3
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key, _value in rows)
    assert "192.0.2.77" not in str(rows)


# The administration -------------------------------------------------------------------------------


@pytest.fixture
def moved(settings) -> Iterator[str]:
    settings.ADMIN_PATH = "hintereingang/"
    importlib.reload(smartcities.urls)
    clear_url_caches()
    yield "/hintereingang/"
    settings.ADMIN_PATH = "verwaltung/"
    importlib.reload(smartcities.urls)
    clear_url_caches()


def test_the_administration_moves_where_the_operator_says(client, moved):
    assert reverse("admin:index") == moved
    assert client.get(moved, follow=True).status_code == 200
    assert client.get("/verwaltung/").status_code == 404


def test_an_address_chosen_by_the_operator_is_told_to_nobody(client, moved):
    for path in ("/", "/robots.txt", "/sitemap.xml", "/konto/login/", "/datenschutz/"):
        assert b"hintereingang" not in client.get(path).content
