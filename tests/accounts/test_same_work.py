"""What the portal does with a password does not tell who has an account, and keeps no owner out."""

import re
from collections import Counter
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
from mailing import outbox
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


def test_nothing_is_sent_about_an_account_that_was_shut_down(person, time_machine):
    """Neither that passwords are tried, nor a way to set a new one: it reads like no account at all."""
    time_machine.move_to(NOW, tick=False)
    User.objects.filter(pk=person.pk).update(is_active=False)
    for network in range(wrong_passwords.TOLD_FROM):
        sign_in(person.email, "falsch", network)
    assert not Email.objects.exists()

    Client().post(reverse("account_reset_password"), {"email": person.email})

    mail = Email.objects.get()
    assert (mail.to, mail.subject) == (person.email, "Zu dieser Adresse gibt es kein Konto")
    assert "/reset/key/" not in mail.text


def test_wrong_passwords_cost_the_same_for_known_and_unknown_addresses(person, hashings):
    work = []
    for address in ("fremd@stadt.example", person.email):
        hashings.clear()
        for network in range(6):
            sign_in(address, "falsch", network)
        work.append(len(hashings))

    assert work[0] == work[1]


def test_a_new_password_by_mail_ends_the_waiting_at_once_in_this_network_and_for_all(
    person, time_machine
):
    time_machine.move_to(NOW, tick=False)
    for network in range(40):
        sign_in(person.email, "falsch", network)
    for _number in range(5):
        sign_in(person.email, "falsch", 99)
    assert not sign_in(person.email, PASSWORD, 99)

    here = {"X-Forwarded-For": "192.0.0.99"}
    client = Client(headers=here)
    client.post(reverse("account_reset_password"), {"email": person.email})
    text = Email.objects.get(subject="Neues Passwort festlegen").text
    link = re.search(r"http://testserver(/konto/password/reset/key/\S+)", text)[1]
    form = client.get(link, follow=True)
    new = "noch ein langer Satz hier"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    # No pause of this network, and none for the address in all of them.
    assert sign_in(person.email, new, 99)
    assert [sign_in(person.email, new, network) for network in (200, 201, 202)] == [True] * 3


def test_the_mail_about_wrong_passwords_is_written_for_an_unknown_address_too(person, monkeypatch):
    """And thrown away: what it costs to write must not tell who has an account."""
    written, write = [], outbox.Letter.written

    def noted(letter):
        written.append(letter.to)
        return write(letter)

    monkeypatch.setattr(outbox.Letter, "written", noted)
    for address in (person.email, "fremd@stadt.example"):
        for network in range(wrong_passwords.TOLD_FROM):
            sign_in(address, "falsch", network)

    assert written == [person.email, "fremd@stadt.example"]
    assert Email.objects.count() == 1


def test_one_network_has_ten_mails_an_hour_sent_to_one_mailbox_however_it_is_typed(settings):
    """Known or not, by signing up or asking for a password; from elsewhere its owner gets theirs."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    known = UserFactory(email="bekannt@stadt.example")
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    kinds = {"account_reset_password": {}, "account_signup": {"name": "Erika"}}
    kinds["account_signup"] |= {"password1": PASSWORD, "password2": PASSWORD}

    def ask(name: str, address: str, network: int):
        client = Client(headers={"X-Forwarded-For": f"192.0.2.{network}"})
        return client.post(reverse(name), kinds[name] | {"email": address})

    answers = {
        who: [
            ask(name, f"{who}+{number}@stadt.example", 1).status_code
            for name in kinds
            for number in range(9)
            if not cache.clear()  # allauth's own limits are shorter
        ]
        for who in ("bekannt", "fremd")
    }
    sent = Counter(mail.to.partition("@")[0].partition("+")[0] for mail in Email.objects.all())

    assert answers["bekannt"] == answers["fremd"] == [302] * 18
    assert sent == {"bekannt": 10, "fremd": 10}
    ask("account_reset_password", "bekannt@stadt.example", 2)
    assert Email.objects.latest("pk").subject == "Neues Passwort festlegen"
    assert Email.objects.count() == 21


def test_asking_for_a_password_is_counted_by_mailbox_whether_it_is_known_or_not(person):
    def answers(name: str) -> list[int]:
        return [
            Client(headers={"X-Forwarded-For": f"192.0.2.{number}"})
            .post(reverse("account_reset_password"), {"email": f"{name}+{number}@stadt.example"})
            .status_code
            for number in range(7)
        ]

    assert answers("erika") == answers("fremd") == [302] * 5 + [429] * 2


# Behind the proxy -----------------------------------------------------------------------------------


def told_to_wait(address: str, forwarded: str) -> bool:
    data = {"login": address, "password": "falsch"}
    headers = {"X-Forwarded-For": forwarded}
    answer = Client().post(reverse("account_login"), data, headers=headers)
    return "Zu viele Anmeldeversuche." in answer.content.decode()


def test_allauths_limits_count_by_the_network_that_our_proxy_saw(person):
    """Ten wrong passwords a minute from one network, whatever it claims and whomever it tries."""
    tried = [
        told_to_wait(f"wer-{number}@stadt.example", f"198.51.100.{number}, 192.0.2.1")
        for number in range(11)
    ]

    assert tried == [False] * 10 + [True]
    # One who claims to be this network is not held up by it, and those behind the same proxy go on.
    assert not told_to_wait("eva@stadt.example", "192.0.2.1, 192.0.2.2")


def test_an_ipv6_network_is_one_whatever_address_in_it_is_taken(person):
    tried = [
        told_to_wait(f"wer-{number}@stadt.example", f"2001:db8:0:1::{number:x}")
        for number in range(11)
    ]

    assert tried == [False] * 10 + [True]
    assert not told_to_wait("eva@stadt.example", "2001:db8:0:2::1")


def test_ones_own_attempts_in_one_ipv6_network_count_together(person):
    """allauth counts them by the key that we give it."""
    for number in range(5):
        assert not told_to_wait(person.email, f"2001:db8:0:1::{number:x}")

    assert told_to_wait(person.email, "2001:db8:0:1::ffff")
    assert not told_to_wait(person.email, "2001:db8:0:2::1")


@pytest.mark.parametrize(
    "forwarded", ["", "unknown", "192.0.2.7:4711", "a, b, c", "\x00", "1" * 900]
)
def test_what_a_proxy_writes_instead_of_an_address_breaks_no_sign_in(person, forwarded):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    data = {"login": person.email, "password": PASSWORD}

    answer = Client().post(reverse("account_login"), data, headers=headers)

    assert answer.status_code == 302
