from datetime import timedelta

import pytest

from consulting import limits
from consulting.limits import Sender, TooMany
from tests.factories import ConsultationRequestFactory, MunicipalityFactory
from tests.factories.consulting import NOW


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
def test_checking_costs_the_same_number_of_queries_always(django_assert_num_queries):
    municipality = MunicipalityFactory()
    for _number in range(2):
        ConsultationRequestFactory(municipality=municipality, email_key="eva@stadt.example")

    with django_assert_num_queries(3):  # by address, by municipality, by network
        limits.check(Sender("eva@stadt.example", municipality, "192.0.2.7"), now=NOW)


@pytest.mark.django_db
def test_the_hint_knows_only_whether_a_request_of_the_municipality_runs():
    running, ended, neither = (MunicipalityFactory() for _number in range(3))
    ConsultationRequestFactory(municipality=running)
    ConsultationRequestFactory(cancelled=True, municipality=ended)

    assert limits.has_running_request(running) is True
    assert limits.has_running_request(ended) is False
    assert limits.has_running_request(neither) is False
