"""Every public page is kept ready for visitors, or stands on a list that says why not."""

import re
from time import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from events.models import Event
from finding import versions
from finding.same_for_all import promise_of
from opendata import publiccode
from opendata.lists import LISTS
from smartcities.operations import kept_answers
from smartcities.operations.kept_answers import shelf
from tests.finding.test_changes_of_parts import NOTED
from tests.finding.test_raised_versions import UNWATCHED
from tests.gates.routes import VISITOR, portal_pages, route_names

FORM = "carries a form with a token of its own"
PERSON = "for who is signed in"
LINK = "for who has the link of an e-mail"
STEP = "for who has gone the step before"
POSTED = "takes what a form sends"
SETTINGS = "a few lines of settings; nothing is asked of the database"
STREAMED = "may be larger than what is kept; made line by line behind the limit of reads"

NOT_KEPT = {
    "account": PERSON,
    "account_calendar": PERSON,
    "account_calendar_make": POSTED,
    "account_calendar_revoke": POSTED,
    "account_change_password": PERSON,
    "account_confirm_email": LINK,
    "account_confirm_login_code": STEP,
    "account_email": PERSON,
    "account_email_verification_sent": STEP,
    "account_go_on": POSTED,
    "account_inactive": STEP,
    "account_login": FORM,
    "account_logout": PERSON,
    "account_name": PERSON,
    "account_reauthenticate": PERSON,
    "account_reset_password": FORM,
    "account_reset_password_done": STEP,
    "account_reset_password_from_key": LINK,
    "account_reset_password_from_key_done": STEP,
    "account_set_password": PERSON,
    "account_signup": FORM,
    "asking:asked": STEP,
    "asking:confirm": LINK,
    "asking:office": FORM,
    "asking:project": FORM,
    "asking:rate": LINK,
    "asking:reply": LINK,
    "asking:report": FORM,
    "asking:reported": STEP,
    "asking:see": LINK,
    "asking:solution": FORM,
    "asking:withdraw": LINK,
    "barrier_report": FORM,
    "barrier_reported": STEP,
    "communities:confirm": LINK,
    "communities:delete_experience": PERSON,
    "communities:edit_experience": PERSON,
    "communities:invitation": LINK,
    "communities:join": FORM,
    "communities:join_topic_group": FORM,
    "communities:joined": STEP,
    "communities:joined_topic_group": STEP,
    "communities:leave": LINK,
    "communities:members_area": PERSON,
    "communities:members_area_of_topic_group": PERSON,
    "communities:own_experiences": PERSON,
    "communities:message_file": "a file, read from where it lies",
    "communities:result_further_file": "a file, read from where it lies",
    "communities:result_file": "a file, read from where it lies",
    "communities:take_up": LINK,
    "communities:unsubscribe": LINK,
    "communities:withdraw": LINK,
    "communities:write_experience": PERSON,
    "consulting:advisor_calendar": LINK,
    "consulting:answer": LINK,
    "consulting:cancel": LINK,
    "consulting:confirm": LINK,
    "consulting:ics": LINK,
    "consulting:later": STEP,
    "consulting:part": FORM,
    "consulting:rate": LINK,
    "consulting:request": "leads to the first step",
    "consulting:reschedule": LINK,
    "consulting:resume": LINK,
    "consulting:review": STEP,
    "consulting:see": LINK,
    "consulting:sent": STEP,
    "consulting:write": LINK,
    "events:accept": LINK,
    "events:cancel": LINK,
    "events:certificate": LINK,
    "events:change": LINK,
    "events:confirm": LINK,
    "events:document": "a file, read from where it lies",
    "events:minutes": PERSON,
    "events:minutes_file": "a file, read from where it lies",
    "events:personal_calendar": LINK,
    "events:register": FORM,
    "events:registered": STEP,
    "events:registration_ics": LINK,
    "events:see": LINK,
    "events:task_done": POSTED,
    "events:task_done_by_link": LINK,
    "events:ticket": LINK,
    "events:unsubscribe": LINK,
    "favicon.ico": "a redirect to the picture",
    "healthz": "tells whether this process answers now",
    "mfa_activate_totp": PERSON,
    "mfa_add_webauthn": PERSON,
    "mfa_authenticate": STEP,
    "mfa_deactivate_totp": PERSON,
    "mfa_download_recovery_codes": PERSON,
    "mfa_edit_webauthn": PERSON,
    "mfa_generate_recovery_codes": PERSON,
    "mfa_index": PERSON,
    "mfa_list_webauthn": PERSON,
    "mfa_login_webauthn": FORM,
    "mfa_reauthenticate": PERSON,
    "mfa_reauthenticate_webauthn": PERSON,
    "mfa_remove_webauthn": PERSON,
    "mfa_view_recovery_codes": PERSON,
    "my_group_leave": PERSON,
    "my_group_preferences": POSTED,
    "my_groups": PERSON,
    "opendata:api-nothing": "says that nothing is there",
    "opendata:everything": "a file, read from where it lies",
    "opendata:everything_digest": "the same",
    "opendata:export": STREAMED,
    "projects:change_reuse": LINK,
    "projects:confirm_reuse": LINK,
    "projects:reuse_stated": STEP,
    "projects:reuse_still_true": LINK,
    "projects:sheets_still_true": LINK,
    "projects:state_reuse": FORM,
    "projects:withdraw_reuse": LINK,
    "own_data": FORM,
    "own_data_account": PERSON,
    "own_data_erase": PERSON,
    "own_data_export": PERSON,
    "own_data_link": LINK,
    "own_data_sent": STEP,
    "readyz": "tells whether database, workers and mails are well now",
    "robots": SETTINGS,
    "search_suggestions": "different with every letter that is typed",
    "security_txt": SETTINGS,
    "subscribing:await_opening": FORM,
    "subscribing:awaiting_opening": STEP,
    "subscribing:confirm": LINK,
    "subscribing:end": LINK,
    "subscribing:see": LINK,
    "subscribing:subscribe": FORM,
    "subscribing:subscribed": STEP,
    "usersessions_list": PERSON,
}


def views(resolver: URLResolver | None = None, namespace: str = ""):
    """The name of every route outside the administration, and its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from views(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern.callback


PROMISED = {name for name, view in views() if promise_of(view)}


def test_every_route_is_kept_or_it_is_said_why_not():
    assert sorted(PROMISED ^ NOT_KEPT.keys() ^ set(route_names())) == []
    assert PROMISED & NOT_KEPT.keys() == set()


def open_answers() -> list[str]:
    """One of each route of the interface, and of the other answers for programs."""
    client, root = Client(), reverse("opendata:api")
    lists = [reverse(f"opendata:api-{name}-list") for name in LISTS]
    first = [client.get(path).json()["results"][0]["id"] for path in lists]
    shelf.clear()
    slug = publiccode.published().first().slug
    return [
        root,
        reverse("opendata:api-schema"),
        *lists,
        *(f"{path}{pk}/" for path, pk in zip(lists, first, strict=True)),
        reverse("opendata:catalogue"),
        reverse("opendata:catalogue_file", args=["ttl"]),
        reverse("opendata:publishers"),
        reverse("opendata:publiccode", args=[slug]),
    ]


@pytest.fixture
def keeping(settings, monkeypatch):
    settings.KEPT_ANSWERS_MEGABYTES = 32
    monkeypatch.setattr(versions, "knowledge", versions.Knowledge())
    # Nothing grows old while the pages are opened.
    monkeypatch.setattr(versions, "AT_MOST_OLD", 300)
    begun = time()
    monkeypatch.setattr(kept_answers, "time", lambda: begun)
    shelf.clear()
    yield
    shelf.clear()


def unwatched_parts(asked: CaptureQueriesContext) -> set[str]:
    """The parts, or without one the tables, that were read and raise no version of what is public."""
    statements = [query["sql"] for query in asked.captured_queries]
    read = {table for one in statements for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', one)}
    of_search = {"projects_catalogueversion", "projects_searchdocument", "projects_searchword"}
    unwatched = (UNWATCHED - of_search) | {"projects_searchstate"}
    return {NOTED.get(table, table) for table in read & unwatched}


def test_what_promises_it_is_kept_whatever_page_of_it_is_opened(home, keeping):
    """A form's token or a look at the session, in a foot all pages share say, would end it unseen."""
    event = Event.objects.public().exclude(starts_at=None).first()
    files = [
        reverse("sitemap"),
        reverse("events:calendar"),
        reverse("events:ics", args=[event.slug]),
        *open_answers(),
    ]
    paths = files + [
        page.path
        for page in (*portal_pages(), *home.pages)
        if (page.who, page.status) == (VISITOR, 200)
    ]
    routes = {path: resolve(path.partition("?")[0]) for path in dict.fromkeys(paths)}
    promised = {path: route for path, route in routes.items() if promise_of(route.func)}
    assert {route.view_name for route in promised.values()} == PROMISED

    shown_unnamed = {}

    def is_kept(path: str) -> bool:
        before = len(shelf)
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(path)
        assert answer.status_code == 200
        kept = shelf.get(kept_answers.key_of(answer.wsgi_request))
        # The tag of the list of events is made of all seats, also those that this page does not show.
        not_shown = {versions.SEATS} if path.startswith(reverse("events:list")) else set()
        if kept and (unnamed := unwatched_parts(asked) - set(kept.parts) - not_shown):
            shown_unnamed[path] = unnamed
        return len(shelf) == before + 1

    assert [path for path in promised if not is_kept(path)] == []
    # What raises no version of what is public has a part of its own, which the answer then names.
    assert shown_unnamed == {}
    # And nothing else, which belongs to one person.
    assert [path for path in routes if path not in promised and is_kept(path)] == []
