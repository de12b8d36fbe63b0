from datetime import UTC, datetime, timedelta

import pytest

from consulting import limits
from consulting.limits import Sender, TooMany
from consulting.models import NetworkUse
from tests.factories import ConsultationRequestFactory, MunicipalityFactory
from tests.factories.consulting import NOW


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
    assert limits.email_key(address) == key


@pytest.mark.django_db
def test_an_address_may_have_three_running_requests_whatever_it_adds_to_its_name():
    for _number in range(limits.PER_ADDRESS_RUNNING):
        ConsultationRequestFactory(email_key="eva@stadt.example")
    limits.check(Sender("adam@stadt.example", None), now=NOW)

    with pytest.raises(TooMany, match="Von dieser E-Mail-Adresse"):
        limits.check(Sender("Eva+neu@stadt.example", None), now=NOW)


@pytest.mark.django_db
def test_an_address_may_send_five_a_day_even_if_all_are_cancelled():
    for _number in range(limits.PER_ADDRESS_A_DAY):
        ConsultationRequestFactory(cancelled=True, email_key="eva@stadt.example")

    with pytest.raises(TooMany):
        limits.check(Sender("eva@stadt.example", None), now=NOW + timedelta(hours=23))

    limits.check(Sender("eva@stadt.example", None), now=NOW + timedelta(hours=25))


@pytest.mark.django_db
def test_a_municipality_may_have_ten_running_requests():
    municipality = MunicipalityFactory()
    for _number in range(limits.PER_MUNICIPALITY_RUNNING):
        ConsultationRequestFactory(municipality=municipality)
    limits.check(Sender("eva@stadt.example", MunicipalityFactory()), now=NOW)

    with pytest.raises(TooMany, match="Aus Ihrer Kommune"):
        limits.check(Sender("eva@stadt.example", municipality), now=NOW)


@pytest.mark.django_db
def test_a_network_may_send_twenty_an_hour():
    sender = Sender("eva@stadt.example", None, "192.0.2.7")
    for _number in range(limits.PER_NETWORK_AN_HOUR):
        limits.record(sender, now=NOW)
    limits.check(Sender("eva@stadt.example", None, "192.0.2.8"), now=NOW)

    with pytest.raises(TooMany, match="Aus Ihrem Netz"):
        limits.check(sender, now=NOW + timedelta(minutes=59))

    limits.check(sender, now=NOW + timedelta(minutes=61))


@pytest.mark.django_db
def test_checking_costs_the_same_number_of_queries_always(django_assert_num_queries):
    municipality = MunicipalityFactory()
    for _number in range(2):
        ConsultationRequestFactory(municipality=municipality, email_key="eva@stadt.example")

    with django_assert_num_queries(3):  # by address, by municipality, by network
        limits.check(Sender("eva@stadt.example", municipality, "192.0.2.7"), now=NOW)


@pytest.mark.django_db
def test_no_address_is_stored():
    limits.record(Sender("eva@stadt.example", None, "192.0.2.7"), now=NOW)

    (row,) = NetworkUse.objects.values()
    assert "192.0.2" not in str(row)
    assert len(row["network"]) == 64


def test_a_network_is_an_ipv4_address_or_the_64_bits_of_an_ipv6_one():
    def key(ip, now=NOW):
        return limits.network_key(ip, now=now)

    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9")
    assert key("2001:db8:1:2::1") != key("2001:db8:1:3::1")
    assert key("::ffff:192.0.2.7") == key("192.0.2.7")
    assert key("192.0.2.7") != key("192.0.2.8")


def test_a_network_cannot_be_followed_from_one_day_in_germany_to_the_next():
    before = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)  # 23:59 in Germany

    keys = [
        limits.network_key("192.0.2.7", now=before + timedelta(minutes=minutes))
        for minutes in (-60, 0, 1)
    ]

    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("took", "automatic"),
    [
        (timedelta(seconds=2), True),
        (timedelta(seconds=3), False),
        (timedelta(hours=8), False),
        (timedelta(days=2), False),
        (timedelta(days=2, seconds=1), True),
        (timedelta(seconds=-10), True),
    ],
)
def test_a_form_that_comes_back_too_fast_or_too_late_looks_automatic(took, automatic):
    stamp = limits.stamp(now=NOW)

    assert limits.looks_automatic(stamp=stamp, honeypot="", now=NOW + took) is automatic


@pytest.mark.parametrize("stamp", ["", "made-up", "MTIz:1tKxyz:abc"])
def test_a_made_up_stamp_looks_automatic(stamp):
    assert limits.looks_automatic(stamp=stamp, honeypot="", now=NOW)


def test_filling_in_what_nobody_sees_looks_automatic():
    stamp = limits.stamp(now=NOW)

    assert limits.looks_automatic(stamp=stamp, honeypot="x", now=NOW + timedelta(minutes=5))


@pytest.mark.django_db
def test_the_hint_knows_only_whether_a_request_of_the_municipality_runs():
    running, ended, neither = (MunicipalityFactory() for _number in range(3))
    ConsultationRequestFactory(municipality=running)
    ConsultationRequestFactory(cancelled=True, municipality=ended)

    assert limits.has_running_request(running) is True
    assert limits.has_running_request(ended) is False
    assert limits.has_running_request(neither) is False
