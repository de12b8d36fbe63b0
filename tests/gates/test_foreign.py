"""Nobody gets at what is not theirs by changing an address.

The routes with an object or a token in their address are read from the URL configuration, so a new one
cannot be forgotten. Every object is one that some people may see; it is asked for by everybody else.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.factories import UserFactory
from tests.factories.communities import CoordinationFactory
from tests.gates.lived_in import MEMBER, TELLTALE

pytestmark = pytest.mark.django_db

# What stands in these addresses is public for everybody, or no object at all.
FOR_EVERYBODY = {
    "communities:detail": "groups are public, archived ones too",
    "communities:topic_group": "the same",
    "communities:join": "a form of a public group",
    "communities:join_topic_group": "the same",
    "communities:joined": "a sentence without names",
    "communities:joined_topic_group": "the same",
    "consulting:part": "names one of four steps",
    "projects:municipality": "the official list",
    "handbook_role": "names one of seven roles",
    "projects:product": "what solutions are built on",
    "projects:theme": "the vocabulary",
    # tests/opendata holds all that is told there against the personal fields.
    **{
        f"opendata:api-{kind}-detail": "open data"
        for kind in (
            "ergebnisse",
            "gemeinschaften",
            "kommunen",
            "loesungen",
            "nachnutzungen",
            "projekte",
            "themen",
            "veranstaltungen",
        )
    },
    "opendata:api-nothing": "says that there is nothing",
    "subscribing:subscribe": "names one of six public lists",
    "subscribing:subscribed": "a sentence without names",
    "opendata:catalogue_file": "open data",
    "opendata:export": "open data",
    "opendata:publiccode": "open data",
}
# Tokens of programs that others wrote, with tests of their own.
OF_ALLAUTH = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}


@pytest.fixture
def strangers(home) -> dict[str, Client]:
    """Somebody unknown, somebody with an account, and the coordinator of another community."""
    people = {"account": UserFactory(), "coordinator": CoordinationFactory().user}
    clients = {name: Client() for name in ("nobody", *people)}
    for name, user in people.items():
        clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return clients


def routes(
    resolver: URLResolver | None = None, namespace: str = "", above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """The names of all routes of the portal and what stands in their addresses."""
    for route in (resolver or get_resolver()).url_patterns:
        parts = above | set(route.pattern.regex.groupindex) | set(route.pattern.converters)
        if isinstance(route, URLPattern):
            yield f"{namespace}{route.name}", parts
        elif route.namespace != "admin":
            inner = f"{namespace}{route.namespace}:" if route.namespace else namespace
            yield from routes(route, inner, parts)


def rows() -> dict[str, list[tuple]]:
    """Everything that is stored, but for sessions and how often somebody has asked."""
    volatile = {
        "sessions.Session",
        "accounts.NetworkUse",
        "accounts.Tally",
        "usersessions.UserSession",
    }
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=str)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in volatile
    }


def test_every_route_with_something_in_its_address_is_tried(home):
    with_something = {name for name, parts in routes() if parts}
    tried = {name for name, _path in [*home.private, *home.links]}

    assert sorted(with_something ^ (tried | FOR_EVERYBODY.keys() | OF_ALLAUTH)) == []


def test_a_stranger_is_told_nothing_and_changes_nothing(home, strangers):
    before = rows()
    for who, client in strangers.items():
        for name, path in home.private:
            for method in (client.get, client.head, client.post):
                answer = method(path)
                to_sign_in = who == "nobody" and answer.get("Location", "").startswith("/konto/")
                refused = answer.status_code in (403, 404, 405) or to_sign_in
                assert (who, name, refused) == (who, name, True), answer.status_code
                assert TELLTALE not in answer.text

    assert rows() == before


def test_whom_it_concerns_sees_it_there(home):
    """Otherwise the strangers would have been refused something that does not exist."""
    seen = set()
    for name, path in home.private:
        answer = home.clients[MEMBER].get(path)
        if answer.streaming:
            assert TELLTALE.encode() in b"".join(answer.streaming_content)
        if answer.status_code == 200:
            seen.add(name)

    assert seen >= {
        "communities:delete_experience",
        "communities:edit_experience",
        "communities:members_area",
        "communities:members_area_of_topic_group",
        "communities:result",
        "communities:message_file",
        "communities:result_file",
        "communities:result_further_file",
        "events:minutes",
        "events:minutes_file",
    }


def test_a_token_opens_what_it_was_made_for_and_nothing_else(home, client):
    """Each token of each app at each address that takes one."""
    tokens, addresses = set(), set()
    for name, path in home.links:
        token = resolve(path).kwargs["token"]
        tokens.add((name, token))
        # Most links of one route differ in nothing but their token.
        addresses.add((name, path.replace(token, "{token}")))
    # Several routes may show the same by the same link.
    same = {
        "events:ticket": "events:see",
        "events:registration_ics": "events:see",
        "events:certificate": "events:see",
        "consulting:ics": "consulting:see",
    }
    before = rows()
    for name, path in home.links:
        assert (name, client.get(path).status_code) == (name, 200)
    for name, address in addresses:
        for of, token in tokens:
            answer = client.get(address.replace("{token}", token))
            if same.get(of, of) != same.get(name, name):
                assert (name, of, answer.status_code) == (name, of, 404)
                assert TELLTALE not in answer.text

    assert rows() == before


def test_what_is_sent_twice_is_never_answered_with_a_missing_page(home, client):
    """A second click, or one in a second window: it reads what has become of it."""
    done = set()
    for name, path in [*home.links, *home.private]:
        who = client if (name, path) in home.links else home.clients[MEMBER]
        with transaction.atomic():
            once, again = who.post(path), who.post(path)
            transaction.set_rollback(True)
        if once.status_code == 302:
            done.add(name)
            assert (name, again.status_code) in {(name, 302), (name, 200), (name, 410)}

    assert done >= {
        "asking:confirm",
        "asking:withdraw",
        "communities:confirm",
        "communities:delete_experience",
        "communities:leave",
        "communities:take_up",
        "communities:withdraw",
        "consulting:confirm",
        "events:accept",
        "events:cancel",
        "events:confirm",
        "my_group_leave",
        "my_group_preferences",
        "projects:confirm_reuse",
        "projects:withdraw_reuse",
        "subscribing:confirm",
        "subscribing:end",
    }
