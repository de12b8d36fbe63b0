from datetime import UTC, datetime, timedelta

import pytest

from accounts import guard, retention
from accounts.guard import Guard, Sender, TooMany
from accounts.models import NetworkUse, Tally
from ground.mailbox import mailbox_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("eva@stadt.example", "eva@stadt.example"),
        (" Eva@Stadt.Example ", "eva@stadt.example"),
        ("eva+smart@stadt.example", "eva@stadt.example"),
        ("eva+a+b@stadt.example", "eva@stadt.example"),
        ("+x@stadt.example", "+x@stadt.example"),
        ('"eva@home"@stadt.example', '"eva@home"@stadt.example'),
    ],
)
def test_one_mailbox_has_one_key(address, key):
    assert mailbox_key(address) == key


@pytest.mark.django_db
def test_a_network_may_send_twenty_of_one_form_an_hour():
    for _number in range(guard.PER_NETWORK_AN_HOUR):
        Guard("one").admit(Sender(ip="192.0.2.7"), now=NOW)
    Guard("one").check(Sender(ip="192.0.2.8"), now=NOW)
    Guard("another").check(Sender(ip="192.0.2.7"), now=NOW)
    Guard("one").check(Sender(ip=""), now=NOW)

    with pytest.raises(TooMany, match="Aus Ihrem Netz"):
        Guard("one").check(Sender(ip="192.0.2.7"), now=NOW + timedelta(minutes=59))

    Guard("one").check(Sender(ip="192.0.2.7"), now=NOW + timedelta(minutes=61))


@pytest.mark.django_db
def test_of_its_network_a_form_takes_as_much_as_people_it_is_for():
    five = Guard("one", per_network_an_hour=5)
    five.admit(Sender(ip="192.0.2.7", people=3), now=NOW)

    five.check(Sender(ip="192.0.2.7", people=2), now=NOW)
    with pytest.raises(TooMany, match="Aus Ihrem Netz"):
        five.check(Sender(ip="192.0.2.7", people=3), now=NOW)


@pytest.mark.django_db
def test_what_a_network_has_stored_is_found_for_a_day_also_across_midnight_in_germany():
    evening = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23:30 in Germany
    for form, ip, reference in (
        ("one", "192.0.2.7", "17"), ("one", "192.0.2.7", ""), ("one", "192.0.2.8", "18"),
        ("another", "192.0.2.7", "19"),
    ):  # fmt: skip
        Guard(form).admit(Sender(ip=ip, reference=reference), now=evening)

    def found(hours: int) -> list[str]:
        return guard.references("192.0.2.7", form="one", now=evening + timedelta(hours=hours))

    assert [found(hours) for hours in (0, 1, 23, 24)] == [["17"], ["17"], ["17"], []]


@pytest.mark.django_db
def test_networks_go_after_a_day():
    NetworkUse.objects.create(form="one", network="a", at=NOW)
    kept = NetworkUse.objects.create(form="one", network="b", at=NOW + timedelta(seconds=1))

    assert retention.carry_out(now=NOW + timedelta(days=1))["networks"] == 1
    assert list(NetworkUse.objects.all()) == [kept]


@pytest.mark.django_db
def test_what_is_counted_is_known_until_its_time_is_over_and_cleared_then():
    began = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    guard.tally("one", every=guard.DAY, now=began)
    last = began + guard.DAY - timedelta(seconds=1)

    retention.carry_out(now=last)
    assert guard.tallied("one", every=guard.DAY, now=last) == 1
    retention.carry_out(now=began + guard.DAY)
    assert not Tally.objects.exists()

    guard.tally("one", every=guard.DAY, now=last)
    guard.clear_tally("one", every=guard.DAY, now=last)
    assert guard.tallied("one", every=guard.DAY, now=last) == 0


@pytest.mark.django_db
def test_no_address_is_stored():
    Guard("one").admit(Sender(ip="192.0.2.7"), now=NOW)

    (row,) = NetworkUse.objects.values()
    assert "192.0.2" not in str(row)
    assert len(row["network"]) == 64


def test_a_network_is_an_ipv4_address_or_the_64_bits_of_an_ipv6_one():
    def key(ip, now=NOW):
        return guard.network_key(ip, now=now)

    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9")
    assert key("2001:db8:1:2::1") != key("2001:db8:1:3::1")
    assert key("::ffff:192.0.2.7") == key("192.0.2.7")
    assert key("192.0.2.7") != key("192.0.2.8")


def test_a_network_cannot_be_followed_from_one_day_in_germany_to_the_next():
    before = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)  # 23:59 in Germany

    keys = [
        guard.network_key("192.0.2.7", now=before + timedelta(minutes=minutes))
        for minutes in (-60, 0, 1)
    ]

    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("took", "automatic"),
    [
        (timedelta(seconds=0.9), True),
        (timedelta(seconds=1), False),
        (timedelta(hours=8), False),
        (timedelta(days=2), False),
        (timedelta(days=2, seconds=1), True),
        (timedelta(seconds=-10), True),
    ],
)
def test_a_form_that_comes_back_too_fast_or_too_late_looks_automatic(took, automatic):
    stamp = Guard("one").stamp(now=NOW)

    assert Guard("one").looks_automatic(stamp=stamp, honeypot="", now=NOW + took) is automatic


def test_a_form_that_is_shown_again_may_come_back_at_once():
    stamp = Guard("one").stamp(now=NOW, again=True)

    assert not Guard("one").looks_automatic(stamp=stamp, honeypot="", now=NOW)


@pytest.mark.parametrize("stamp", ["", "made-up", "MTIz:1tKxyz:abc"])
def test_a_made_up_stamp_looks_automatic(stamp):
    assert Guard("one").looks_automatic(stamp=stamp, honeypot="", now=NOW)


def test_filling_in_what_nobody_sees_looks_automatic():
    stamp = Guard("one").stamp(now=NOW)

    assert Guard("one").looks_automatic(stamp=stamp, honeypot="x", now=NOW + timedelta(minutes=5))


def test_the_stamp_of_one_form_is_worth_nothing_in_another():
    stamp = Guard("one").stamp(now=NOW)

    assert Guard("another").looks_automatic(
        stamp=stamp, honeypot="", now=NOW + timedelta(minutes=5)
    )
