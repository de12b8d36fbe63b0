"""What the portal does with a password does not tell who has an account, and keeps no owner out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import wrong_passwords
from accounts.models import User
from mailing.models import Email
from tests.factories import UserFactory

PASSWORD = "ein langes Passwort hier"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_counts_of_before(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def hashings(monkeypatch) -> list[str]:
    """One for every time that a password is hashed."""
    done, hasher = [], MD5PasswordHasher.encode

    def encode(self, password, salt):
        done.append(password)
        return hasher(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return done


def kinds(queries) -> dict[str, int]:
    """How often each table is read and written; savepoints and the counts of limits are no work."""
    counted: dict[str, int] = {}
    for query in queries:
        found = re.match(
            r'(SELECT|INSERT|UPDATE|DELETE).*?(?:FROM|INTO|UPDATE) ?"(\w+)"', query["sql"]
        )
        if found and found[2] != "django_cache":
            name = f"{found[1]} {found[2]}"
            counted[name] = counted.get(name, 0) + 1
    return counted


def sign_up(address: str):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = Client().post(
            reverse("account_signup"),
            {"name": "Erika", "email": address, "password1": PASSWORD, "password2": PASSWORD},
        )
    assert answer.status_code == 302
    return kinds(queries.captured_queries)


def test_signing_up_does_the_same_work_for_a_known_and_an_unknown_address(hashings):
    person = UserFactory(email="bekannt@stadt.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    hashings.clear()

    unknown = sign_up("fremd@stadt.example")
    of_the_unknown = len(hashings)
    known = sign_up(person.email)

    assert len(hashings) == 2 * of_the_unknown == 2
    assert Email.objects.count() == 2
    writes = ("INSERT", "UPDATE", "DELETE")
    assert {k: n for k, n in known.items() if k.startswith(writes)} == {
        k: n for k, n in unknown.items() if k.startswith(writes)
    }
    assert abs(sum(known.values()) - sum(unknown.values())) <= 5
    # And nothing of it stays.
    assert User.objects.count() == 2
    assert EmailAddress.objects.count() == 2


# Wrong passwords ----------------------------------------------------------------------------------


@pytest.fixture
def person(settings) -> User:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person = UserFactory(email="erika@stadt.example", password=PASSWORD, name="Erika")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in(address: str, password: str, network: int) -> bool:
    data = {"login": address, "password": password}
    headers = {"X-Forwarded-For": f"192.0.{network // 250}.{network % 250}"}
    return Client().post(reverse("account_login"), data, headers=headers).status_code == 302


def test_seven_wrong_passwords_from_one_network_do_not_keep_the_owner_out_in_another(person):
    for _number in range(7):
        assert not sign_in(person.email, "falsch", 1)

    assert not sign_in(person.email, PASSWORD, 1)
    assert sign_in(person.email, PASSWORD, 2)


def test_from_many_networks_passwords_are_tried_slowly_and_the_owner_still_comes_in(
    person, time_machine, hashings
):
    time_machine.move_to(NOW, tick=False)
    for network in range(60):
        sign_in(person.email, "falsch", network)

    # 30 and one; each is looked at by both backends.
    assert hashings.count("falsch") == 2 * (wrong_passwords.SLOW_FROM + 1)
    assert not sign_in(person.email, PASSWORD, 99)
    time_machine.move_to(NOW + timedelta(seconds=20), tick=False)
    assert sign_in(person.email, PASSWORD, 99)


def test_another_spelling_of_the_address_is_no_new_beginning(person):
    for number in range(5):
        sign_in(f"erika{'' if number else chr(0x200B)}@stadt.example", "falsch", 1)

    assert not sign_in("ERIKA@stadt.example", PASSWORD, 1)


def test_the_owner_is_told_once_a_day_and_nobody_else(person, time_machine):
    for hours in (0, 1, 24):
        time_machine.move_to(NOW + timedelta(hours=hours), tick=False)
        for network in range(7):
            sign_in(person.email, "falsch", network)
            sign_in("fremd@stadt.example", "falsch", network)

    told = list(Email.objects.order_by("pk"))
    assert [(mail.to, mail.subject) for mail in told] == [
        (person.email, "Falsche Passwörter für Ihr Konto")
    ] * 2
    assert "/konto/password/reset/" in told[0].text
    assert "192.0" not in told[0].text


def test_wrong_passwords_cost_the_same_for_known_and_unknown_addresses(person, hashings):
    work = []
    for address in ("fremd@stadt.example", person.email):
        hashings.clear()
        for network in range(6):
            sign_in(address, "falsch", network)
        work.append(len(hashings))

    assert work[0] == work[1]
