"""What every page must be: valid, accessible in light and dark, narrow enough for a phone, ours alone.

One walk through all routes; area tests look closer. Findings are collected, so that one run names all.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from playwright.sync_api import Page as BrowserPage

from tests.browser import AXE, PHONE, barriers, look
from tests.factories import UserFactory
from tests.gates import html_checker
from tests.gates.lived_in import LivedIn
from tests.gates.routes import (
    LEFT_OUT,
    NOT_LINKED,
    OPENED,
    PATHS,
    PERSON,
    STAFF,
    USED,
    VISITOR,
    OpenedOnce,
    Page,
    admin_pages,
    admin_route_names,
    linked_admin_pages,
    portal_pages,
    route_names,
)


def test_every_route_is_opened_or_left_out():
    listed = OPENED.keys() | PATHS.keys() | LEFT_OUT.keys() | USED | {"projects:municipality"}

    assert sorted(set(route_names()) ^ listed) == []


def test_what_is_listed_as_used_is_opened(home):
    assert sorted(home.shown ^ USED) == []


@pytest.fixture
def clients(home) -> dict[str, Client]:
    people = {
        PERSON: UserFactory(password="ein langes Passwort"),
        STAFF: UserFactory(is_staff=True, is_superuser=True),
    }
    clients = {VISITOR: Client()} | home.clients
    for who, user in people.items():
        clients[who] = Client()
        clients[who].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return clients


def pages_of(area: str, home: LivedIn, get: OpenedOnce) -> Iterator[Page]:
    for page in (*portal_pages(), *home.pages, *admin_pages()):
        in_administration = page.path.startswith("/verwaltung/")
        if in_administration == (area == "administration"):
            # What the administration does not let its superuser do has no page.
            refused = in_administration and page.who == STAFF and get(page).status_code != 200
            if not refused:
                yield page


def without_twins(pages: list[Page], get: OpenedOnce) -> list[Page]:
    """Of those that say to the letter the same, that nothing is there, one."""
    seen: dict[Any, Page] = {}
    for page in pages:
        is_there = page.status == 200
        seen.setdefault(page if is_there else get(page).text.replace(page.path, ""), page)
    return list(seen.values())


@pytest.fixture(scope="module")
def made_htmls() -> dict[str, str]:
    return {}


@pytest.fixture
def htmls(request, made_htmls) -> dict[str, str]:
    """The HTML of every page, by address and reader; made once for all tests that only read it."""
    if not made_htmls:
        home, clients = (request.getfixturevalue(name) for name in ("home", "clients"))
        get, found = OpenedOnce(clients), {}
        for area in ("portal", "administration"):
            for page in pages_of(area, home, get):
                assert (page.path, get(page).status_code) == (page.path, page.status)
                found[f"{page.path} ({page.who})"] = get(page).text
        made_htmls.update(found)
    return made_htmls


def test_every_page_is_valid_html(htmls, tmp_path):
    own = {path: html for path, html in htmls.items() if not path.startswith("/verwaltung/")}

    assert html_checker.complaints(own, tmp_path) == []


def test_the_checker_would_say_so_if_a_page_were_not(tmp_path):
    broken = '<!doctype html><html lang="de"><title>x</title><p id="a"><p id="a"></html>'

    [complaint, *_] = html_checker.complaints({"/kaputt/": broken}, tmp_path)

    assert complaint.startswith("/kaputt/: 1: ")


def test_no_page_loads_anything_from_another_host(htmls):
    loads = re.compile(
        r"""<(?:script|img|iframe|source|link(?=[^>]*(?:stylesheet|icon|preload)))\b[^>]*?"""
        r"""(?:src|href)=["'](?:https?:)?//""",
        re.IGNORECASE,
    )

    assert len(htmls) > 60
    assert [path for path, html in htmls.items() if loads.search(html)] == []


def test_no_page_has_sound_or_film(htmls):
    playing = re.compile(r"<(?:audio|video|embed|object|bgsound)\b", re.IGNORECASE)

    assert [path for path, html in htmls.items() if playing.search(html)] == []


def test_no_page_carries_inline_script_or_style(htmls):
    inline = re.compile(
        r"""<style\b|\sstyle=|\son[a-z]+=["']|<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)""",
        re.IGNORECASE,
    )

    assert [path for path, html in htmls.items() if inline.search(html)] == []


@pytest.mark.parametrize("area", ["portal", "administration"])
def test_every_page_is_accessible_in_light_and_dark_and_fits_a_phone(
    area, live_server, home, clients, open_context, complaints, monkeypatch
):
    complaints.allow("404 (Not Found)")
    complaints.allow("410 (Gone)")
    get = OpenedOnce(clients)
    answer_alike(monkeypatch, clients, get)
    pages = list(pages_of(area, home, get))
    if area == "administration":
        steps = linked_admin_pages(get, home.behind_forms)
        assert [name for name in admin_route_names() if name not in steps] == NOT_LINKED
        pages += [page for found in steps.values() for page in found]
    browsers = {}
    for who in {page.who for page in pages}:
        context = open_context()
        context.add_init_script(path=AXE)  # quicker than sending it to every page
        browsers[who] = context.new_page()
        take_session(browsers[who], clients[who], live_server.url)

    findings = [
        finding
        for page in without_twins(pages, get)
        for finding in findings_of(browsers[page.who], page.path)
    ]

    assert findings == []


def answer_alike(monkeypatch: Any, clients: dict[str, Client], get: OpenedOnce) -> None:
    """Have the server send a browser the page that its client got: making one takes as long as showing it.

    What the client was not asked for, as scripts and parts for htmx, is made by the server itself.
    """
    made_anew = WSGIHandler.get_response

    def get_response(handler: WSGIHandler, request: HttpRequest) -> HttpResponseBase:
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        readers = [who for who, client in clients.items() if session_of(client) == session]
        is_page = request.method == "GET" and "HX-Request" not in request.headers
        for who in readers * is_page:
            if (got := get.already(request.get_full_path(), who)) and got.text:
                return HttpResponse(got.text, status=got.status_code, headers=dict(got.headers))
        return made_anew(handler, request)

    monkeypatch.setattr(WSGIHandler, "get_response", get_response)


def session_of(client: Client) -> str | None:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie and cookie.value


def take_session(browser: BrowserPage, client: Client, url: str) -> None:
    """Go on in the browser where a client is."""
    if value := session_of(client):
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}
        browser.context.add_cookies([cookie])


def findings_of(browser: BrowserPage, path: str) -> list[str]:
    """Opened once, on a phone in the dark; none of our scripts asks how wide the window is."""
    look(browser, "dark", PHONE)
    browser.goto(path)
    return [f"{path} {finding}" for finding in barriers(browser)]
