"""No answer to somebody with a session may be stored by a browser or a proxy, on any route.

The addresses are made from the URL configuration, with made-up values where it asks for some, and are
joined by the pages of a portal that is used.
"""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from ground.private import NOWHERE
from tests.factories import UserFactory
from tests.gates.routes import Page, portal_pages

pytestmark = pytest.mark.django_db

MADE_UP = ["falsch", "1", "kommune", "communities", "00000000-0000-4000-8000-000000000000"]
# Signing out would make a stranger of the one who asks, and is tried in accounts.
ENDS_THE_SESSION = "/konto/logout/"


def patterns(
    resolver: URLResolver | None = None, namespace: str = "", above: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    """Every named route, the administration's too, with the names of the values in its address."""
    for route in (resolver or get_resolver()).url_patterns:
        names = (*above, *route.pattern.regex.groupindex, *route.pattern.converters)
        if isinstance(route, URLResolver):
            inner = f"{namespace}{route.namespace}:" if route.namespace else namespace
            yield from patterns(route, inner, names)
        elif isinstance(route, URLPattern) and route.name:
            yield f"{namespace}{route.name}", sorted(set(names))


def address(name: str, values: list[str]) -> str | None:
    for made_up in MADE_UP:
        for arguments in ({"kwargs": dict.fromkeys(values, made_up)}, {"args": [made_up, made_up]}):
            try:
                return reverse(name, **(arguments if values else {}))
            except NoReverseMatch:
                continue
    return None


def _headers(client: Client, path: str) -> HttpResponse:
    answer = client.get(path)
    if answer.streaming:  # a file that nobody reads to its end stays open
        b"".join(answer)
    return answer


def test_every_route_forbids_to_store_what_it_answers_to_a_session(home):
    client = Client()
    client.force_login(
        UserFactory(is_staff=True, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    routes = {name: address(name, values) for name, values in patterns()}
    # A pattern that none of the made-up values fits has a place in MADE_UP to ask for.
    assert [name for name, path in routes.items() if path is None] == []
    paths = {path for path in routes.values() if path} - {ENDS_THE_SESSION}
    paths |= {page.path for page in portal_pages()}
    assert len(paths) > 250

    answers = {path: _headers(client, path) for path in sorted(paths)}

    assert [path for path, answer in answers.items() if answer["Cache-Control"] != NOWHERE] == []
    # Files, redirects and refusals say what may run just as pages do.
    policies = {path: answer.get("Content-Security-Policy", "") for path, answer in answers.items()}
    assert [path for path, policy in policies.items() if "default-src" not in policy] == []


def test_what_people_see_of_a_portal_that_is_used_is_stored_nowhere(home):
    signed_in = [page for page in home.pages if page.who in home.clients]
    assert signed_in

    def stored(page: Page) -> bool:
        client = home.clients[page.who]
        answer = _headers(client, page.path)
        return "sessionid" in client.cookies and answer["Cache-Control"] != NOWHERE

    assert [page.path for page in signed_in if stored(page)] == []


def test_signing_in_and_forms_that_are_sent_are_not_stored_either(client):
    UserFactory(email="erika@example.org", password="ein langes Passwort")
    answer = client.post(
        "/konto/login/", {"login": "erika@example.org", "password": "ein langes Passwort"}
    )

    assert answer.cookies["sessionid"].value
    assert answer["Cache-Control"] == NOWHERE


def test_a_visitor_without_a_session_may_keep_what_is_public(client, home):
    answer = client.get("/projekte/", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/projekte/")

    assert (answer["Cache-Control"], plain["Cache-Control"]) == ("no-cache", "no-cache")
    assert answer["ETag"].removeprefix("W/") != plain["ETag"].removeprefix("W/")
    for first, encoding in ((answer, "gzip"), (plain, "identity")):
        again = client.get(
            "/projekte/", headers={"If-None-Match": first["ETag"], "Accept-Encoding": encoding}
        )
        assert (again.status_code, again["Vary"]) == (304, first["Vary"])
        assert again["ETag"].removeprefix("W/") == first["ETag"].removeprefix("W/")
