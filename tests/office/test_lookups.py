"""An address asks a list for nothing that the list does not offer, whoever asks."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from mailing.models import EmailKind
from smartcities import urls
from tests.communities.planted import World
from tests.factories import EmailFactory, UserFactory

pytestmark = pytest.mark.django_db

WAYS = ("", "__exact", "__startswith", "__contains", "__gt", "__isnull")
# How far relations are followed: enough to come from anything to the accounts and back.
DEEP = 2


@pytest.fixture(autouse=True)
def _no_log():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def columns(model: type[Model], deep: int, path: str = "") -> Iterator[str]:
    """Everything that a query could ask for, from a list of this model."""
    yield f"{path}pk"
    for field in model._meta.get_fields():
        name = f"{path}{field.name}"
        if field.is_relation and deep and field.related_model:
            yield from columns(field.related_model, deep - 1, f"{name}__")
        yield name
        if field.concrete and field.attname != field.name:
            yield f"{path}{field.attname}"


def people(world: World) -> dict[str, User]:
    """Everybody who may open a list: each group of the staff, and those with a role."""
    found = {"coordinator": world.coordinator, "editor": world.editor}
    for group in Group.objects.exclude(name__contains="Planwort"):
        found[group.name] = UserFactory(is_staff=True)
        found[group.name].groups.add(group)
    found["superuser"] = UserFactory(is_staff=True, is_superuser=True)
    return found


def request_of(user: User, **query: str) -> Any:
    request = RequestFactory().get("/", query)
    request.user = user
    return request


def offered(model_admin: ModelAdmin, request: Any) -> set[str]:
    """What the links beside the list say, read from its filters themselves."""
    filters = model_admin.get_changelist_instance(request).filter_specs
    return {name for one in filters for name in one.expected_parameters()}


def test_no_column_filters_a_list_that_does_not_offer_it(mine):
    everybody, looked_at = people(mine), set()
    for who, user in everybody.items():
        request = request_of(user)
        for model, model_admin in admin.site._registry.items():
            if not model_admin.has_view_permission(request):
                continue
            looked_at.add((who, model._meta.label))
            allowed = {
                f"{column}{way}"
                for column in columns(model, DEEP if who == "superuser" else 1)
                for way in WAYS
                if model_admin.lookup_allowed(f"{column}{way}", "x", request)
            }
            offers = offered(model_admin, request) | declared(model_admin, request)
            assert allowed <= offers, (who, model, allowed - offers)

    assert {model._meta.label for model in admin.site._registry} == {one for _who, one in looked_at}
    assert {who for who, _label in looked_at} == set(everybody)


def declared(model_admin: ModelAdmin, request: Any) -> set[str]:
    """A filter with nothing to choose from is not shown, but its columns are no secret."""
    names = [one for one in model_admin.get_list_filter(request) if isinstance(one, str)]
    ways = ("", "__exact", "__isnull", "__gte", "__lt", "__id__exact", "__code__exact")
    return {f"{name}{way}" for name in names for way in ways}


def test_everything_that_a_list_offers_filters_it(mine):
    user = people(mine)["superuser"]
    for model, model_admin in admin.site._registry.items():
        request = request_of(user)
        refused = {
            name
            for name in offered(model_admin, request)
            if not model_admin.lookup_allowed(name, "1", request)
        }
        assert refused == set(), model


@pytest.mark.parametrize("nonsense", ["unsinn", "-1", "²", "9" * 30])
def test_nonsense_for_a_filter_of_our_own_leaves_all_rows_or_none_and_breaks_no_list(
    nonsense, mine
):
    user, asked = people(mine)["superuser"], set()
    for model, model_admin in admin.site._registry.items():
        every = model_admin.get_changelist_instance(request_of(user)).result_count
        for one in model_admin.get_list_filter(request_of(user)):
            if isinstance(one, type) and issubclass(one, SimpleListFilter):
                request = request_of(user, **{one.parameter_name: nonsense})
                left = model_admin.get_changelist_instance(request).result_count
                assert left in (0, every), (model, one)
                asked.add(one.parameter_name)

    assert {"gruppe", "veranstaltung", "warten", "stand", "zugang"} <= asked


def test_asked_by_address_every_list_refuses_whatever_its_rows_are(client, mine, monkeypatch):
    """The same by HTTP, for the columns of the rows themselves."""
    # Only that it is refused counts here; writing the page that says so takes most of the time.
    monkeypatch.setattr(
        urls, "handler400", lambda *_asked, **_why: HttpResponse(status=400), raising=False
    )
    everybody, passed = people(mine), []
    for who, user in everybody.items():
        client.force_login(user)
        request = request_of(user)
        for model, model_admin in admin.site._registry.items():
            if not model_admin.has_view_permission(request):
                continue
            listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            # No part of a whole name is offered anywhere, so this is refused for each column.
            for column in columns(model, 0) if who == "superuser" else ["pk"]:
                answer = client.get(listed, {f"{column}__startswith": "a"})
                if answer.status_code != 400:
                    passed.append((who, model._meta.label, column, answer.status_code))

    assert passed == []


SECRETS = {
    "the hash of a password": ("accounts_user", "password", "is_superuser__exact=1"),
    "the text of a reset mail": ("mailing_email", "text", f"kind__exact={EmailKind.ACCESS}"),
    "the same from a role": ("auth_group", "user__password", ""),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("role", ["Betrieb", "superuser"])
def test_a_secret_is_not_read_letter_by_letter(client, secret, role, mine):
    listed, column, also = SECRETS[secret]
    victim = UserFactory(is_superuser=True, password=make_password("geheim"))
    text = "https://portal.example/konto/passwort/geheim/"
    EmailFactory(kind=EmailKind.ACCESS, to=victim.email, text=text)
    truth = text if column == "text" else victim.password
    client.force_login(people(mine)[role])

    for guess in (truth[:1], truth[:7], truth, "falsch"):
        for way in WAYS[1:]:
            url = f"{reverse(f'admin:{listed}_changelist')}?{also}&{column}{way}={guess}"
            answer = client.get(url)
            assert answer.status_code in (400, 403), url
    # By the search, the order and a popup's field neither.
    shown = {
        client.get(
            reverse(f"admin:{listed}_changelist"), {"q": guess, "o": "99", "_to_field": "id"}
        ).text.count("<tr")
        for guess in (truth[:12], truth[:12] + "x")
    }
    assert len(shown) == 1
